"""The audit with a model, on top of the counting one: findings with quotes, and a quote that is not in the cited turn is no finding."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from understudy.domain.audit import AuditFinding, UserAudit
from understudy.domain.model_call import CallFor, ModelMessage
from understudy.domain.transcript import Transcript
from understudy.judging.audit.offline import worst_first
from understudy.judging.evidence import check_quote
from understudy.ports import LLM, LLMRequest
from understudy.prompting.fence import fence
from understudy.prompting.prompt import load_prompt
from understudy.prompting.structured import NoAnswer, ask

__all__ = ["audit_with", "auditor_of"]

_VERSION = "1"
_ROOM = 1_500
_LONGEST_TURN = 4_000


class _Finding(BaseModel):
    defect: Literal["role_flip", "goal_dump", "invented_fact", "too_cooperative", "ended_early", "never_ended", "persona_drift"]
    turn: int
    quote: str
    severity: Literal["critical", "minor"]
    reason: str


class _Answer(BaseModel):
    reasoning: str = ""
    findings: list[_Finding] = []


def auditor_of(llm: LLM) -> str:
    """As recorded with what it finds: `model/1 audit/1#3fa2c19b openai:gpt-5-mini`."""
    return f"model/1 {load_prompt('audit', _VERSION).label} {llm.name}"


async def audit_with(llm: LLM, transcript: Transcript, offline: UserAudit) -> UserAudit:
    """`offline` with what the model finds besides. A model that gives no answer adds a note and nothing else."""
    try:
        answer = await ask(llm, _request(transcript), _Answer)
    except NoAnswer as why:
        return offline.evolve(note=f"Counted only: {llm.name} gave no audit ([{why.kind}] {why.detail[:200]}).")
    found = [f for f in (_checked(f, transcript, auditor_of(llm)) for f in answer.value.findings) if f is not None]
    dropped = len(answer.value.findings) - len(found)
    return UserAudit(
        findings=worst_first((*offline.findings, *found)),
        auditor=f"{offline.auditor}, {auditor_of(llm)}",
        note=f"{dropped} of the model's findings had no quote in a message of the user and were left out." if dropped else "",
    )


def _checked(found: _Finding, transcript: Transcript, auditor: str) -> AuditFinding | None:
    """The finding when its quote stands in a message of the user: exactly, or but for what copying changes."""
    texts = [t.text if t.role == "user" else "" for t in transcript.turns]
    check = check_quote(texts, found.turn, found.quote)
    if check.status not in ("exact", "wrong_turn") or not check.quote.strip():
        return None
    return AuditFinding(
        defect=found.defect,
        severity="invalid" if found.severity == "critical" else "warning",
        turn=check.turn,
        quote=check.quote,
        reason=found.reason[:400],
        auditor=auditor,
    )


def _request(transcript: Transcript) -> LLMRequest:
    texts = load_prompt("audit", _VERSION)
    goal, persona = transcript.scenario.goal.for_player(), transcript.scenario.persona
    ending = transcript.ending
    case = texts.render(
        "case",
        persona=persona,
        goal=goal,
        facts=list({f.name: f for f in (*persona.knowledge.known, *goal.known)}.values()),
        unknown=[u.name for u in (*persona.knowledge.unknown, *goal.unknown)],
        ending=f"{ending.kind}, by the {ending.cause}" if ending is not None else "not yet",
        transcript=fence("transcript", _numbered(transcript), salt=transcript.run_id),
    )
    return LLMRequest(
        role="audit",
        system=(texts.render("rules"),),
        messages=(ModelMessage(role="user", text=case),),
        max_tokens=_ROOM,
        temperature=0.0,
        made_for=CallFor(run_id=transcript.run_id),
    )


def _numbered(transcript: Transcript) -> str:
    lines: list[str] = []
    for at, turn in enumerate(transcript.turns):
        who = "customer" if turn.role == "user" else "agent"
        told = f" (direction: {turn.direction.move}; {turn.direction.reason})" if turn.direction is not None else ""
        lines.append(f"[{at}] {who}{told}: {turn.text[:_LONGEST_TURN]}")
    return "\n".join(lines)
