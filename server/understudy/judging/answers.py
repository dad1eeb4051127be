"""What a mind answered, read without trust: on the scale or not, quotes that are there or not. Nothing is bent to fit.

The shapes say to a provider what is wanted, in the order evidence, reasoning, verdict; reading them is ours, row by row, so that one
row that does not fit takes no other with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, NamedTuple, cast

from pydantic import BaseModel, WithJsonSchema

from understudy.domain.rubric import Criterion
from understudy.domain.transcript import Transcript
from understudy.domain.verdict import Evidence, Rating, TurnScore
from understudy.judging.evidence import check_quote, normalise_quote, supported
from understudy.judging.finding import Finding, unscored

__all__ = [
    "CriteriaAnswer",
    "CriterionAnswer",
    "ReadCriteria",
    "ReadTurns",
    "TurnAnswer",
    "TurnsAnswer",
    "read_criteria",
    "read_turns",
    "unrated",
]

SIDES = ("tone", "relevance", "accuracy")
LONGEST_REASONING = 600
SHORTEST_QUOTE = 3
"""Characters: below that a quote shows nothing, unless it is the whole turn."""

_TEXT: dict[str, Any] = {"type": "string"}
_RATING: dict[str, Any] = {"type": "string", "enum": ["pass", "concern", "fail", "abstain"]}
_VERDICT: dict[str, Any] = {"type": "string", "enum": ["pass", "fail", "1", "2", "3", "4", "5", "abstain"]}
_QUOTES: dict[str, Any] = {
    "type": "array",
    "items": {"type": "object", "properties": {"turn": {"type": "integer"}, "quote": {"type": "string"}}},
}

Loose = Any
"""Anything: read afterwards."""


class CriterionAnswer(BaseModel):
    """One criterion as answered."""

    criterion: Annotated[Loose, WithJsonSchema(_TEXT)] = None
    evidence: Annotated[Loose, WithJsonSchema(_QUOTES)] = None
    reasoning: Annotated[Loose, WithJsonSchema(_TEXT)] = None
    verdict: Annotated[Loose, WithJsonSchema(_VERDICT)] = None


class CriteriaAnswer(BaseModel):
    """Criteria as answered."""

    results: list[CriterionAnswer]


class TurnAnswer(BaseModel):
    """One row of the scorecard as answered."""

    turn: Annotated[Loose, WithJsonSchema({"type": "integer"})] = None
    quote: Annotated[Loose, WithJsonSchema(_TEXT)] = None
    reasoning: Annotated[Loose, WithJsonSchema(_TEXT)] = None
    tone: Annotated[Loose, WithJsonSchema(_RATING)] = None
    relevance: Annotated[Loose, WithJsonSchema(_RATING)] = None
    accuracy: Annotated[Loose, WithJsonSchema(_RATING)] = None


class TurnsAnswer(BaseModel):
    """Rows of the scorecard as answered."""

    turns: list[TurnAnswer]


class ReadCriteria(NamedTuple):
    """Findings of the criteria that can be used, and what is wrong with each of the others."""

    findings: dict[str, Finding]
    problems: dict[str, str]
    strays: tuple[str, ...]
    """Names that were not asked about."""


class ReadTurns(NamedTuple):
    """A row for each turn asked about, with `unscored` for what cannot be used, and what is wrong with which."""

    rows: dict[int, TurnScore]
    problems: dict[int, str]
    strays: tuple[str, ...]


def read_criteria(answers: Sequence[CriterionAnswer], wanted: Sequence[Criterion], transcript: Transcript) -> ReadCriteria:
    """The answers to the criteria `wanted`, each on its own."""
    texts = [t.text for t in transcript.turns]
    findings: dict[str, Finding] = {}
    problems: dict[str, str] = {}
    for criterion in wanted:
        rows = [a for a in answers if _id(a.criterion) == criterion.id]
        if len(rows) != 1:
            problems[criterion.id] = "is missing" if not rows else f"is answered {len(rows)} times"
            continue
        found = _finding(rows[0], criterion, texts)
        if isinstance(found, str):
            problems[criterion.id] = found
        else:
            findings[criterion.id] = found
    ids = {c.id for c in wanted}
    strays = dict.fromkeys(_short(a.criterion) for a in answers if _id(a.criterion) not in ids)
    return ReadCriteria(findings, problems, tuple(strays))


def _id(said: object) -> str | None:
    """The id, also between the backticks in which the rubric prints it."""
    return said.strip().strip("`") if isinstance(said, str) else None


def _finding(answer: CriterionAnswer, criterion: Criterion, texts: Sequence[str]) -> Finding | str:
    """What was found, or in words what is wrong with the answer."""
    graded = _on_scale(answer.verdict, criterion)
    if graded is None:
        scale = "pass, fail or abstain" if criterion.scale == "pass_fail" else "1, 2, 3, 4, 5 or abstain"
        return f"the verdict {_short(answer.verdict)} is not on its scale ({scale})"
    reasoning = _words(answer.reasoning)
    if not reasoning:
        return "there is no reasoning"
    quotes, unreadable = _quotes(answer.evidence)
    told = [q for q in quotes if _tells(q, texts)]
    kept = supported(told, texts)
    if graded == "abstain":
        return unscored(f"The judge abstained (its words, untrusted): {reasoning}", *kept)
    passes = graded == "pass" if isinstance(graded, str) else graded >= criterion.pass_at
    if not kept and (quotes or unreadable):
        return f"no quote stands in the turn that it cites{_first_missing(quotes, texts)}"
    if not kept and not passes:
        return "less than a pass needs a quote of a turn that shows it, and there is none"
    score = None if isinstance(graded, str) else float(graded)
    level = f"{graded} of 5. " if score is not None else ""
    reason = f"{level}The judge's words (untrusted): {reasoning}{_flags(quotes, unreadable, texts)}"
    return Finding(outcome="pass" if passes else "fail", reason=reason, evidence=kept, score=score)


def _on_scale(verdict: object, criterion: Criterion) -> str | int | None:
    """`pass`, `fail`, `abstain` or the level; None for anything off the criterion's scale."""
    if isinstance(verdict, bool):
        return None
    if isinstance(verdict, float):
        verdict = int(verdict) if verdict.is_integer() else None  # JSON does not tell 4.0 from 4
    said = str(verdict).strip().casefold() if isinstance(verdict, str | int) else ""
    if said == "abstain":
        return said
    if criterion.scale == "pass_fail":
        return said if said in ("pass", "fail") else None
    return int(said) if said in ("1", "2", "3", "4", "5") else None


def read_turns(answers: Sequence[TurnAnswer], wanted: Sequence[int], transcript: Transcript) -> ReadTurns:
    """The rows for the agent turns `wanted`, each on its own."""
    rows: dict[int, TurnScore] = {}
    problems: dict[int, str] = {}
    for turn in wanted:
        found = [a for a in answers if _number(a.turn) == turn]
        if len(found) != 1:
            problems[turn] = "is missing" if not found else f"is answered {len(found)} times"
            rows[turn] = unrated(turn, f"The row {problems[turn]}.")
            continue
        rows[turn], problem = _row(found[0], turn, transcript.turns[turn].text)
        if problem:
            problems[turn] = problem
    asked = set(wanted)
    strays = dict.fromkeys(_short(a.turn) for a in answers if _number(a.turn) not in asked)
    return ReadTurns(rows, problems, tuple(strays))


def unrated(turn: int, reason: str) -> TurnScore:
    """The row of a turn that could not be rated."""
    return TurnScore(turn=turn, tone="unscored", relevance="unscored", accuracy="unscored", reason=reason)


def _row(answer: TurnAnswer, turn: int, text: str) -> tuple[TurnScore, str]:
    said: dict[str, Rating | None] = {side: _rating(getattr(answer, side)) for side in SIDES}
    off = [side for side, rating in said.items() if rating is None]
    quote = answer.quote if isinstance(answer.quote, str) else ""
    check = check_quote([text], 0, quote)
    holds = check.status == "exact" and (not text.strip() or len(normalise_quote(quote)) >= SHORTEST_QUOTE or quote.strip() == text.strip())
    worse = [side for side, rating in said.items() if rating in ("concern", "fail")]
    problem = ""
    if off:
        problem = f"{', '.join(off)}: {_short(getattr(answer, off[0]))} is not pass, concern, fail or abstain"
    elif worse and not holds:
        problem = f"{', '.join(worse)}: the quote {_short(quote)} does not stand in this turn"
    kept: dict[str, Rating] = {side: _usable(rating, quoted=holds) for side, rating in said.items()}
    reason = f"The judge's words (untrusted): {_words(answer.reasoning)}" if _words(answer.reasoning) else ""
    if problem:
        reason = f"Unscored where the answer cannot be used ({problem}). {reason}".strip()
    evidence = (Evidence(turn=turn, quote=check.quote),) if worse and holds else ()
    row = TurnScore(turn=turn, tone=kept["tone"], relevance=kept["relevance"], accuracy=kept["accuracy"], reason=reason, evidence=evidence)
    return row, problem


def _usable(rating: Rating | None, *, quoted: bool) -> Rating:
    return rating if rating is not None and (quoted or rating not in ("concern", "fail")) else "unscored"


def _rating(said: object) -> Rating | None:
    word = said.strip().casefold() if isinstance(said, str) else ""
    known: dict[str, Rating] = {"pass": "pass", "concern": "concern", "fail": "fail", "abstain": "unscored"}
    return known.get(word)


def _quotes(given: object) -> tuple[list[Evidence], int]:
    """The quotes that have a turn and words, and how many have not."""
    items = cast("list[object]", given) if isinstance(given, list) else [] if given is None else [given]
    quotes: list[Evidence] = []
    for item in items:
        body = cast("dict[str, object]", item) if isinstance(item, dict) else {}
        turn, quote = _number(body.get("turn")), body.get("quote")
        if turn is not None and isinstance(quote, str):
            quotes.append(Evidence(turn=turn, quote=quote))
    return quotes, len(items) - len(quotes)


def _number(said: object) -> int | None:
    if isinstance(said, bool):
        return None
    if isinstance(said, int):
        return said if said >= 0 else None
    digits = said.strip().strip("[]") if isinstance(said, str) else ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else None


def _tells(quote: Evidence, texts: Sequence[str]) -> bool:
    words = normalise_quote(quote.quote)
    whole = normalise_quote(texts[quote.turn]) if quote.turn < len(texts) else None
    return len(words) >= SHORTEST_QUOTE or words == whole


def _first_missing(quotes: Iterable[Evidence], texts: Sequence[str]) -> str:
    for quote in quotes:
        if not check_quote(texts, quote.turn, quote.quote).holds:
            return f": {_short(quote.quote)} is not in turn {quote.turn}"
    return ""


def _flags(quotes: Sequence[Evidence], unreadable: int, texts: Sequence[str]) -> str:
    """What became of quotes that were not where they were said to be."""
    checks = [(q, check_quote(texts, q.turn, q.quote)) for q in quotes]
    moved = [f"{q.turn} for {c.turn}" for q, c in checks if c.status == "wrong_turn"]
    lost = sum(not c.holds for _, c in checks) + unreadable
    notes = [f"cited turn {', '.join(moved)}"] if moved else []
    notes += [f"{lost} quotes that are not there left out"] if lost else []
    return f" [{'; '.join(notes)}]" if notes else ""


def _words(said: object) -> str:
    text = " ".join(said.split()) if isinstance(said, str) else ""
    return text if len(text) <= LONGEST_REASONING else text[: LONGEST_REASONING - 1].rstrip() + "…"


def _short(said: object) -> str:
    text = repr(said)
    return text if len(text) <= 80 else text[:79] + "…"
