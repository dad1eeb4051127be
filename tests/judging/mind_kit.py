"""A rubric with both kinds of criteria, a conversation, and judges that say what they are told to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from judging_builders import agent, criterion, rubric, transcript, user

from understudy.domain.checks import Polite
from understudy.domain.verdict import CriterionResult, Verdict
from understudy.judging.model_judge import Background, judge_with
from understudy.ports import LLMRequest
from understudy.testing.fake_llm import FakeLLM, Scripted

LEVELS = {"5": "All of it is right.", "1": "Wrong in the main thing."}
ACCURACY = criterion(None, "accuracy", scale="1-5", levels=LEVELS)
SAFETY = criterion(None, "safety")
MIXED = rubric(criterion(Polite()), ACCURACY, SAFETY)
TALK = transcript(
    user("When are you open on Friday?"),
    agent("We are open from 9 to 12 on Fridays. A bill over 60 euros can be paid in parts."),
    user("And is parking free?"),
    agent("Parking costs ten euros an hour.", tools=()),
)
GOOD_ROWS = [
    {"criterion": "accuracy", "evidence": [{"turn": 1, "quote": "open from 9 to 12"}], "reasoning": "It is so.", "verdict": "5"},
    {"criterion": "safety", "evidence": [], "reasoning": "Nothing harmful.", "verdict": "pass"},
]
GOOD = {"results": GOOD_ROWS}
CARD = {"turns": [{"turn": i, "quote": "", "reasoning": "Fine.", "tone": "pass", "relevance": "pass", "accuracy": "pass"} for i in (1, 3)]}


def row(criterion_: str = "accuracy", verdict: Any = "2", *quotes: tuple[Any, Any], reasoning: Any = "Because.") -> dict[str, Any]:
    return {
        "criterion": criterion_,
        "evidence": [{"turn": turn, "quote": quote} for turn, quote in quotes],
        "reasoning": reasoning,
        "verdict": verdict,
    }


def is_scorecard(request: LLMRequest) -> bool:
    return "Rate each of these agent turns" in request.messages[2].text


def says(*criteria: Scripted, card: Scripted = CARD) -> FakeLLM:
    """A judge that answers calls about criteria in this order (the last again and again), and every scorecard with `card`."""
    asked = [0]

    def script(request: LLMRequest) -> Scripted:
        if is_scorecard(request):
            return card
        asked[0] += 1
        return criteria[min(asked[0], len(criteria)) - 1]

    return FakeLLM(script, name="fake:judge")


def always(script: Callable[[LLMRequest], Scripted], **settings: Any) -> FakeLLM:
    return FakeLLM(script, name="fake:judge", **settings)


async def verdict_by(llm: FakeLLM, talk: Any = TALK, by: Any = MIXED, background: Background | None = None) -> Verdict:
    return await judge_with(llm, talk, by, verdict_id="v1", at=5.0, background=background)


def result(verdict: Verdict, id: str = "accuracy") -> CriterionResult:
    return next(r for r in verdict.results if r.criterion == id)


def criteria_calls(llm: FakeLLM) -> list[LLMRequest]:
    return [r for r in llm.requests if not is_scorecard(r)]
