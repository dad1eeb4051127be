"""Conversations in which whoever calls us plays one side: the user against an agent, or the agent for a user of ours.

Opened with a persona and a goal, then gone on with a step a call. Everything between two calls is in the store.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import WithJsonSchema

from understudy.app.context import App
from understudy.app.pages import cut, cut_json
from understudy.app.runs import ChosenPlayer, RunView, VerdictLine, create, get_run, scenario_for
from understudy.app.targets import default_target
from understudy.app.transcripts import record_of
from understudy.domain.conversation import AskPlayer, Brief, Move, MoveKind, Reply, Turn
from understudy.domain.errors import BadInput
from understudy.domain.scenario import CALLER, Scenario
from understudy.domain.value import JsonObject, Value
from understudy.ports import RunRecord
from understudy.simulation.sheet import Sheet, changes, choice, direct, sheet_for

if TYPE_CHECKING:
    from understudy.campaigns.step import Standing

__all__ = ["AGENT_RULES", "HandView", "go_on", "open_by_hand"]

WAIT_S = 45.0
AGENT_CHARACTERS = 2_400
"""Of the other side's words, as JSON."""
MOST_CALLS = 10
MOST_FINDINGS = 4

AGENT_RULES = (
    "Answer as the agent that is to be tried out would, with what its own prompt and tools give it; stay that agent.",
    "Say when you have done something, in words: the user believes what they read.",
    "Pass tool calls, exposed state, handed_off (a human takes over) and closed (you end it) in `reply_more`.",
    "Do not play the user as well, and do not tell them how the conversation is meant to go.",
)


class AgentSheet(Value):
    """What a caller who answers as the agent is told."""

    you_are: str
    rules: list[str]


class HandView(Value):
    """Where a conversation played by hand stands, and what is to be done next."""

    run_id: str
    status: Literal["your turn", "the other side is thinking", "finished"]
    step: int | None = None
    """Pass it with the next message or reply; a call made again with the same step is not said twice."""
    you_play: Literal["user", "agent"]
    player: str
    """Who plays the user; `caller/1` is marked and never pooled with others."""
    refused: str | None = None
    """Why the last message was not sent."""
    tries_left: int | None = None
    brief: Annotated[Sheet | AgentSheet | None, WithJsonSchema({"type": "object"})] = None
    untrusted_agent_text: str | None = None
    untrusted_tool_calls: list[str] | None = None
    user_message: str | None = None
    """What the user says to you, the agent."""
    changed: list[str] | None = None
    """In the user's account, since your last message."""
    frustration: int | None = None
    direction: list[str] | None = None
    move: MoveKind | None = None
    """What the direction would do; another move is yours to choose."""
    untrusted_choice: str | None = None
    turns_left: int | None = None
    ending: str | None = None
    ending_detail: str | None = None
    untrusted_failure: str | None = None
    verdict: Annotated[VerdictLine | None, WithJsonSchema({"type": "object"})] = None
    transcript_uri: str
    next: str


async def open_by_hand(
    app: App,
    *,
    persona: str,
    goal: str | None = None,
    target: str | None = None,
    player: Literal["caller", "rules", "model"] | None = None,
    seed: int | None = None,
    max_turns: int | None = None,
    opens: Literal["user", "agent"] | None = None,
    rubric: str | None = None,
    idempotency_key: str | None = None,
    host: str = "",
    wait_s: float = WAIT_S,
) -> HandView:
    """Open a conversation in which the caller plays the user (or, with the target `caller`, the agent), up to their first turn.

    `host` is the caller's program, for the record. Raises NotFound, BadInput and Conflict.
    """
    chosen = target or default_target(app)
    answers = chosen == CALLER
    if answers and player == CALLER:
        raise BadInput("player", "you cannot be the user and the agent of one conversation", "Leave out player, or name another target")
    if not answers and player not in (None, CALLER):
        raise BadInput("player", f"`{player}` plays the user by itself", "Use simulate_conversation, or the target `caller` to answer it")
    other: ChosenPlayer | None = player if player in ("rules", "model") else None
    scenario = await scenario_for(
        app,
        persona=persona,
        goal=goal,
        target=chosen,
        seed=seed,
        max_turns=max_turns,
        opens=opens,
        player=other if answers else "rules",
        rubric=rubric,
    )
    if not answers:
        scenario = scenario.evolve(player=CALLER)
    played = f"answered by {_plain(host)}" if answers and host else _plain(host)
    record = await create(app, scenario, idempotency_key=idempotency_key, host=played)
    standing = await (await app.stepper()).take(record.id, wait_s=wait_s)
    return await _view(app, record, standing, full=True)


async def go_on(
    app: App,
    run_id: str,
    *,
    step: int | None = None,
    message: str | None = None,
    move: MoveKind = "continue",
    disclosed: tuple[str, ...] = (),
    reply: Reply | None = None,
    full: bool = False,
    wait_s: float = WAIT_S,
) -> HandView:
    """Say `message` (as the user) or `reply` (as the agent) as step number `step`; without either, see how the run stands.

    `disclosed` names facts that the message gives away in other words than the sheet's. Waits up to `wait_s` seconds for the
    other side, which goes on meanwhile. Raises NotFound, BadInput, Conflict, Busy.
    """
    record = await record_of(app, run_id)
    if not record.scenario.by_hand:
        raise BadInput(
            "run_id", f"run `{run_id}` plays by itself", "Look at it with get_run; continue_conversation opens runs played by hand"
        )
    if message is not None and reply is not None:
        raise BadInput("reply", "was given together with `message`", f"In this run you pass `{_gives(record.scenario)}` only")
    if reply is not None:
        from understudy.app.hand_answer import fitting

        reply = fitting(reply)
    own = reply if message is None else Move(kind=move, message=message, disclosed=_facts(record.scenario, disclosed))
    standing = await (await app.stepper()).take(run_id, own, step=step, wait_s=wait_s)
    return await _view(app, record, standing, full=full or own is None)


def _facts(scenario: Scenario, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, which are to be those of facts on the sheet. Raises BadInput."""
    from understudy.simulation.conversation import start

    known = [fact.name for fact in start(scenario).ledger.facts]
    if unknown := [name for name in names if name not in known]:
        told = ", ".join(known) or "none"
        raise BadInput("disclosed", f"`{cut(unknown[0], 64)}` is no fact of the user", f"Facts: {told}")
    return names


# ---------------------------------------------------------------- what callers see


async def _view(app: App, record: RunRecord, standing: Standing, *, full: bool) -> HandView:
    from understudy.simulation.conversation import pending

    scenario, state = record.scenario, standing.state
    user = scenario.player == CALLER
    seen = HandView(
        run_id=record.id,
        status="your turn",
        you_play="user" if user else "agent",
        player=record.player_version,
        transcript_uri=f"transcript://{record.id}",
        next="",
    )
    if standing.ended is not None and not standing.outstanding:
        return _ended(seen, await get_run(app, record.id), _heard(state.turns) if user else {})
    if standing.outstanding:
        wait = f'The other side is still thinking, and goes on meanwhile. Call continue_conversation with run_id "{record.id}" alone.'
        return seen.evolve(status="the other side is thinking", next=wait)
    effect = pending(state)
    shown = _users_turn(seen, standing, effect.brief) if isinstance(effect, AskPlayer) else _agents_turn(seen, standing)
    if full:
        shown = shown.evolve(brief=sheet_for(effect.brief) if isinstance(effect, AskPlayer) else _agent_sheet(scenario))
    if standing.taken is not None and standing.step > standing.taken + 1:
        past = (
            f"Step {standing.taken} was taken before: this is how it went. The run is at step {standing.step} now: call with run_id alone."
        )
        return shown.evolve(next=past)
    return shown


def _users_turn(seen: HandView, standing: Standing, brief: Brief) -> HandView:
    from understudy.simulation.conversation import TRIES, start

    state = standing.state
    refused = state.rejected[-1] if state.rejected else None
    tries = TRIES - len(state.rejected)
    onward = f"Call continue_conversation with run_id, step {standing.step}, message and move."
    if refused:
        left = "one try is" if tries == 1 else f"{tries} tries are"
        onward = f"Not sent: {refused} Say it otherwise, as step {standing.step}; {left} left before the run ends as simulator_failed."
    return seen.evolve(
        step=standing.step,
        refused=refused,
        tries_left=tries if refused else None,
        **_heard(state.turns),
        changed=changes(standing.before or start(state.scenario).ledger, state.ledger) or None,
        frustration=state.frustration,
        direction=direct(brief),
        move=brief.direction.move,
        untrusted_choice=choice(brief.direction),
        turns_left=state.scenario.limits.max_turns - state.number + 1,
        next=onward,
    )


def _agent_sheet(scenario: Scenario) -> AgentSheet:
    return AgentSheet(you_are=f"The agent that customers of {scenario.persona.company} write to.", rules=list(AGENT_RULES))


def _agents_turn(seen: HandView, standing: Standing) -> HandView:
    state = standing.state
    last = state.turns[-1] if state.turns else None
    what = "These are the user's last words: answer them once more, and the run ends." if state.leaving else "Answer the user."
    if last is None:
        what = "Open the conversation as the agent."
    return seen.evolve(
        step=standing.step,
        user_message=cut_json(last.text, AGENT_CHARACTERS) if last else None,
        turns_left=state.scenario.limits.max_turns - state.number + 1,
        next=f"{what} Call continue_conversation with run_id, step {standing.step} and reply.",
    )


def _heard(turns: tuple[Turn, ...]) -> JsonObject:
    last = turns[-1] if turns and turns[-1].role == "agent" else None
    if last is None:
        return {}
    calls = [cut(c.name, 60) for c in last.reply.tool_calls[:MOST_CALLS]] if last.reply else []
    return {"untrusted_agent_text": cut_json(last.text, AGENT_CHARACTERS), "untrusted_tool_calls": calls or None}


def _ended(seen: HandView, run: RunView, heard: JsonObject) -> HandView:
    marked = "Played by the host: say so beside the verdict, and do not pool it with simulated runs. "
    return seen.evolve(
        status="finished",
        **heard,
        ending=run.ending,
        ending_detail=run.ending_detail,
        untrusted_failure=run.untrusted_failure,
        verdict=run.verdict and run.verdict.evolve(findings=run.verdict.findings[:MOST_FINDINGS]),
        next=marked + run.next,
    )


def _gives(scenario: Scenario) -> str:
    return "message" if scenario.player == CALLER else "reply"


def _plain(host: str) -> str:
    """A program's name and version as one short word of the record."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", host).strip("-")[:60]
