"""What went wrong, by criterion: how many conversations failed it, and a few of them in the agent's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from understudy.domain.campaign import ConversationLine, CriterionLine
from understudy.domain.transcript import Transcript
from understudy.domain.value import Value
from understudy.domain.verdict import Evidence, Verdict

__all__ = ["Cause", "Example", "causes"]

MOST_EXAMPLES = 3
MOST_QUOTE = 400


class Example(Value):
    """One conversation that failed a criterion."""

    run_id: str
    scenario: str
    target: str
    reason: str
    quote: str = ""
    """From the turn, untrusted; empty when the verdict rests on no quote."""
    turn: int | None = None
    said_by: str = ""


class Cause(Value):
    """A criterion that conversations failed."""

    criterion: str
    gate: bool
    conversations: int
    personas: int
    examples: tuple[Example, ...]
    """Of different personas where there are any."""


def causes(lines: Iterable[ConversationLine], verdicts: Mapping[str, Verdict], transcripts: Mapping[str, Transcript]) -> tuple[Cause, ...]:
    """Criteria by how many conversations failed them, those that decide (gates) first."""
    found: dict[str, list[tuple[ConversationLine, CriterionLine]]] = {}
    for line in sorted(lines, key=lambda line: (line.index, line.run_id)):
        if not line.simulator_fault:
            for result in line.criteria:
                if result.outcome == "fail":
                    found.setdefault(result.criterion, []).append((line, result))
    rows = [
        Cause(
            criterion=criterion,
            gate=any(result.gate for _, result in failed),
            conversations=len(failed),
            personas=len({line.persona for line, _ in failed}),
            examples=tuple(_example(*one, verdicts, transcripts) for one in _different(failed, verdicts)),
        )
        for criterion, failed in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (not row.gate, -row.conversations, row.criterion)))


def _different(
    failed: list[tuple[ConversationLine, CriterionLine]], verdicts: Mapping[str, Verdict]
) -> list[tuple[ConversationLine, CriterionLine]]:
    """A few of them: with a quote before without, another persona and another reason each time as long as there are any."""
    quoted = sorted(failed, key=lambda one: _evidence(one[1], verdicts.get(one[0].run_id)) is None)
    chosen: list[tuple[ConversationLine, CriterionLine]] = []
    for fresh in (_new_reason, _new_persona, _any):
        for line, result in quoted:
            if len(chosen) < MOST_EXAMPLES and all(c[0].run_id != line.run_id for c in chosen) and fresh(line, result, chosen):
                chosen.append((line, result))
    return chosen


def _any(_line: ConversationLine, _result: CriterionLine, _chosen: list[tuple[ConversationLine, CriterionLine]]) -> bool:
    return True


def _new_reason(_line: ConversationLine, result: CriterionLine, chosen: list[tuple[ConversationLine, CriterionLine]]) -> bool:
    return all(c.reason != result.reason for _, c in chosen)


def _new_persona(line: ConversationLine, _result: CriterionLine, chosen: list[tuple[ConversationLine, CriterionLine]]) -> bool:
    return all(c.persona != line.persona for c, _ in chosen)


def _example(
    line: ConversationLine, result: CriterionLine, verdicts: Mapping[str, Verdict], transcripts: Mapping[str, Transcript]
) -> Example:
    evidence = _evidence(result, verdicts.get(line.run_id))
    transcript = transcripts.get(line.run_id)
    known = transcript is not None and evidence is not None and evidence.turn < len(transcript.turns)
    return Example(
        run_id=line.run_id,
        scenario=line.scenario,
        target=line.target,
        reason=result.reason or line.reason,
        quote=evidence.quote[:MOST_QUOTE] + ("…" if len(evidence.quote) > MOST_QUOTE else "") if evidence else "",
        turn=evidence.turn if evidence else result.turn,
        said_by=transcript.turns[evidence.turn].role if transcript and evidence and known else "",
    )


def _evidence(result: CriterionLine, verdict: Verdict | None) -> Evidence | None:
    found = next((r for r in verdict.results if r.criterion == result.criterion), None) if verdict else None
    return found.evidence[0] if found and found.evidence else None
