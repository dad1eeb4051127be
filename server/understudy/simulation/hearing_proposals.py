"""Proposals that a user must say no to: another value for a fact that their wish depends on."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.domain.conversation import FactEntry, Ledger
from understudy.simulation.hearing_goals import Aim
from understudy.simulation.hearing_sentences import Sentence, clauses
from understudy.simulation.hearing_values import contradicts, values_in
from understudy.text.patterns import fold

__all__ = ["proposed_wrongly"]


def proposed_wrongly(aims: Sequence[Aim], questions: Sequence[tuple[Sentence | None, Sentence]], ledger: Ledger) -> list[str]:
    """Facts needed by an open sub-goal for which a question for a yes puts forward another value of the same shape, in it or in
    the sentence before: "Sunday is sold out. Would Saturday work instead?"."""
    needed = {name for aim in aims if aim.open for name in aim.sub.needs}
    wrong: list[str] = []
    for fact in ledger.facts:
        if fact.name not in needed:
            continue
        others = tuple(f.value for f in ledger.facts if f.name != fact.name and f.value != fact.value)
        if any(_proposes_other(before, s, fact, others) for before, s in questions):
            wrong.append(fact.name)
    return wrong


def _proposes_other(before: Sentence | None, s: Sentence, fact: FactEntry, others: tuple[str, ...]) -> bool:
    shapes = values_in(fold(fact.value), s.patterns).keys()
    if shapes & values_in(s.low, s.patterns).keys():
        put_forward = s.has("proposals") or (before is not None and _turns_down(before))
        return put_forward and contradicts(s.low, fact, others, s.patterns)
    if before is None or not before.states or before.claims or before.has("state") or before.has("alternatives"):
        return False
    offered = [c for c in clauses(before.low, s.patterns) if not _no(c, before) and shapes & values_in(c, s.patterns).keys()]
    return any(_offers(c, before) and contradicts(c, fact, others, s.patterns) for c in offered)


def _turns_down(s: Sentence) -> bool:
    return s.has("no_options") or s.has("refuses")


def _no(clause: str, s: Sentence) -> bool:
    return s.patterns.found("no_options", clause) or s.patterns.found("refuses", clause)


def _offers(clause: str, s: Sentence) -> bool:
    return any(s.patterns.found(name, clause) for name in ("proposals", "single_offers"))
