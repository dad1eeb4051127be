"""The data inside the page: a compact row for every conversation, and whole transcripts for as many as fit.

Agent text is untrusted. It is JSON in a script element that is data, not code; the characters with which it could leave that element
are escaped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from understudy.domain.campaign import ConversationLine
from understudy.domain.conversation import Reply, Turn
from understudy.domain.transcript import Transcript
from understudy.domain.value import Json
from understudy.domain.verdict import CriterionResult, Verdict

__all__ = ["MOST_PASSES", "as_script_data", "conversation_data", "rows_data", "transcripts_data", "worth_reading"]

MOST_PASSES = 200
"""Passed conversations whose transcripts are put in: the first of each scenario."""
MOST_CHARACTERS = 20_000
"""Of one turn."""
MOST_OF_A_CALL = 600
"""Of what one tool call was given and gave, as JSON, each."""
MOST_CALLS = 20

_UNSAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def as_script_data(value: Json) -> str:
    """JSON that can stand in a script element of type application/json."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


def worth_reading(lines: Iterable[ConversationLine]) -> list[str]:
    """Runs whose transcripts belong in the page, the most telling first: one failure of each scenario, the other failures, what could
    not be judged or got no answer, the simulator's faults, and a passing run of each scenario, up to MOST_PASSES."""
    every = sorted(lines, key=lambda line: (line.index, line.run_id))
    failed = [line for line in every if line.outcome == "fail" and not line.simulator_fault]
    first = _first_of_each(failed)
    unjudged = [line for line in every if line.outcome in ("unscored", "error") and not line.simulator_fault]
    faults = [line for line in every if line.simulator_fault]
    passed = [line for line in every if line.outcome == "pass" and not line.simulator_fault]
    ordered = [*first, *failed, *_first_of_each(unjudged), *unjudged, *faults, *_first_of_each(passed)[:MOST_PASSES]]
    return list(dict.fromkeys(line.run_id for line in ordered))


def _first_of_each(lines: Iterable[ConversationLine]) -> list[ConversationLine]:
    found: dict[tuple[str, str], ConversationLine] = {}
    for line in lines:
        found.setdefault((line.scenario, line.target), line)
    return list(found.values())


# ---------------------------------------------------------------- rows


class _Words:
    """Strings that recur, each kept once."""

    def __init__(self) -> None:
        self.kept: dict[str, int] = {}

    def __call__(self, word: str) -> int:
        return self.kept.setdefault(word, len(self.kept))


def rows_data(lines: Sequence[ConversationLine], outliers: Iterable[str] = ()) -> Json:
    """Every conversation as a short row; strings that recur are numbers into `words`. The order of a row's fields is `fields`.

    `outliers`: runs to mark in the plot of turns.
    """
    words = _Words()
    rows = [
        [
            line.run_id,
            words(line.persona),
            words(line.segment),
            words(line.goal),
            words(line.target),
            "fault" if line.simulator_fault else line.outcome,
            words(line.ending),
            words(line.reason),
            line.repeat,
            str(line.seed),  # as text: a number of JavaScript holds 53 bits
            line.metrics.agent_turns,
            line.metrics.turns_to_resolution,
            None if line.metrics.latency_p50_ms is None else round(line.metrics.latency_p50_ms),
            line.tokens,
            line.usd if line.usd is None else round(line.usd, 6),
            round(line.seconds, 2),
            line.rerun,
            line.resumed,
            line.restarted,
            [[words(c.criterion), c.outcome, words(c.reason)] for c in line.criteria if c.outcome != "pass"],
        ]
        for line in lines
    ]
    return {"fields": _FIELDS, "words": list(words.kept), "rows": rows, "outliers": list(outliers)}


_FIELDS = (
    "id", "persona", "segment", "goal", "target", "outcome", "ending", "reason", "repeat", "seed", "turns", "resolved", "latency",
    "tokens", "usd", "seconds", "rerun", "resumed", "restarted", "criteria",
)  # fmt: skip


# ---------------------------------------------------------------- transcripts


def transcripts_data(
    order: Iterable[str], transcripts: Mapping[str, Transcript], verdicts: Mapping[str, Verdict], *, most_bytes: int
) -> tuple[str, tuple[str, ...]]:
    """A JSON object of conversations by run id, ready for its script element, of at most `most_bytes` in UTF-8, and the runs in it.

    Those that come first in `order` go in first; one that does not fit is passed over.
    """
    pieces: list[str] = []
    used = 2
    kept: list[str] = []
    for run_id in order:
        transcript = transcripts.get(run_id)
        if transcript is None:
            continue
        piece = f"{as_script_data(run_id)}:{as_script_data(conversation_data(transcript, verdicts.get(run_id)))}"
        size = len(piece.encode("utf-8", "replace")) + 1
        if used + size <= most_bytes:
            pieces.append(piece)
            kept.append(run_id)
            used += size
    return "{" + ",".join(pieces) + "}", tuple(kept)


def conversation_data(transcript: Transcript, verdict: Verdict | None) -> Json:
    """A conversation as the page's script reads it: who, every turn, how it ended, the verdict with its quotes."""
    scenario, ending = transcript.scenario, transcript.ending
    return _without_nothing(
        {
            "who": scenario.persona.name,
            "title": scenario.goal.title,
            "player": transcript.player_version or scenario.player,
            "turns": [_turn(turn) for turn in transcript.turns],
            "ending": [ending.kind, ending.cause, ending.detail] if ending else None,
            "verdict": _verdict(verdict) if verdict else None,
        }
    )


def _turn(turn: Turn) -> Json:
    text, cut = turn.text[:MOST_CHARACTERS], max(0, len(turn.text) - MOST_CHARACTERS)
    body: dict[str, Json] = {"n": turn.index, "role": turn.role, "text": text, "cut": cut, "at": round(turn.at, 1)}
    if turn.direction is not None:
        body["direction"] = turn.direction.model_dump(mode="json", exclude_defaults=True)
    body |= {"frustration": turn.frustration, "rejected": list(turn.rejected)}
    if turn.heard is not None:
        body["heard"] = [str(act) for act in turn.heard.acts]
    return _without_nothing(body | (_reply(turn.reply) if turn.reply else {}), keep=("n", "text"))


def _reply(reply: Reply) -> dict[str, Json]:
    return {
        "latency": round(reply.latency_ms),
        "tools": [[c.name[:120], _short(c.arguments), _short(c.result)] for c in reply.tool_calls[:MOST_CALLS]],
        "handed_off": reply.handed_off,
        "failed": [[a.kind, a.detail[:MOST_OF_A_CALL]] for a in reply.attempts],
    }


def _short(value: Json) -> str:
    text = "" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MOST_OF_A_CALL else text[:MOST_OF_A_CALL] + "…"


def _verdict(verdict: Verdict) -> Json:
    return _without_nothing(
        {
            "outcome": verdict.outcome,
            "reason": verdict.reason,
            "judge": verdict.judge,
            "judged": [verdict.judged, len(verdict.results)],
            "results": [_result(result) for result in _worst_first(verdict.results)],
            "scorecard": [[s.turn, *s.ratings, s.reason, [[e.turn, e.quote] for e in s.evidence]] for s in verdict.scorecard],
            "first_bad": verdict.first_bad_turn,
            "injection": list(verdict.injection_turns),
            "warnings": list(verdict.warnings),
            "invalid": verdict.invalid,
            "as_played": verdict.as_played,
            "audit": [[f.defect, f.severity, f.turn, f.quote, f.reason] for f in verdict.audit.findings] if verdict.audit else None,
        },
        keep=("first_bad",),
    )


def _result(result: CriterionResult) -> Json:
    evidence = [[e.turn, e.quote] for e in result.evidence]
    return [result.criterion, result.outcome, result.gate, result.reason, evidence, result.judge]


def _worst_first(results: Iterable[CriterionResult]) -> Iterator[CriterionResult]:
    order = ("fail", "error", "unscored", "pass")
    yield from sorted(results, key=lambda r: (order.index(r.outcome), not r.gate))


def _without_nothing(body: Mapping[str, Json], keep: Sequence[str] = ()) -> dict[str, Json]:
    """What says something: no None, nothing empty, no zero or False, but for the fields in `keep`."""
    return {name: value for name, value in body.items() if value or name in keep}
