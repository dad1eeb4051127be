"""When the user leaves, and how: content, refused, asked twice in vain, out of patience, or to a human."""

from __future__ import annotations

from understudy.domain.conversation import Act, Direction, MoveKind
from understudy.simulation.answering import answers
from understudy.simulation.complications import due
from understudy.simulation.situation import Plan, Situation
from understudy.simulation.topics import side_goals_wait

__all__ = ["goodbye_to_the_agent", "leaves", "triggered"]

_LINGERS = 3
"""Turns that a content user still makes to answer what the agent asks."""
_PESTERED = 1
"""Replies in a row with nothing but a question that a content user has nothing for, after which they leave."""
_IN_VAIN = 2
_EVEN_WHEN_CONTENT = ("rude", "says", "misunderstands")
"""Triggers that matter to somebody who has everything; the others are about not getting it."""


def goodbye_to_the_agent(s: Situation) -> Plan:
    """Closing words after a hand-off: thanks where it was wanted, a word of protest or a shrug where it was not."""
    answered = answers(s).answer
    wanted = s.course.human_asked > 0 or s.goal.settles_for == "handoff" or s.content
    trigger = s.trigger
    if wanted:
        direction = Direction(stage="closing", move="satisfied", answer=answered, thank=s.thanks, reason="is passed on, as they wanted")
    elif (s.persona.patience >= 2 and s.chance(0.2 * s.persona.patience)) or s.is_("tests_limits"):
        pending = s.open_step or s.next_step
        direction = Direction(
            stage="closing",
            move="gave_up",
            answer=answered,
            ask_again=(pending.id,) if pending and pending.status != "unsaid" else (),
            show_frustration=True,
            reason="is passed on without need, and says so",
        )
    else:
        direction = Direction(stage="closing", move="gave_up", answer=answered, show_frustration=s.shows_frustration, reason="is passed on")
    if trigger is not None and not wanted:
        direction = direction.evolve(trigger=trigger.id, trigger_action=trigger.then)
    return Plan(direction, s.course)


def triggered(s: Situation) -> Plan | None:
    """What the trigger that has just been set off makes the user do."""
    trigger = s.trigger
    if trigger is None or (s.content and trigger.when not in _EVEN_WHEN_CONTENT):
        return None
    moves: dict[str, MoveKind] = {"ask_for_human": "asks_for_human", "call_back_later": "will_call_back", "give_up": "gave_up"}
    move = moves[trigger.then]
    direction = _parting(s, move, f"`{trigger.id}` was set off").evolve(trigger=trigger.id, trigger_action=trigger.then)
    return Plan(direction, s.course)


def leaves(s: Situation) -> Plan | None:
    """The plan of a user who leaves, asks for a human, or makes sure before leaving; None for one who goes on."""
    return _content(s) if s.content else _discontent(s)


# ---------------------------------------------------------------- content


def _content(s: Situation) -> Plan | None:
    if due(s.goal, s.ledger, s.number) is not None:
        return None
    # Asked for what is none of theirs, somebody who has everything does not stay to guess.
    pestered = s.course.off_the_sheet >= _PESTERED
    if s.busy and s.course.lingered < _LINGERS and not pestered:
        return None
    if side_goals_wait(s):
        return None
    if s.is_("double_checks") and not pestered and not s.course.double_checked and s.turns_left >= 2:
        return _double_check(s)
    said = answers(s)
    settled = all(g.status == "met" for g in s.steps)
    direction = Direction(
        stage="closing",
        move="satisfied",
        answer=said.answer,
        affirm=said.affirm if said.affirm is not None else (False if s.heard.has(Act.OFFERS_MORE) else None),
        thank=s.thanks,
        show_frustration=s.shows_frustration and not settled,
        reason="has what they came for" if settled else "settles for the answer",
    )
    return Plan(direction, s.course)


def _double_check(s: Situation) -> Plan:
    met = [g.id for g in s.steps if g.status == "met"]
    done = [id for id in met if s.subgoals[id].kind == "action"]
    last_met = next(reversed(done or met), None)
    direction = Direction(
        ask_again=(last_met,) if last_met else (),
        affirm=False if s.heard.has(Act.OFFERS_MORE) else None,
        reason="makes sure before leaving",
    )
    return Plan(direction, s.course.evolve(double_checked=True))


# ---------------------------------------------------------------- discontent


def _discontent(s: Situation) -> Plan | None:
    if s.course.human_asked and not s.heard.met:
        return Plan(_parting(s, "asks_for_human", "asked for a human and got none"), s.course)
    move, reason = _reason_to_leave(s)
    if move is None:
        return None
    if move in ("gave_up", "out_of_scope") and s.goal.settles_for == "handoff":
        move, reason = "asks_for_human", f"{reason}; would take a human"
    return Plan(_parting(s, move, reason), s.course)


def _reason_to_leave(s: Situation) -> tuple[MoveKind | None, str]:
    vain = max((g.in_vain for g in s.steps if g.id in s.course.vain), default=0)
    if vain >= _IN_VAIN and s.heard.has(Act.REDIRECTS):
        return "out_of_scope", "was sent elsewhere twice"
    if vain >= _IN_VAIN and s.persona.patience <= 3:
        return "will_call_back", "asked twice in vain"
    if vain > _IN_VAIN:
        return "gave_up", "asked three times in vain"
    refused = s.refused_step
    if refused is not None and s.pushed_back(refused) >= s.push_backs and s.heard.has(Act.REFUSES, Act.REDIRECTS, Act.NO_OPTIONS):
        if s.heard.has(Act.REDIRECTS):
            return "out_of_scope", "was told that this is not the place for it"
        if s.goal.settles_for == "handoff":
            return "gave_up", "was refused"
    if s.course.fruitless > s.persona.patience:
        return "gave_up", "is out of patience"
    return None, ""


def _parting(s: Situation, move: MoveKind, reason: str) -> Direction:
    """The direction for words after which the user is gone, or wants somebody else."""
    goes_on = move == "asks_for_human" and not s.course.human_asked
    said = answers(s)
    return Direction(
        stage="middle" if goes_on else "closing",
        move=move,
        answer=said.answer if goes_on else (),
        admit_unknown=said.admit_unknown,
        show_frustration=s.shows_frustration,
        not_understood=s.heard.has(Act.SAYS_NOTHING, Act.BREAKS, Act.WRONG_LANGUAGE),
        reason=reason,
    )
