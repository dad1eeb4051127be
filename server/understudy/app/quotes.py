"""The words behind what went wrong: verdicts of failures, for what they quote, and what a silent target said last."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.app.context import App
from understudy.app.judging import newest_verdict
from understudy.app.transcripts import load
from understudy.domain.campaign import ConversationLine
from understudy.domain.verdict import Verdict

__all__ = ["first_trouble", "verdicts_of_failures"]

MOST_QUOTED = 500


async def verdicts_of_failures(app: App, lines: Iterable[ConversationLine]) -> dict[str, Verdict]:
    """The newest verdict of each of the first conversations that count and failed, by run id."""
    failed = [line.run_id for line in lines if line.outcome == "fail" and not line.simulator_fault][:MOST_QUOTED]
    found = {run_id: await newest_verdict(app, run_id) for run_id in failed}
    return {run_id: verdict for run_id, verdict in found.items() if verdict is not None}


async def first_trouble(app: App, lines: Iterable[ConversationLine]) -> str:
    """Why the first conversation without an answer had none, with what the target said: untrusted. Empty when all were answered."""
    silent = next((line for line in lines if line.outcome == "error"), None)
    ending = (await load(app, silent.run_id)).ending if silent is not None else None
    failure = ending.failure if ending is not None else None
    return f"[{failure.kind}] {failure.detail}" if failure is not None else ""
