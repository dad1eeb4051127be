"""The line of a finished conversation: what analysis, comparison and report read of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from understudy.domain.campaign import Cell, ConversationLine, CriterionLine, Spend
from understudy.domain.model_call import ModelCall
from understudy.domain.model_price import total
from understudy.domain.transcript import Transcript
from understudy.domain.verdict import CriterionResult, Metrics, Verdict
from understudy.judging.case import Case
from understudy.judging.metrics import measure
from understudy.text.manner_of_speech import manner_of_speech

__all__ = ["Tries", "line_of", "spend_of", "unscored_line"]


class Tries(NamedTuple):
    """How often a conversation was begun and taken up, and what all of that used."""

    calls: Sequence[ModelCall] = ()
    """Of models, in every try."""
    rerun: int = 0
    resumed: int = 0
    restarted: int = 0


def line_of(cell: Cell, transcript: Transcript, verdict: Verdict, tries: Tries = Tries()) -> ConversationLine:  # noqa: B008 - a value
    """The line of `cell`, played at last as `transcript`. Raises ValueError for a conversation that has not ended."""
    return _line(cell, transcript, tries, verdict.metrics).evolve(
        outcome=verdict.outcome,
        reason=verdict.reason,
        simulator_fault=verdict.invalid or (transcript.ending is not None and transcript.ending.kind == "simulator_failed"),
        criteria=tuple(_criterion(result) for result in verdict.results),
    )


def unscored_line(cell: Cell, transcript: Transcript, why: str, tries: Tries = Tries()) -> ConversationLine:  # noqa: B008 - a value
    """The line of a conversation that a fault of ours kept from being judged: unscored, with the fault named."""
    return _line(cell, transcript, tries, measure(Case(transcript), counts=False)).evolve(reason=why)


def spend_of(transcripts: Iterable[Transcript], calls: Iterable[ModelCall]) -> Spend:
    """What a conversation used, with every try of it: `transcripts` and their `calls`. Running time is the campaign's own."""
    made = list(calls)
    ours = total(call for call in made if call.role != "target")
    every = total(made)
    return Spend(
        calls=ours.calls,
        target_calls=sum(_target_calls(transcript) for transcript in transcripts),
        input_tokens=ours.input_tokens,
        cached_tokens=ours.cached_tokens,
        output_tokens=ours.output_tokens,
        usd=every.cost_usd,
        unpriced_calls=every.unpriced,
    )


def _line(cell: Cell, transcript: Transcript, tries: Tries, metrics: Metrics) -> ConversationLine:
    if transcript.ending is None:
        raise ValueError(f"run {transcript.run_id} has not ended; only finished conversations have a line")
    scenario, spent = transcript.scenario, spend_of((), tries.calls)
    return ConversationLine(
        run_id=transcript.run_id,
        index=cell.index,
        persona=cell.persona,
        segment=scenario.persona.segment,
        goal=scenario.goal.id,
        target=cell.target,
        repeat=cell.repeat,
        seed=cell.seed,
        ending=transcript.ending.kind,
        cause=transcript.ending.cause,
        outcome="unscored",
        rerun=tries.rerun,
        resumed=tries.resumed,
        restarted=tries.restarted,
        metrics=metrics,
        manner=_manner(transcript),
        tokens=spent.input_tokens + spent.output_tokens,
        usd=None if spent.unpriced_calls else spent.usd,
        seconds=transcript.turns[-1].at if transcript.turns else 0.0,
    )


def _manner(transcript: Transcript) -> tuple[float, ...] | None:
    said: Sequence[str] = [turn.text for turn in transcript.agent_turns if turn.text.strip()]
    return manner_of_speech(said, transcript.scenario.persona.language)


def _criterion(result: CriterionResult) -> CriterionLine:
    return CriterionLine(
        criterion=result.criterion,
        outcome=result.outcome,
        gate=result.gate,
        reason=result.reason,
        turn=result.evidence[0].turn if result.evidence else None,
    )


def _target_calls(transcript: Transcript) -> int:
    """Answers, failed attempts before them, and the call that ended in none."""
    replies = [turn.reply for turn in transcript.agent_turns if turn.reply is not None]
    failure = transcript.ending.failure if transcript.ending is not None else None
    asked = len(replies) + sum(len(reply.attempts) for reply in replies)
    if failure is None or failure.kind in ("lost_session", "not_configured"):
        return asked
    return asked + max(1, len(failure.attempts))
