"""What the user remembers of the course of things beside the ledger: patience spent, and what they have already tried."""

from __future__ import annotations

from understudy.domain.conversation import Act, Heard, Ledger
from understudy.domain.value import Slug, Value

__all__ = ["PUTS_A_QUESTION", "SETBACKS", "Course", "asks_off_the_sheet", "is_setback", "moved_forward", "passed_over"]

PUTS_A_QUESTION = (Act.ASKS_KNOWN, Act.ASKS_UNKNOWN, Act.ASKS_OTHER, Act.ASKS_TO_CONFIRM, Act.OFFERS_OPTIONS)
"""Acts after which it is the user's turn to answer."""

SETBACKS = frozenset(
    {
        Act.REFUSES,
        Act.ASKS_AGAIN,
        Act.REPEATS_ITSELF,
        Act.IGNORES,
        Act.MISUNDERSTANDS,
        Act.SAYS_NOTHING,
        Act.BREAKS,
        Act.REDIRECTS,
        Act.RUDE,
        Act.WRONG_LANGUAGE,
        Act.CHANGES_SUBJECT,
        Act.STALLS,
        Act.TAKES_BACK,
    }
)


_BEARS_WITH = 2
"""Questions off the sheet, in a row, that still count as leading somewhere."""


class Course(Value):
    """Counts and memories of one conversation."""

    fruitless: int = 0
    """Replies that brought nothing, since the last sub-goal was met; one that moves something forward takes one off."""
    raised: tuple[Slug, ...] = ()
    """Sub-goals that the last user turn brought up or asked again."""
    vain: tuple[Slug, ...] = ()
    """Those of them for which the last reply had nothing useful."""
    unsettled: tuple[Slug, ...] = ()
    """Facts that the user changed or corrected and the agent has not taken up yet."""
    off_the_sheet: int = 0
    """Replies in a row that asked for nothing that the user knows of and brought nothing else."""
    human_asked: int = 0
    """How often the user asked for a human."""
    pushed_back: tuple[Slug, ...] = ()
    """Refused sub-goals, once for every time that the user would not have it."""
    held_back: tuple[Slug, ...] = ()
    """Sub-goals that were due and were left out once."""
    chosen: tuple[str, ...] = ()
    """Options that they took, in the agent's words: asked once more, they take the same."""
    minds_changed: int = 0
    double_checked: bool = False
    limits_tested: bool = False
    slighted: bool = False
    """They have complained once that nobody acknowledged them."""
    lingered: int = 0
    """Turns made after everything was met, to answer what the agent still asked."""
    handed_off: bool = False


def moved_forward(before: Ledger, after: Ledger) -> bool:
    """Whether a sub-goal came nearer with this reply: newly attempted, or newly met."""
    was = {g.id: g.status for g in before.goals}
    return any(
        g.status in ("attempted", "met") and was.get(g.id) in ("unsaid", "asked", "attempted", "refused") and g.status != was[g.id]
        for g in after.goals
    )


def is_setback(heard: Heard) -> bool:
    """Whether the reply was one that costs patience."""
    return bool(heard.mistaken or heard.taken_back) or any(act in SETBACKS for act in heard.acts)


def asks_off_the_sheet(heard: Heard) -> bool:
    """Whether all that the reply does is to put a question that the user has nothing for."""
    answerable = heard.has(Act.ASKS_KNOWN, Act.ASKS_UNKNOWN, Act.ASKS_TO_CONFIRM, Act.OFFERS_OPTIONS)
    return heard.has(Act.ASKS_OTHER) and not answerable and not heard.met


def passed_over(raised: tuple[str, ...], heard: Heard, ledger: Ledger, off_the_sheet: int = 0) -> tuple[str, ...]:
    """Those of `raised` for which the reply had nothing useful: no word on them, and no question that leads on.

    `off_the_sheet`: how many replies in a row, this one included, only asked for what the user has nothing for. The third
    leads nowhere, and to ask is then no attempt any more.
    """
    if off_the_sheet > _BEARS_WITH:
        return tuple(id for id in raised if id not in heard.refused)
    asks_anew = any((fact := ledger.fact(name)) is not None and fact.said_at is None for name in heard.asked)
    stuck = heard.has(Act.ASKS_AGAIN, Act.REPEATS_ITSELF, Act.CHANGES_SUBJECT) and not asks_anew
    leads_on = heard.has(*PUTS_A_QUESTION) and not stuck
    touched = {*heard.met, *heard.attempted, *heard.refused, *heard.taken_back}
    done = {g.id for g in ledger.goals if g.status == "met"}
    return tuple(id for id in raised if id not in done and id not in touched and (id in heard.ignored or not leads_on))
