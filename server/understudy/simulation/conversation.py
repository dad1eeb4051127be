"""The rules of a conversation as a pure step machine: a state and an event in, a state and the next effect out.

No I/O, no clock, no model. The state serialises; same events in, same state out. `drive` runs it against a player and a
target, the store replays it, and a caller may take it one step at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, Protocol

from understudy.domain.conversation import (
    Act,
    AskPlayer,
    Brief,
    Direction,
    Effect,
    Ended,
    Ending,
    EndingCause,
    EndingKind,
    Event,
    Heard,
    Ledger,
    Move,
    MoveKind,
    Opened,
    PlayerFailed,
    PlayerMoved,
    Reply,
    SendToTarget,
    Stopped,
    TargetFailed,
    TargetReplied,
    Turn,
)
from understudy.domain.goal import Goal, PlayerGoal, SubGoal
from understudy.domain.persona import Persona
from understudy.domain.same import Same
from understudy.domain.scenario import Scenario
from understudy.domain.value import Value
from understudy.simulation import agenda, complications, frustration, guard, triggers
from understudy.simulation import ledger as book
from understudy.simulation.course import Course, asks_off_the_sheet, is_setback, moved_forward, passed_over
from understudy.simulation.loops import circling
from understudy.simulation.situation import Situation
from understudy.simulation.spoken import facts_said, goals_raised

__all__ = ["TRIES", "Conversation", "Hear", "advance", "pending", "replay", "start"]

TRIES = 3
"""Messages that the guard may refuse for one turn before the simulator has failed."""

_NOTHING_HEARD = Heard()
_LEAVING: dict[MoveKind, EndingKind] = {
    "satisfied": "goal_reached",
    "gave_up": "gave_up",
    "will_call_back": "called_back_later",
    "out_of_scope": "out_of_scope",
}


class Hear(Protocol):
    """What a user takes from a reply: a pure function."""

    def __call__(self, reply: Reply, *, persona: Persona, goal: PlayerGoal, ledger: Ledger, turns: tuple[Turn, ...]) -> Heard: ...


class Conversation(Value):
    """The state of one conversation between two events."""

    scenario: Scenario
    ledger: Ledger
    turns: tuple[Turn, ...] = ()
    frustration: int = 0
    course: Course = Course()
    awaiting: Literal["player", "target", "nothing"]
    direction: Direction | None = None
    """For the turn that the player is to make."""
    rejected: tuple[str, ...] = ()
    """Why the guard refused the messages for that turn so far."""
    leaving: Ending | None = None
    """How it will end once the last words are delivered."""
    ending: Ending | None = None
    """None until it is over."""
    opened: bool = False
    at: float = 0.0
    """Seconds since it was opened, as of the last event."""

    @property
    def number(self) -> int:
        """The user turn to be made next, counted from 1."""
        # Turns alternate, so their number says how many are the user's.
        return 1 + (len(self.turns) + (self.scenario.opens == "user")) // 2

    @property
    def session(self) -> str | None:
        """The newest session id that the target gave."""
        return next((t.reply.session for t in reversed(self.turns) if t.reply is not None and t.reply.session is not None), None)


# ---------------------------------------------------------------- the four functions


def start(scenario: Scenario) -> Conversation:
    """The conversation before its first word. Its pending effect is already the first thing to do."""
    state = Conversation(scenario=scenario, ledger=book.open_ledger(scenario.persona, scenario.goal), awaiting="target")
    return state if scenario.opens == "agent" else _direct(state, _NOTHING_HEARD, "")


def advance(state: Conversation, event: Event, hear: Hear | None = None) -> tuple[Conversation, tuple[Effect, ...]]:
    """The state after `event`, and the effect that it calls for.

    An event that does not fit (late, odd, or after the end) changes nothing.
    """
    if state.ending is None:
        state = _step(state, event, hear)
    return state, (pending(state),)


def pending(state: Conversation) -> Effect:
    """What is to be done next. Asking changes nothing."""
    if state.ending is not None:
        return Ended(ending=state.ending)
    if state.awaiting == "player":
        return AskPlayer(brief=_brief(state))
    text = state.turns[-1].text if state.turns else None
    return SendToTarget(text=text, last_words=state.leaving is not None)


def replay(scenario: Scenario, events: Iterable[Event], hear: Hear | None = None) -> Conversation:
    """The conversation after `events`, from its beginning."""
    state = start(scenario)
    for event in events:
        if state.ending is not None:
            break
        state = _step(state, event, hear)
    return state


# ---------------------------------------------------------------- events


def _step(state: Conversation, event: Event, hear: Hear | None) -> Conversation:
    match event:
        case Opened():
            return state.evolve(opened=True)
        case PlayerMoved() if state.awaiting == "player":
            return _on_move(state, event)
        case PlayerFailed() if state.awaiting == "player":
            return _end(state.evolve(at=event.at), "simulator_failed", "simulator", event.detail)
        case TargetReplied() if state.awaiting == "target":
            return _on_reply(state, event, hear)
        case TargetFailed() if state.awaiting == "target":
            failure = event.failure
            return _over(state.evolve(at=event.at), Ending(kind="target_failed", cause="target", detail=failure.detail, failure=failure))
        case Stopped():
            cause: EndingCause = "caller" if event.why == "cancelled" else "limit"
            return _end(state.evolve(at=event.at), event.why, cause, event.detail)
        case _:
            return state


def _on_move(state: Conversation, event: PlayerMoved) -> Conversation:
    move = event.move
    if state.scenario.player != "script":  # the lines of a script were given, not made up
        complaint = guard.inspect(move, _brief(state))
        if complaint is not None:
            return _refused(state, complaint, event.at)
    if state.leaving is None and move.kind == "continue" and event.at >= state.scenario.limits.max_seconds:
        return _time_is_up(state.evolve(at=event.at))
    direction = state.direction or Direction()
    index = len(state.turns)
    said = facts_said(move, direction, state.ledger, state.scenario.goal)
    raised = goals_raised(move, direction, state.ledger, _subgoals(state), player=state.scenario.player)
    turn = Turn(
        index=index,
        role="user",
        text=move.message,
        at=event.at,
        move=move.kind,
        direction=direction,
        disclosed=said,
        rejected=state.rejected,
        frustration=state.frustration,
    )
    asked = state.course.human_asked + (move.kind == "asks_for_human")
    return state.evolve(
        turns=(*state.turns, turn),
        ledger=book.say_facts(book.raise_goals(state.ledger, raised, index), said, index),
        course=state.course.evolve(raised=raised, human_asked=asked),
        leaving=state.leaving or _parts_with(move, asked, state.ledger),
        awaiting="target",
        direction=None,
        rejected=(),
        at=event.at,
    )


def _refused(state: Conversation, complaint: str, at: float) -> Conversation:
    rejected = (*state.rejected, complaint)
    state = state.evolve(rejected=rejected, at=at)
    if len(rejected) < TRIES:
        return state
    return _end(state, "simulator_failed", "simulator", f"The reply guard refused {TRIES} messages for one turn: {' | '.join(rejected)}")


def _parts_with(move: Move, human_asked: int, ledger: Ledger) -> Ending | None:
    """How the conversation ends after these words, or None when they are not the last."""
    if move.kind == "continue":
        return None
    if move.kind == "asks_for_human":
        if human_asked < 2:
            return None
        return Ending(kind="asked_for_human", cause="user", detail="Asked for a human twice and got none.")
    detail = ""
    if move.kind == "satisfied" and not ledger.satisfied:
        steps = [g for g in ledger.goals if not g.side]
        met = sum(g.status == "met" for g in steps)
        detail = f"The user left content with {met} of {len(steps)} steps met."
    return Ending(kind=_LEAVING[move.kind], cause="user", detail=detail)


def _on_reply(state: Conversation, event: TargetReplied, hear: Hear | None) -> Conversation:
    reply = event.reply
    heard = _heard(state, reply, hear)
    opening = not state.turns
    state = _take_in(state, reply, heard, event.at, opening=opening)
    handed_off = heard.has(Act.HANDS_OFF)
    if state.leaving is not None:
        late_handoff = state.leaving.kind == "asked_for_human" and handed_off
        return _over(state, _handed_off("after the second request") if late_handoff else state.leaving)
    if handed_off:
        state = state.evolve(leaving=_handed_off(""), course=state.course.evolve(handed_off=True))
    return _stop_here(state, reply) or _direct(state, heard, reply.text)


def _heard(state: Conversation, reply: Reply, hear: Hear | None) -> Heard:
    goal = _player_goal(state)
    heard = (hear or _by_default())(reply, persona=state.scenario.persona, goal=goal, ledger=state.ledger, turns=state.turns)
    if reply.handed_off and not heard.has(Act.HANDS_OFF):
        heard = heard.evolve(acts=(*heard.acts, Act.HANDS_OFF))
    overlooked = complications.overlooked(state.course.unsettled, heard, reply.text, state.ledger)
    if not overlooked:
        return heard
    # Recorded with the turn, so that the ledger never goes back without a reason in the transcript.
    acts = heard.acts if heard.has(Act.MISUNDERSTANDS) else (*heard.acts, Act.MISUNDERSTANDS)
    return heard.evolve(mistaken=(*heard.mistaken, *overlooked), acts=acts)


def _by_default() -> Hear:
    # Its lexicons are large: they are read when the first reply is heard.
    from understudy.simulation.hearing import hear

    return hear


def _take_in(state: Conversation, reply: Reply, heard: Heard, at: float, *, opening: bool) -> Conversation:
    """The reply as a turn, and what it does to ledger, patience and frustration. A greeting costs nothing."""
    index = len(state.turns)
    subgoals = _subgoals(state)
    after = book.hear_reply(state.ledger, heard, subgoals, index)
    off_the_sheet = state.course.off_the_sheet + 1 if asks_off_the_sheet(heard) else 0
    vain = passed_over(state.course.raised, heard, after, off_the_sheet)
    progress = moved_forward(state.ledger, after)
    after = book.count_in_vain(after, vain)
    nothing = bool(vain) and not progress
    mood = state.frustration
    if not opening:
        mood = frustration.after_reply(mood, heard, in_vain=nothing, progress=progress, number=state.number, open_goal=not after.satisfied)
    turn = Turn(index=index, role="agent", text=reply.text, at=at, reply=reply, heard=heard, frustration=mood)
    unsettled = complications.still_unsettled(
        state.course.unsettled, heard, reply.text, after, subgoals, takes_no=state.scenario.goal.settles_for == "refusal"
    )
    course = state.course.evolve(vain=vain, unsettled=unsettled, raised=(), off_the_sheet=off_the_sheet)
    if not opening:
        course = course.evolve(fruitless=_fruitless(course.fruitless, heard, nothing, progress))
    return state.evolve(turns=(*state.turns, turn), ledger=after, course=course, frustration=mood, at=at)


def _fruitless(so_far: int, heard: Heard, in_vain: bool, progress: bool) -> int:
    if progress and heard.met:
        return 0
    if is_setback(heard) or in_vain:
        return so_far + 1
    return max(0, so_far - 1) if progress else so_far


def _stop_here(state: Conversation, reply: Reply) -> Conversation | None:
    """The end, when the agent has closed or a limit is reached; None when the user has another turn."""
    limits = state.scenario.limits
    if reply.closed:
        return _closed(state, "agent", "The agent ended the conversation.")
    if state.number > limits.max_turns:
        if state.leaving is not None or state.ledger.satisfied:
            return _closed(state, "limit", "Everything was met with the last turn that was allowed.")
        return _end(state, "turn_limit", "limit", f"The limit of {limits.max_turns} user turns was reached.")
    if state.at >= limits.max_seconds:
        return _time_is_up(state)
    if state.scenario.player != "script" and state.leaving is None and (why := circling(state.turns)):
        return _closed(state, "limit", why)
    return None


def _closed(state: Conversation, cause: EndingCause, detail: str) -> Conversation:
    """Over without another word of the user: what it is worth depends on the ledger."""
    if state.ledger.satisfied:
        return _end(state, "goal_reached", cause, detail)
    return _end(state, "gave_up", cause, f"{detail} The goal was still open.")


def _time_is_up(state: Conversation) -> Conversation:
    return _end(state, "time_limit", "limit", f"The limit of {state.scenario.limits.max_seconds:g} seconds was reached.")


def _handed_off(detail: str) -> Ending:
    return Ending(kind="handed_off", cause="agent", detail=detail)


def _end(state: Conversation, kind: EndingKind, cause: EndingCause, detail: str) -> Conversation:
    return _over(state, Ending(kind=kind, cause=cause, detail=detail))


def _over(state: Conversation, ending: Ending) -> Conversation:
    """The end. A decision that was made before stands, whatever came of the last words; a failure to take them stays on record. Where
    the target never answered at all, nobody has reached or given up anything: the failure is the end."""
    never_answered = ending.failure is not None and not any(t.role == "agent" for t in state.turns)
    final = ending if ending.kind == "handed_off" or never_answered else state.leaving or ending
    if ending.failure is not None and final.failure is None:
        detail = " ".join(part for part in (final.detail, "The target did not take the last words.") if part)
        final = final.evolve(failure=ending.failure, detail=detail)
    return state.evolve(ending=final, leaving=None, awaiting="nothing", direction=None)


# ---------------------------------------------------------------- what is next


def _direct(state: Conversation, heard: Heard, text: str) -> Conversation:
    """The player is to make the next turn, by the agenda's direction; what comes in with it is in the ledger."""
    scenario = state.scenario
    goal = _player_goal(state)
    subgoals = _subgoals(state)
    number = state.number
    trigger = triggers.fired(
        heard, text, persona=scenario.persona, goal=goal, ledger=state.ledger, subgoals=subgoals, raised=_last_raised(state)
    )
    plan = agenda.plan(
        Situation(
            persona=scenario.persona,
            goal=goal,
            subgoals=subgoals,
            ledger=state.ledger,
            course=state.course,
            heard=heard,
            trigger=trigger,
            frustration=state.frustration,
            number=number,
            turns_left=scenario.limits.max_turns - number + 1,
            seed=scenario.seed,
        )
    )
    ledger = state.ledger
    direction = plan.direction
    if direction.trigger is not None:
        ledger = book.fire(ledger, direction.trigger)
    if direction.complication is not None:
        complication = next(c for c in goal.complications if c.id == direction.complication)
        ledger = book.bring_in(ledger, complication)
    return state.evolve(awaiting="player", direction=direction, course=plan.course, ledger=ledger)


def _last_raised(state: Conversation) -> tuple[str, ...]:
    """Sub-goals that the last user turn was about: those it raised, else the ones that are open."""
    last = next((t for t in reversed(state.turns) if t.role == "user"), None)
    direction = last.direction if last else None
    raised = (*direction.bring_up, *direction.ask_again) if direction else ()
    return raised or tuple(g.id for g in state.ledger.goals if g.status in ("asked", "attempted"))


def _subgoals(state: Conversation) -> dict[str, SubGoal]:
    return book.all_subgoals(state.scenario.persona, state.scenario.goal, state.ledger)


@lru_cache(maxsize=512)
def _for_player(goal: Same[Goal]) -> PlayerGoal:
    return goal.it.for_player()


def _player_goal(state: Conversation) -> PlayerGoal:
    """The user's half of the goal, made once for each goal in use: several times a turn would be a tenth of the machine's time."""
    return _for_player(Same(state.scenario.goal))


def _brief(state: Conversation) -> Brief:
    heard = state.turns[-1].heard if state.turns else None
    return Brief.trusted(
        persona=state.scenario.persona,
        goal=_player_goal(state),
        turns=state.turns,
        ledger=state.ledger,
        heard=heard,
        direction=state.direction or Direction(),
        frustration=state.frustration,
        number=state.number,
        seed=state.scenario.seed,
        attempt=1 + len(state.rejected),
        complaint=state.rejected[-1] if state.rejected else None,
    )
