"""What a target's JSON answer means: its text, tool calls, state, session and whether a human takes over."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from understudy.domain.conversation import FailureKind, Reply, ToolCall, Turn
from understudy.domain.value import JsonObject
from understudy.targets.base_settings import HandoffRule
from understudy.targets.failure import CallFailed
from understudy.targets.limits import MAX_SESSION, MAX_STATE, MAX_TEXT, MAX_TOOL_CALLS, at_most, fit_json, fit_name, json_size
from understudy.wire.content import at_path, text_of
from understudy.wire.excerpts import excerpt
from understudy.wire.parsing import is_list, is_object, parse_json

__all__ = ["as_messages", "found_instead", "hands_off", "reply_from_line", "state_from", "tool_calls_from"]

_ROLE = {"user": "user", "agent": "assistant"}


def as_messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """The conversation in OpenAI's form, oldest first."""
    return [{"role": _ROLE[turn.role], "content": turn.text} for turn in turns]


def tool_calls_from(found: Any, where: str) -> tuple[ToolCall, ...]:
    """Tool calls in OpenAI's form (`{function: {name, arguments}}`) or the plain one (`{name, arguments, result}`).

    Raises CallFailed (wrong_shape) when one has no name, or when there are too many.
    """
    if not found:
        return ()
    if not is_list(found):
        raise CallFailed("wrong_shape", f"{where}: `tool_calls` is {found_instead(found)}, not a list.")
    at_most(MAX_TOOL_CALLS, len(found), where, "`tool_calls`", "entries")
    calls: list[ToolCall] = []
    for position, item in enumerate(found):
        inner = at_path(item, "function")
        body = inner if is_object(inner) else item
        name = at_path(body, "name")
        if not isinstance(name, str) or not name:
            raise CallFailed("wrong_shape", f"{where}: `tool_calls.{position}` has no name; it is {found_instead(item)}.")
        arguments, result = fit_json(_arguments(at_path(body, "arguments"))), fit_json(at_path(item, "result"))
        calls.append(ToolCall(name=fit_name(name), arguments=arguments, result=result))
    return tuple(calls)


def _arguments(given: Any) -> Any:
    """Arguments come as JSON inside a string; what does not parse stays as it is, for the transcript to show."""
    if not isinstance(given, str):
        return given
    try:
        return parse_json(given)
    except ValueError:
        return given


def state_from(found: Any, where: str) -> JsonObject | None:
    """The exposed state: an object or nothing. Raises CallFailed (wrong_shape) for anything else, and when it is too big."""
    if found is None:
        return None
    if not is_object(found):
        raise CallFailed("wrong_shape", f"{where}: the exposed state is {found_instead(found)}, not an object.")
    at_most(MAX_STATE, json_size(found), where, "the exposed state as JSON")
    return found


def hands_off(rule: HandoffRule, text: str, calls: Sequence[ToolCall], body: Any) -> bool:
    """Whether the rule sees a hand-off to a human in this answer."""
    tools = {fit_name(name) for name in rule.tools}
    if any(call.name in tools for call in calls):
        return True
    if rule.pattern and re.search(rule.pattern, text, re.IGNORECASE):
        return True
    return bool(rule.path and at_path(body, rule.path))


def reply_from_line(body: JsonObject, rule: HandoffRule, where: str) -> Reply:
    """The reply in one answer object `{text, tool_calls?, state?, handed_off?, closed?, session?}`.

    `reply` and `content` are taken for `text`. Raises CallFailed: what it reports when it holds `error` (`kind` may say
    empty or wrong_shape; otherwise it is crashed), wrong_shape when it has no text, a field of the wrong kind or one that is too big.
    """
    if (error := body.get("error")) is not None:
        raise _reported(error, body, where)
    key = next((k for k in ("text", "reply", "content") if k in body), None)
    calls = tool_calls_from(body.get("tool_calls"), where)
    text = text_of(body[key]) if key else ("" if calls else None)
    if text is None:
        raise CallFailed("wrong_shape", f"{where} answered {found_instead(body)}; it needs a `text` that is a string.")
    at_most(MAX_TEXT, len(text), where, "the text")
    session = body.get("session")
    if session is not None and not isinstance(session, str):
        raise CallFailed("wrong_shape", f"{where}: `session` is {found_instead(session)}, not a string.")
    at_most(MAX_SESSION, len(session or ""), where, "`session`")
    return Reply(
        text=text,
        tool_calls=calls,
        state=state_from(body.get("state"), where),
        session=session,
        handed_off=bool(body.get("handed_off")) or hands_off(rule, text, calls, body),
        closed=bool(body.get("closed")),
    )


def _reported(error: Any, body: JsonObject, where: str) -> CallFailed:
    said = excerpt(error if isinstance(error, str) else json.dumps(error))
    kind: FailureKind = body["kind"] if body.get("kind") in ("empty", "wrong_shape") else "crashed"
    detail = f"{where} reported an error: {said}" if kind == "crashed" else f"{where} gave no answer: {said}"
    traceback = body.get("traceback")
    return CallFailed(kind, detail, stderr=traceback if isinstance(traceback, str) else "")


def found_instead(value: Any) -> str:
    """What a value is, in words, for a message about a wrong shape."""
    if is_object(value):
        keys = [f"`{excerpt(str(key), 40)}`" for key in list(value)[:8]]
        return f"an object with {', '.join(keys)}" if keys else "an empty object"
    if is_list(value):
        return f"a list of {len(value)}"
    if isinstance(value, str):
        return f"the text {excerpt(value, 60)!r}"
    return "null" if value is None else f"{excerpt(json.dumps(value, default=str), 40)}"
