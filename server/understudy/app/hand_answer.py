"""The answer of a caller who plays the agent, held to the limits of every other target: what is kept must be readable again."""

from __future__ import annotations

from typing import Any

from understudy.domain.conversation import Reply, ToolCall
from understudy.domain.errors import BadInput
from understudy.targets.failure import CallFailed
from understudy.targets.limits import MAX_STATE, MAX_TEXT, at_most, fit_json, fit_name, json_size
from understudy.wire.parsing import tame

__all__ = ["fitting"]


def fitting(reply: Reply) -> Reply:
    """The reply as it is kept: long arguments and results replaced by a note. Raises BadInput for what is too big or too deep."""
    calls = tuple(_call(call) for call in reply.tool_calls)
    state = _tamed(reply.state, "reply_more.state")
    try:
        at_most(MAX_TEXT, len(reply.text), "reply", "the text")
        at_most(MAX_STATE, json_size(state), "reply_more", "the exposed state as JSON")
    except CallFailed as error:
        raise BadInput("reply", str(error), "Pass less of it") from None
    return reply.evolve(text=_tamed(reply.text, "reply"), tool_calls=calls, state=state)


def _call(call: ToolCall) -> ToolCall:
    arguments, result = (fit_json(_tamed(value, "reply_more.tool_calls")) for value in (call.arguments, call.result))
    return call.evolve(name=fit_name(_tamed(call.name, "reply_more.tool_calls")), arguments=arguments, result=result)


def _tamed(value: Any, field: str) -> Any:
    try:
        return tame(value)
    except ValueError as error:  # TooDeep, and numbers that no JSON reader takes
        raise BadInput(field, f"cannot be kept: {error}", "Pass what the agent shows, in plain JSON") from None
