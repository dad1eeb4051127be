"""What the placeholders of a request stand for in one call."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.domain.conversation import Turn
from understudy.domain.value import JsonObject
from understudy.ports import TargetRequest
from understudy.targets.web_settings import AnswerTarget

__all__ = ["values_for"]


def values_for(settings: AnswerTarget, request: TargetRequest, *, session: str | None) -> JsonObject:
    """The values of all placeholders. `message` is the user's last message, empty when the agent is asked to open."""
    turns = request.turns if settings.sends_all else _new(request.turns)
    last = request.turns[-1] if request.turns else None
    return {
        "message": last.text if last is not None and last.role == "user" else "",
        "messages": [_message(settings, turn) for turn in turns],
        "history_text": "\n".join(f"{settings.roles[turn.role]}: {turn.text}" for turn in turns),
        "session": session,
        "run_id": request.run_id,
        "turn": sum(turn.role == "user" for turn in request.turns),
    }


def _new(turns: Sequence[Turn]) -> Sequence[Turn]:
    """What the agent has not been told yet: everything since its last answer."""
    answered = max((turn.index for turn in turns if turn.role == "agent"), default=-1)
    return [turn for turn in turns if turn.index > answered]


def _message(settings: AnswerTarget, turn: Turn) -> JsonObject:
    parts = {"role": settings.roles[turn.role], "content": turn.text}
    return {field: parts[part] for field, part in settings.message_form.items()}
