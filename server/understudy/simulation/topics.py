"""The part of a direction that leads: what the user brings up, asks again, volunteers, or drops in beside the point."""

from __future__ import annotations

from dataclasses import dataclass, field

from understudy.domain.conversation import Act, GoalEntry
from understudy.domain.persona import Emotion, SpeechStyle
from understudy.simulation.situation import Situation

__all__ = ["Topics", "opening_topics", "side_goals_wait", "tangent", "topics", "volunteered"]

_BUNDLE = 3
"""Sub-goals that a user who bundles questions puts into one message, at most."""
_ENOUGH = 3
"""Times that a side goal is asked at most."""
_LOST = 2
"""Questions in a row that they have nothing for, from which on they say what they do know."""
_HOLDS_UP = (Act.ASKS_KNOWN, Act.ASKS_UNKNOWN, Act.ASKS_TO_CONFIRM, Act.OFFERS_OPTIONS)
"""What has to be answered before anything else is said."""
_TANGENT_EMOTION: dict[Emotion, float] = {"cheerful": 0.1, "anxious": 0.1, "sad": 0.1, "hurried": -1.0, "angry": -0.1}
_TANGENT_STYLE: dict[SpeechStyle, float] = {"rambling": 0.35, "verbose": 0.2, "terse": -0.1, "fragmented": -0.05}


@dataclass(frozen=True)
class Topics:
    """Sub-goals to speak of."""

    bring_up: tuple[str, ...] = ()
    ask_again: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    """Due now and left out."""
    pushed_back: tuple[str, ...] = ()
    """Refused ones in `ask_again`."""
    notes: tuple[str, ...] = field(default=())


def opening_topics(s: Situation) -> Topics:
    """The first step; users who bundle questions add the next step and a side question at once."""
    if not s.is_("bundles_questions"):
        return Topics(bring_up=tuple(g.id for g in s.steps[:1]), notes=("opens with what they came for",))
    ids = [*(g.id for g in s.steps[: _BUNDLE - 1]), *(g.id for g in s.sides)]
    return Topics(bring_up=tuple(ids[:_BUNDLE]), notes=("opens with several things at once",))


def topics(s: Situation) -> Topics:
    """What to bring up and what to ask again after a reply."""
    again, pushed, why = _again(s)
    step, held = _next_step(s, again)
    side = _side_goals(s, step or again)
    notes = [why] if again else []
    notes += ["brings up the next thing"] * bool(step) + ["mixes in a side question"] * bool(side) + ["leaves something out"] * bool(held)
    return Topics(bring_up=(*step, *side), ask_again=again, held_back=held, pushed_back=pushed, notes=tuple(notes))


def _again(s: Situation) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Sub-goals to ask again, those of them that were refused, and why."""
    refused = s.refused_step
    if refused is not None and not s.busy:
        return (refused.id,), (refused.id,), "does not take the no"
    ids: list[str] = [id for id in s.heard.ignored if _still_wanted(s, id)]
    why = "was passed over"
    if s.open_step is not None and s.open_step.id not in ids and _presses(s, s.open_step):
        ids.insert(0, s.open_step.id)
        why = "has no answer yet"
    if not ids and s.content and not s.busy:
        ids = [g.id for g in s.sides if g.status in ("asked", "attempted") and _still_wanted(s, g.id)][:1]
    return tuple(ids), (), why


def _presses(s: Situation, step: GoalEntry) -> bool:
    """Whether the user asks for their open step again: when it is their turn to lead, or as a habit."""
    if s.tests_options:
        return True
    helps_out = s.course.off_the_sheet == _LOST and _most_plausible(s) is not None
    lost = s.heard.has(Act.GREETS) or (s.course.off_the_sheet >= _LOST and not helps_out)
    if s.busy and not s.invited and not lost:
        return s.is_("repeats_themselves") and s.chance(0.5)
    if s.heard.has(Act.STALLS) and step.status == "attempted" and step.in_vain < 2 and s.persona.patience >= 3:
        return False
    return step.id not in s.heard.met


def _still_wanted(s: Situation, id: str) -> bool:
    entry = s.ledger.goal(id)
    if entry is None or entry.status in ("unsaid", "met", "refused"):
        return False
    return not entry.side or (entry.asked < _ENOUGH and entry.in_vain < (2 if s.persona.patience >= 3 else 1))


def _next_step(s: Situation, again: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Steps to bring up now, and those that were due and are held back."""
    step = s.next_step
    if step is None:
        return (), ()
    # A question that is after nothing of theirs is no reason to wait with what they came for.
    due = (s.open_step is None and not (s.busy and s.heard.has(*_HOLDS_UP)) and not again) or s.invited
    if not due:
        return ((step.id,), ()) if _cuts_in(s) else ((), ())
    vague = s.is_("leaves_things_out") or s.persona.clarity == "vague"
    asked_for_more = s.invited or s.heard.has(Act.ASKS_OTHER)
    if vague and not asked_for_more and step.id not in s.course.held_back:
        return (), (step.id,)
    unsaid = [g.id for g in s.steps if g.status == "unsaid"]
    return tuple(unsaid[: _BUNDLE if s.is_("bundles_questions") else 1]), ()


def _cuts_in(s: Situation) -> bool:
    """Users who interrupt, or bundle, come with the next thing before the last is settled."""
    share = 0.5 * s.is_("interrupts") + 0.5 * s.is_("bundles_questions") + 0.5 * s.persona.noise.interruptions
    return s.chance(min(0.9, share))


def side_goals_wait(s: Situation) -> bool:
    """Whether a side goal should still be asked before a content user leaves: unsaid, or open and worth another try."""
    if s.turns_left < 2:
        return False
    return any(g.status == "unsaid" or (g.status in ("asked", "attempted") and _still_wanted(s, g.id)) for g in s.sides)


def _side_goals(s: Situation, beside: tuple[str, ...]) -> tuple[str, ...]:
    unsaid = [g.id for g in s.sides if g.status == "unsaid"]
    if not unsaid:
        return ()
    # An agent that goes on asking a content user gets an answer, and from the second time on a question back.
    if s.content and not beside and (not s.busy or s.course.lingered):
        return tuple(unsaid[: _BUNDLE if s.is_("bundles_questions") else 1])
    return tuple(unsaid[:1]) if s.chance(_mixes_in(s, beside)) else ()


def _mixes_in(s: Situation, beside: tuple[str, ...]) -> float:
    """How readily the user comes with a side question in the middle of things."""
    if s.is_("bundles_questions"):
        return 0.7
    if beside or s.shows_frustration:
        return 0.0
    if s.persona.emotion == "hurried":
        return 0.1
    return 0.6 if s.is_("chatty") else 0.3


# ---------------------------------------------------------------- facts unasked, and remarks beside the point


def volunteered(s: Situation, saying: tuple[str, ...]) -> tuple[str, ...]:
    """Facts to say unasked, by disclosure plan and clarity. `saying`: facts that the message has anyway.

    Who cannot place what the agent asks, twice in a row, says one thing that it may be after.
    """
    if s.course.off_the_sheet >= _LOST and not saying and (guess := _most_plausible(s)) is not None:
        return (guess,)
    ready = [f.name for f in s.ledger.facts if f.disclose == "volunteer" and f.said_at is None and f.name not in saying]
    told = [f.name for f in s.ledger.facts if f.said_at is not None and f.disclose != "never" and f.name not in saying]
    repeated = told[-1:] if s.is_("repeats_themselves") and told and s.chance(0.5) else []
    return (*ready[: _how_many(s)], *repeated)


def _most_plausible(s: Situation) -> str | None:
    """The unsaid fact that an agent is most likely to be after: one that the step under way needs, else the first of the sheet."""
    step = s.open_step or s.next_step
    needed = s.subgoals[step.id].needs if step is not None and step.id in s.subgoals else ()
    unsaid = [f.name for f in s.ledger.facts if f.said_at is None and f.disclose != "never"]
    own = {f.name for f in s.goal.known}
    # Stable: within each group the order of the sheet stays.
    return min(unsaid, key=lambda name: (name not in needed, name not in own), default=None)


def _how_many(s: Situation) -> int:
    if s.is_("leaves_things_out"):
        return 0
    if s.persona.clarity == "vague":
        return 1 if s.number > 2 and not s.busy else 0
    if s.persona.clarity == "partial" or s.persona.style in ("terse", "fragmented"):
        return 2 if s.persona.skill == "expert" else 1
    # Nobody gives everything in one clean summary.
    return 3 if s.persona.skill == "expert" else 2


def tangent(s: Situation) -> bool:
    """Whether to add something beside the point: now and then for everybody, more for those who talk."""
    share = 0.12 + s.persona.noise.tangents + _TANGENT_EMOTION.get(s.persona.emotion, 0.0) + _TANGENT_STYLE.get(s.persona.style, 0.0)
    share += 0.3 * s.is_("chatty") + 0.15 * s.is_("compares_with_others") - 0.1 * s.is_("blunt")
    return s.chance(min(0.9, share))
