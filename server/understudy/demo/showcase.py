"""Which persona, with which goal, finds which planted fault: the script of `understudy demo`, held by a test."""

from __future__ import annotations

from understudy.domain.value import Slug, Value

__all__ = ["CLEAN_SHOWCASE", "FAULT_SHOWCASE", "Showing"]


class Showing(Value):
    """One conversation of the demonstration."""

    fault: str
    """Empty for the clean agent."""
    model: str
    """The demo agent's model name, `clinic+loops`."""
    persona: Slug
    goal: Slug
    criterion: Slug | None
    """The criterion of the rubric `service` that fails; None for the clean agent."""
    seed: int = 0


def _show(fault: str, agent: str, persona: str, goal: str, criterion: str, *, parameter: str = "") -> Showing:
    return Showing(fault=fault, model=f"{agent}+{fault}{parameter}", persona=persona, goal=goal, criterion=criterion)


FAULT_SHOWCASE: tuple[Showing, ...] = (
    _show("freezes_on_changed_mind", "clinic", "three-minds", "clinic-reschedule", "completed"),
    _show("loses_detail_after_change", "clinic", "lunch-break-regular", "clinic-reschedule", "completed"),
    _show("loops", "bank", "impatient-manager", "bank-card-declined", "not-repeating"),
    _show("claims_without_doing", "clinic", "few-words-sam", "clinic-reschedule", "claims-held"),
    _show("refuses_human", "bank", "wary-ruth", "bank-human", "escalation"),
    _show("hands_off_needlessly", "clinic", "rambling-edith", "clinic-cancel", "escalation"),
    _show("ignores_billing", "clinic", "surprised-by-bill", "clinic-billing-and-book", "completed"),
    _show("ignores_second_question", "bank", "all-at-once-ines", "bank-before-trip", "completed"),
    _show("wrong_fee", "bank", "expert-viktor", "bank-fee", "completed"),
    _show("rude_to_caps", "clinic", "caps-lock-denise", "clinic-cancel", "polite"),
    _show("answers_german_in_english", "clinic", "katrin-auf-deutsch", "clinic-termin", "language"),
    _show("slow", "bank", "impatient-manager", "bank-fee", "latency", parameter="=4500"),
    _show("sporadic_500", "bank", "callum-from-fife", "bank-lost-card", "no-errors"),
)
"""One row a fault, over all faults."""

CLEAN_SHOWCASE: tuple[Showing, ...] = (
    Showing(fault="", model="clinic", persona="three-minds", goal="clinic-reschedule", criterion=None),
    Showing(fault="", model="clinic", persona="surprised-by-bill", goal="clinic-billing-and-book", criterion=None),
    Showing(fault="", model="clinic", persona="katrin-auf-deutsch", goal="clinic-termin", criterion=None),
    Showing(fault="", model="bank", persona="wary-ruth", goal="bank-lost-card", criterion=None),
    Showing(fault="", model="bank", persona="all-at-once-ines", goal="bank-before-trip", criterion=None),
    Showing(fault="", model="bank", persona="lucia-en-espanol", goal="bank-tarjeta-perdida", criterion=None),
)
"""The same users at the clean agents: nothing fails."""
