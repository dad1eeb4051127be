"""From what a caller says about a campaign to its spec, its plan and what it must hold equal to be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy import __version__
from understudy.app.catalogue import find_goal, find_persona, find_rubric, personas
from understudy.app.context import App
from understudy.app.runs import scenario_for
from understudy.app.targets import default_target
from understudy.domain.campaign import CampaignSpec, Caps, Cell
from understudy.domain.errors import BadInput, NotFound
from understudy.domain.scenario import CALLER, Limits, Scenario

if TYPE_CHECKING:
    from understudy.app.campaign_views import SpecGiven

__all__ = [
    "CONCURRENCY",
    "UNBOUNDED",
    "Scenarios",
    "checked_target",
    "knows_targets",
    "planned",
    "player_version",
    "resolve",
    "target_limit",
    "versions_of",
]

CONCURRENCY = 32
UNBOUNDED = 10_000
"""For targets without a setting: the demo agents, which run in this process."""


async def resolve(app: App, given: SpecGiven) -> CampaignSpec:
    """The spec, with ids looked up and defaults filled in. Raises NotFound and BadInput."""
    defaults = app.settings.defaults
    for goal in given.goals:
        await find_goal(app, goal)
    targets = [checked_target(app, name) for name in given.targets] or [checked_target(app, default_target(app))]
    if given.sampling in ("random", "stratified") and given.size is None:
        raise BadInput("size", f"is needed for {given.sampling} sampling: how many scenarios (persona and goal) to take")
    if given.sampling in ("full", "pairwise") and given.size is not None:
        raise BadInput("size", f"goes with random and stratified sampling, not with {given.sampling}", "Leave it out, or sample")
    spec = CampaignSpec(
        name=given.name,
        personas=tuple(await _personas(app, given)),
        goals=tuple(dict.fromkeys(given.goals)),
        targets=tuple(dict.fromkeys(targets)),
        repeats=given.repeats,
        sampling=given.sampling,
        size=given.size,
        seed=defaults.seed if given.seed is None else given.seed,
        player=given.player or ("model" if defaults.player == "model" else "rules"),
        rubric=(await find_rubric(app, given.rubric or defaults.rubric)).id,
        limits=Limits(max_turns=given.max_turns or defaults.max_turns, max_seconds=defaults.max_seconds),
        caps=Caps(usd=given.max_usd, tokens=given.max_tokens, seconds=given.max_seconds, conversations=given.max_conversations),
        concurrency=given.concurrency or CONCURRENCY,
    )
    await _check_each(app, spec)
    return spec


def checked_target(app: App, name: str) -> str:
    """The name, when this process knows the target. Raises NotFound, and BadInput for the caller, who answers by hand."""
    if name == CALLER:
        raise BadInput("targets", f"`{CALLER}` answers by hand", "A campaign needs a target that answers for itself")
    if not app.knows_target(name):
        raise NotFound("target", name, app.target_names(), hint="Targets are configured in understudy.yaml; `understudy init` writes one.")
    return name


def knows_targets(app: App, spec: CampaignSpec) -> bool:
    """Whether this process can conduct it."""
    try:
        return all(app.knows_target(name) for name in spec.targets)
    except (BadInput, NotFound):
        return False


async def planned(app: App, spec: CampaignSpec) -> tuple[Cell, ...]:
    """Every conversation of the spec. Raises BadInput for more than can be stored."""
    from understudy.campaigns.plan import plan

    return plan(spec, {id: (await find_persona(app, id)).goal for id in spec.personas})


def target_limit(app: App, name: str) -> int:
    """The most conversations at once with a target."""
    settings = app.settings.targets.get(name)
    return UNBOUNDED if settings is None else settings.most_at_once


def player_version(app: App, spec: CampaignSpec) -> str:
    """Name and version of whoever plays the users, with prompt and model where it has them."""
    model = app.model_for("user") if spec.player == "model" else None
    if model is None:
        from understudy.simulation.players.rules import RulesPlayer

        return RulesPlayer().version
    from understudy.simulation.players.model import version_of

    return version_of(model)


async def versions_of(app: App, spec: CampaignSpec, agent_version: str | None = None) -> dict[str, str]:
    """What a comparison must hold equal, and what labels the campaign."""
    rubric = await find_rubric(app, spec.rubric)
    model = app.model_for("user") if spec.player == "model" else None
    found = {
        "player": player_version(app, spec).split()[0],
        "user_model": model.name if model is not None else "none",
        "user_prompt": _user_prompt() if model is not None else "none",
        "rubric": f"{spec.rubric}#{rubric.content_hash()}",
        "judge": _judge(app, needs_mind=any(c.check is None for c in rubric.criteria)),
        "understudy": __version__,
    }
    return found | ({"agent": agent_version} if agent_version else {})


class Scenarios:
    """The scenarios of cells, each persona, goal and target looked up once. Forget them when something was changed."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Scenario] = {}

    def forget(self) -> None:
        """Look everything up again."""
        self._known.clear()

    async def of(self, app: App, spec: CampaignSpec, cell: Cell) -> Scenario:
        """Everything that decides this conversation. Raises NotFound and BadInput."""
        key = (cell.persona, cell.goal, cell.target, spec.player, spec.rubric, spec.limits.max_turns, spec.limits.max_seconds, spec.opens)
        if key not in self._known:
            found = await scenario_for(
                app, persona=cell.persona, goal=cell.goal, target=cell.target, max_turns=spec.limits.max_turns, opens=spec.opens,
                player=spec.player, rubric=spec.rubric,
            )  # fmt: skip
            self._known[key] = found.evolve(limits=spec.limits)
        return self._known[key].evolve(seed=cell.seed)


async def _personas(app: App, given: SpecGiven) -> list[str]:
    named = [(await find_persona(app, id)).id for id in given.personas]
    if given.pack is None and given.tag is None:
        own = named or await _own(app)
        if not own:
            fix = "Name personas, a pack (`clinic`, `bank` ...) or a tag; or give your own packs under `personas` in understudy.yaml"
            raise BadInput("personas", "none are named, and there are none of your own", fix)
        return list(dict.fromkeys(own))
    every = await personas(app)
    if given.pack is not None and given.pack not in (packs := sorted(set(app.library.pack_of_persona.values()))):
        raise NotFound("pack", given.pack, packs)
    found = [
        id
        for id, persona in every.items()
        if (given.pack is None or app.library.pack_of_persona.get(id) == given.pack) and (given.tag is None or given.tag in persona.tags)
    ]
    if not found:
        known = sorted({tag for persona in every.values() for tag in persona.tags})
        where = f" of pack `{given.pack}`" if given.pack else ""
        raise BadInput("tag", f"no persona{where} has the tag `{given.tag}`", f"Tags: {', '.join(known[:20])}")
    return list(dict.fromkeys([*named, *found]))


async def _own(app: App) -> list[str]:
    stored = [document.id for document in await (await app.store()).documents("persona")]
    return sorted({*app.library.own_personas, *stored})


async def _check_each(app: App, spec: CampaignSpec) -> None:
    """Raises for a persona that this player cannot play, before anything begins."""
    for persona in spec.personas:
        try:
            await scenario_for(app, persona=persona, target=spec.targets[0], player=spec.player, rubric=spec.rubric)
        except BadInput as error:
            raise BadInput(error.field, f"persona `{persona}`: {str(error).partition(': ')[2]}") from error


def _user_prompt() -> str:
    from understudy.simulation.players.model_prompt import prompt

    return prompt().label


def _judge(app: App, *, needs_mind: bool) -> str:
    """Who judges what no check can, as verdicts will say it."""
    if app.settings.defaults.judge == "checks" or not needs_mind:
        return "checks"
    model = app.model_for("judge")
    if model is None:
        return "checks"
    from understudy.judging.model_judge import JUDGE_PROMPT, JUDGED_BY
    from understudy.prompting.prompt import load_prompt

    return f"{JUDGED_BY} {load_prompt(*JUDGE_PROMPT).label} {model.name}"
