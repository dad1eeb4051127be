"""Start a simulated conversation, look how it stands, wait for it, stop it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from pydantic import WithJsonSchema

from understudy.app.catalogue import find_goal, find_persona, find_rubric
from understudy.app.context import App, Change
from understudy.app.judging import verdict_within
from understudy.app.model_use import ModelUse, use_of
from understudy.app.pages import cut
from understudy.app.reruns import follow_up, rerun_id
from understudy.app.targets import default_target
from understudy.app.targets import opens as opener
from understudy.app.transcripts import Stands, load, record_of, stands
from understudy.app.verdicts import CriterionView, VerdictView, view
from understudy.domain.errors import BadInput, Busy, NotFound, UnderstudyError
from understudy.domain.persona import Persona
from understudy.domain.scenario import CALLER, Limits, PlayerKind, Scenario, implicit_goal
from understudy.domain.transcript import RunStatus, Transcript
from understudy.domain.value import Value
from understudy.domain.verdict import Outcome
from understudy.ports import RunRecord

__all__ = [
    "ChosenPlayer",
    "Progress",
    "RunView",
    "StoppedRun",
    "VerdictLine",
    "cancel_run",
    "create",
    "get_last",
    "get_run",
    "keep_resuming",
    "scenario_for",
    "simulate",
    "so_far",
    "start",
]

RESUME_WINDOW_S = 3600.0
"""Runs left unfinished by a process that went away are taken up by themselves for this long; older ones when asked for."""

ChosenPlayer = Literal["rules", "model"]
"""Who is to play the user: the offline player, or a model."""

LOOK_S = 0.05
"""The shortest wait: long enough to take up a run whose process went away."""

Progress = Callable[[int, int, str], Awaitable[None]]
"""Called with user turns so far, the most there can be, and a line for people."""


class VerdictLine(Value):
    """A verdict in short: failures and errors only; `judged` of `total` criteria came out pass or fail."""

    outcome: Outcome
    reason: str
    rubric: str
    judged: int
    total: int
    judge: str
    """Who judged what no check can, with prompt and model; `checks`: nobody."""
    first_bad_turn: int | None = None
    findings: list[CriterionView]
    warnings: Annotated[list[str], WithJsonSchema({"type": "array"})] = []
    """What weakens this verdict, as a judge that gave no answer."""


class RunView(Value):
    """One conversation: how it stands and, once finished, what was found."""

    run_id: str
    status: Stands
    persona: str
    goal: str
    target: str
    player: str
    """With version; `caller/1` was played by the host of the tools."""
    seed: int
    turns: int
    ending: str | None = None
    ended_by: str | None = None
    ending_detail: str | None = None
    untrusted_failure: str | None = None
    """What came from a target that gave no answer."""
    verdict: VerdictLine | None = None
    """None while the run, or a model's judging of it, is under way."""
    untrusted_last_agent_text: str | None = None
    user_problems: list[str] = []
    """What the audit found about the simulated user."""
    model_use: Annotated[list[ModelUse], WithJsonSchema({"type": "array"})] = []
    """Calls, tokens and cost of models so far, by role."""
    rerun_of: str | None = None
    """The run that this one was played again for, because its user misbehaved."""
    rerun_as: str | None = None
    """The run that was played in this one's place, because this one's user misbehaved."""
    transcript_uri: str
    next: str
    """What to do next."""


async def scenario_for(
    app: App,
    *,
    persona: str,
    goal: str | None = None,
    target: str | None = None,
    seed: int | None = None,
    max_turns: int | None = None,
    opens: Literal["user", "agent"] | None = None,
    script: list[str] | None = None,
    player: ChosenPlayer | None = None,
    rubric: str | None = None,
) -> Scenario:
    """Everything that decides the conversation, from ids and defaults. Raises NotFound and BadInput."""
    defaults = app.settings.defaults
    who = await find_persona(app, persona)
    goal_id = goal or who.goal
    what = await find_goal(app, goal_id) if goal_id else implicit_goal(who)
    kind, model = _player_for(app, who, player, lines=bool(script))
    chosen = target or default_target(app)
    if not app.knows_target(chosen):
        raise NotFound(
            "target", chosen, app.target_names(), hint="Targets are configured in understudy.yaml; `understudy init` writes one."
        )
    judged_by = await find_rubric(app, rubric or defaults.rubric)
    return Scenario(
        persona=who,
        goal=what,
        target=chosen,
        player=kind,
        user_model=model,
        seed=defaults.seed if seed is None else seed,
        opens=opens or opener(app, chosen),
        limits=Limits(max_turns=max_turns or defaults.max_turns, max_seconds=defaults.max_seconds),
        script=tuple(script or ()),
        rubric=judged_by.id,
    )


def _player_for(app: App, persona: Persona, asked: ChosenPlayer | None, *, lines: bool) -> tuple[PlayerKind, str | None]:
    """Who plays the user, and on which model: found out before the run, so that nobody waits for one that cannot begin. Raises BadInput."""
    if lines:
        if asked is not None:
            raise BadInput("player", f"is `{asked}`, and lines were given to be said", "Give either of them")
        return "script", None
    kind = asked or app.settings.defaults.player
    if kind == "script":
        raise BadInput("defaults.player", "is `script`, and no lines were given", "Give lines to say, or set it to `rules` or `model`")
    if kind == "rules":
        from understudy.simulation.wording.bank import bank_for

        bank_for(persona.language)
        return "rules", None
    _refuse_unheard(persona)
    model = app.model_for("user")
    if model is None:
        raise BadInput(
            "models.user",
            "the player `model` needs a model to play the user, and none is configured",
            "Name one under models.user in understudy.yaml (`understudy init` writes examples; a small, fast one is best), or take the "
            "player `rules`, which needs none",
        )
    return "model", model.name


def _refuse_unheard(persona: Persona) -> None:
    """A model speaks any language, but answers are understood in some only: in another one every good answer would pass for none."""
    from understudy.simulation.hearing_lexicon import LEXICON_LANGUAGES

    if persona.language[:2] not in LEXICON_LANGUAGES:
        known = ", ".join(LEXICON_LANGUAGES)
        raise BadInput(
            "persona.language",
            f"`{persona.language}` can be spoken by a model, but what the agent answers is understood only in {known}",
            f"Set the persona's language to one of {known}, or use the player `script` with lines of your own",
        )


def _version_of(app: App, scenario: Scenario) -> str:
    """The player's name and version, with prompt and model where it has them."""
    model = app.model_for("user") if scenario.player == "model" else None
    if model is None:
        return f"{scenario.player}/1"
    from understudy.simulation.players.model import version_of

    return version_of(model)


async def start(app: App, scenario: Scenario, *, idempotency_key: str | None = None, run_id: str | None = None) -> RunRecord:
    """Have the conversation run in the background; the same key a second time gives the run that it started. A `run_id` only with
    a key that belongs to it.

    Raises Conflict when the key was used for another scenario, and BadInput for one that is played by hand.
    """
    if scenario.by_hand:
        raise BadInput("target", f"`{CALLER}` answers by hand", "Open with continue_conversation and answer with `reply`")
    engine = await app.engine()
    if engine.full:
        raise Busy("Too many runs are waiting for their turn. Wait for some of them with get_run (`understudy show`), then try again.")
    record = await create(app, scenario, idempotency_key=idempotency_key, run_id=run_id)
    if record.status != "finished":
        await engine.submit(record.id)
    return record


async def create(
    app: App, scenario: Scenario, *, idempotency_key: str | None = None, host: str = "", run_id: str | None = None
) -> RunRecord:
    """Keep a conversation that nobody has begun; the same key a second time gives the run that it kept.

    `host` names the program of a caller who plays by hand. Raises Conflict when the key was used for another scenario.
    """
    store = await app.store()
    record = await store.create_run(
        run_id or app.new_id("run"),
        scenario,
        at=app.clock(),
        idempotency_key=idempotency_key,
        player_version=" ".join(filter(None, (_version_of(app, scenario), host))),
    )
    await app.announce(Change("transcript", record.id, listed=True))
    return record


async def simulate(
    app: App, scenario: Scenario, *, idempotency_key: str | None = None, wait_s: float = 45.0, progress: Progress | None = None
) -> RunView:
    """Start a conversation and give it `wait_s` seconds to finish; it goes on in the background after that."""
    record = await start(app, scenario, idempotency_key=idempotency_key)
    return await get_last(app, record.id, wait_s=wait_s, progress=progress)


async def get_run(app: App, run_id: str, *, wait_s: float = 0.0, progress: Progress | None = None) -> RunView:
    """How a run stands, after waiting up to `wait_s` seconds for its end and its verdict. An unfinished run that nobody holds is
    resumed.

    Raises NotFound.
    """
    began = time.monotonic()
    record = await record_of(app, run_id)
    if record.status != "finished" and not record.scenario.by_hand:
        await _wait(app, run_id, max(wait_s, LOOK_S), progress)
    return await _view(app, run_id, wait_s=max(LOOK_S, wait_s - (time.monotonic() - began)))


async def get_last(app: App, run_id: str, *, wait_s: float = 0.0, progress: Progress | None = None) -> RunView:
    """As `get_run`, going on to the rerun while there is one and time is left for it."""
    deadline = time.monotonic() + wait_s
    shown = await get_run(app, run_id, wait_s=wait_s, progress=progress)
    while shown.rerun_as is not None and (left := deadline - time.monotonic()) > 0:
        shown = await get_run(app, shown.rerun_as, wait_s=left, progress=progress)
    return shown


async def _wait(app: App, run_id: str, wait_s: float, progress: Progress | None) -> None:
    engine, deadline = await app.engine(), time.monotonic() + wait_s
    shown = -1
    while True:
        left = deadline - time.monotonic()
        if await engine.wait(run_id, max(0.0, min(left, 0.5 if progress else left))) or left <= 0:
            return
        if progress is not None:
            made, most, line = so_far(await record_of(app, run_id))
            if made > shown:
                shown = made
                await progress(made, most, line)


def so_far(record: RunRecord) -> tuple[int, int, str]:
    """User turns made, the most there can be, and both in a line for people."""
    made, most = (record.turns + 1) // 2, record.scenario.limits.max_turns
    return made, most, f"user turn {made} of at most {most}"


class StoppedRun(Value):
    """A run after it was stopped, or had finished before."""

    run_id: str
    status: RunStatus
    ending: str | None
    turns: int
    transcript_uri: str


async def cancel_run(app: App, run_id: str) -> StoppedRun:
    """Stop a run; what was said is kept. A finished run stays as it is. Raises NotFound."""
    record = await record_of(app, run_id)
    if record.status != "finished":
        if record.scenario.by_hand:
            await (await app.stepper()).cancel(run_id)
        else:
            engine = await app.engine()
            await engine.cancel(run_id)
            await engine.wait(run_id, 10.0)
        record = await record_of(app, run_id)
    uri = f"transcript://{run_id}"
    return StoppedRun(run_id=run_id, status=record.status, ending=record.ending, turns=record.turns, transcript_uri=uri)


async def keep_resuming(app: App) -> None:
    """From now on, take up what a process that went away leaves unfinished: conversations back to an hour ago, and campaigns."""
    engine = await app.engine()
    engine.keep_adopting(app.clock() - RESUME_WINDOW_S)
    (await app.conductor()).keep_adopting()


async def _view(app: App, run_id: str, *, wait_s: float) -> RunView:
    record = await record_of(app, run_id)
    transcript = await load(app, run_id)
    judged = await _judged(app, run_id, wait_s) if record.status == "finished" else None
    again = await _played_again(app, record, judged)
    agents = transcript.agent_turns
    ending = transcript.ending
    failure = ending.failure if ending else None
    return RunView(
        run_id=run_id,
        status=stands(record, app.clock()),
        persona=record.scenario.persona.id,
        goal=record.scenario.goal.id,
        target=record.scenario.target,
        player=record.player_version or record.scenario.player,
        seed=record.scenario.seed,
        turns=len(transcript.turns),
        ending=ending.kind if ending else None,
        ended_by=ending.cause if ending else None,
        ending_detail=None if failure or not ending else ending.detail or None,
        untrusted_failure=cut(f"[{failure.kind}] {failure.detail}", 600) if failure else None,
        verdict=_verdict_line(judged) if judged else None,
        user_problems=judged.user_problems if judged else [],
        model_use=await use_of(app, run_id),
        rerun_of=record.scenario.rerun_of,
        rerun_as=again,
        untrusted_last_agent_text=cut(agents[-1].text, 500) if agents else None,
        transcript_uri=f"transcript://{run_id}",
        next=_next(record, transcript, again, judged=judged is not None),
    )


async def _judged(app: App, run_id: str, wait_s: float) -> VerdictView | None:
    """The verdict as shown; None when a model is still at it after so many seconds."""
    verdict = await verdict_within(app, run_id, wait_s)
    return None if verdict is None else view(verdict, full=False)


def _verdict_line(shown: VerdictView) -> VerdictLine:
    if shown.outcome == "not judged yet":
        raise UnderstudyError(f"Run {shown.run_id} has a verdict that was never judged.")
    findings = [c for c in shown.criteria if c.outcome in ("fail", "error")]
    return VerdictLine(
        outcome=shown.outcome,
        reason=shown.reason,
        rubric=shown.rubric,
        judged=shown.judged,
        total=shown.total,
        judge=shown.judge or "checks",
        first_bad_turn=shown.first_bad_turn,
        findings=findings[:8],
        warnings=(shown.warnings or [])[:3],
    )


async def _played_again(app: App, record: RunRecord, judged: VerdictView | None) -> str | None:
    """The rerun of a run whose user misbehaved; begun now where the process that should have done it went away just then."""
    if record.scenario.player != "model" or record.status != "finished":
        return None
    if judged is not None and app.clock() - record.updated_at <= RESUME_WINDOW_S:
        return await follow_up(app, record.id)
    known = await (await app.store()).run(rerun_id(record))
    return known.id if known is not None else None


def _next(record: RunRecord, transcript: Transcript, again: str | None, *, judged: bool) -> str:
    if record.status != "finished" and record.scenario.by_hand:
        return (
            f'Played by hand, so it goes on only with continue_conversation and run_id "{record.id}" '
            f"(`understudy play --run {record.id}`); cancel_run ends it."
        )
    if record.status != "finished":
        return (
            f'Under way. Call get_run with run_id "{record.id}" and wait_s 45 (`understudy show {record.id}`); '
            "it goes on meanwhile and survives a restart."
        )
    if again is not None:
        return (
            f'The simulated user misbehaved, so this run counts neither way and is played again: call get_run with run_id "{again}" '
            f"(`understudy show {again}`)."
        )
    if not judged:
        return f'Over; a model is judging it. Call get_run with run_id "{record.id}" and wait_s 45 (`understudy show {record.id}`).'
    ending = transcript.ending.kind if transcript.ending else ""
    if ending == "target_failed":
        return (
            "The target gave no answer: run check_target (`understudy doctor`), mend what it says, and simulate again. "
            "This is not counted as a wrong answer."
        )
    if ending == "simulator_failed":
        return (
            "The simulated user failed; this is not counted against the agent. Mend what the reason says "
            "(`understudy doctor` tries the models), or try another seed."
        )
    return (
        f"Every turn: get_transcript (`understudy show {record.id}`). "
        f"Every criterion: judge_transcript with detail full (`understudy judge {record.id}`)."
    )
