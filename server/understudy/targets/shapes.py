"""What an unknown agent's answer seems to be: a known wire, or where in its JSON the words, the session and the rest are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from understudy.domain.value import JsonObject
from understudy.targets.http_call import Seen
from understudy.wire.content import at_path
from understudy.wire.parsing import is_list, is_object, parse_json

__all__ = ["answer_settings", "body_for", "documents", "wanted_fields", "wanted_from_schema"]

WORDS = (
    *("reply", "response", "answer", "text", "message", "output", "output_text", "content", "result", "completion", "generated_text"),
    *("bot", "msg", "delta", "token", "chunk", "value"),
)
"""Keys under which agents put their words, likeliest first."""
NOT_WORDS = frozenset(
    ("id", "role", "model", "object", "type", "status", "created", "timestamp", "time", "finish_reason", "error", "detail", "event", "name")
)
SESSIONS = ("session", "session_id", "sessionid", "conversation_id", "conversationid", "thread_id", "threadid", "chat_id", "chatid")
TOOL_CALLS = ("tool_calls", "toolcalls", "actions", "calls")
STATES = ("state", "context")
PATHS = ("chat", "message", "ask", "query", "invoke", "complet", "convers", "reply", "predict", "run")
Leaf = tuple[tuple[str, ...], Any]


def documents(seen: Seen) -> list[Any]:
    """The JSON documents in an answer: one, or those of a stream. A text that is none stays text."""
    if seen.streamed and is_list(seen.body):
        return list(seen.body)
    if not isinstance(seen.body, str):
        return [seen.body]
    lines = [line.removeprefix("data:").strip() for line in seen.body.splitlines() if line.startswith(("data:", "{", "["))]
    return [_parsed(line) for line in lines[:8] if line] or [seen.body]


def _parsed(text: str) -> Any:
    try:
        return parse_json(text)
    except ValueError:
        return text


def answer_settings(seen: Seen) -> JsonObject | None:
    """Settings that fit this answer, without the address; None when nothing in it looks like an agent's words."""
    found = [document for document in documents(seen) if document != "[DONE]"]
    if not found:
        return None
    if (wire := _known_wire(found)) is not None:
        return wire
    if _streams(seen):
        how = "sse" if seen.content_type == "text/event-stream" else "ndjson"
        if all(isinstance(document, str) for document in found):
            return {"kind": "http", "stream": how}
        path = next((path for document in found if (path := _words_path(document))), None)
        none: JsonObject = {}
        done = next(({"done_path": "done"} for document in found if is_object(document) and isinstance(document.get("done"), bool)), none)
        return {"kind": "http", "stream": how, "delta_path": path, **done, **_rest(found[-1])} if path else None
    if isinstance(found[0], str) and seen.content_type in ("text/plain", ""):
        return {"kind": "http"}
    path = _words_path(found[0])
    return {"kind": "http", "reply_path": path, **_rest(found[0])} if path else None


def _streams(seen: Seen) -> bool:
    return seen.streamed or seen.content_type == "text/event-stream" or "ndjson" in seen.content_type or "jsonl" in seen.content_type


def _known_wire(found: list[Any]) -> JsonObject | None:
    if is_object(at_path(found[0], "choices.0.message")):
        return {"kind": "openai"}
    if any(at_path(document, "choices.0.delta") is not None for document in found):
        return {"kind": "openai", "stream": True}
    if at_path(found[0], "content.0.type") == "text":
        return {"kind": "anthropic"}
    if any(at_path(document, "type") in ("message_start", "content_block_delta") for document in found):
        return {"kind": "anthropic", "stream": True}
    return None


def _leaves(body: Any, steps: tuple[str, ...] = (), depth: int = 5) -> Iterator[Leaf]:
    """Everything in the body with its path; of a list only the first item, as `*`."""
    yield steps, body
    if depth and is_object(body):
        for key, inner in list(body.items())[:40]:
            if "." not in key and not re.search(r"\s", key) and key:
                yield from _leaves(inner, (*steps, key), depth - 1)
    elif depth and is_list(body) and body:
        yield from _leaves(body[0], (*steps, "*"), depth - 1)


def _words_path(body: Any) -> str | None:
    def rank(leaf: Leaf) -> tuple[int, int]:
        name = next((step for step in reversed(leaf[0]) if step != "*"), "").lower()
        return (WORDS.index(name) if name in WORDS else len(WORDS), len(leaf[0]))

    def may_be_words(leaf: Leaf) -> bool:
        name = leaf[0][-1].lower() if leaf[0] else ""
        return isinstance(leaf[1], str) and bool(leaf[0]) and name not in NOT_WORDS and name not in SESSIONS and not name.endswith("_id")

    texts = sorted((leaf for leaf in _leaves(body) if may_be_words(leaf)), key=rank)
    return ".".join(texts[0][0]) if texts else None


def _rest(body: Any) -> JsonObject:
    """Where a session, tool calls and a state seem to be."""
    found: JsonObject = {}
    for steps, value in _leaves(body, depth=3):
        name = steps[-1].lower() if steps else ""
        path = ".".join(steps)
        if name in SESSIONS and isinstance(value, (str, int)):
            found.setdefault("session_path", path)
        elif name in TOOL_CALLS and is_list(value):
            found.setdefault("tool_calls_path", path)
        elif name in STATES and is_object(value):
            found.setdefault("state_path", path)
    return found


# ---------------------------------------------------------------- what it wants to be sent

_REQUIRED = re.compile(
    r"[`'\"]?(\w{2,40})[`'\"]?\s+(?:field\s+)?(?:is|was)?\s*(?:required|missing)|(?:missing|required)\W+(\w{2,40})", re.IGNORECASE
)
_NO_FIELDS = frozenset(("field", "fields", "body", "request", "is", "was", "parameter", "property", "required", "missing", "key", "value"))


def wanted_fields(body: Any) -> list[str]:
    """The fields of the request that an error says are missing: the list of a validating framework, or a sentence."""
    details = at_path(body, "detail")
    if is_list(details):
        places = [at_path(item, "loc") for item in details]
        return [str(place[1]) for place in places if is_list(place) and len(place) > 1 and place[0] == "body"]
    words = next((text for text in (at_path(body, "error.message"), at_path(body, "error"), details, at_path(body, "message"), body)
                  if isinstance(text, str)), "")  # fmt: skip
    named = [name for pair in _REQUIRED.findall(words[:500]) for name in pair if name and name.lower() not in _NO_FIELDS]
    return list(dict.fromkeys(named))[:5]


def body_for(fields: list[str]) -> JsonObject:
    """A request body with these fields, each with what its name speaks for."""
    return {field: _placeholder(field.lower()) for field in fields}


def _placeholder(field: str) -> str:
    if field in SESSIONS or field.endswith(("_id", "id")) or field in ("user", "sender"):
        return "{{ run_id }}"
    return "{{ messages }}" if field in ("messages", "history", "chat_history", "conversation") else "{{ message }}"


def wanted_from_schema(schema: Any) -> tuple[str, list[str]] | None:
    """The path and required fields of the likeliest call in an OpenAPI description."""
    paths = at_path(schema, "paths")
    if not is_object(paths):
        return None
    found: list[tuple[int, str, list[str]]] = []
    for path, operations in paths.items():
        content = at_path(operations, "post.requestBody.content")
        media = content.get("application/json") if is_object(content) else None
        if media is not None and "{" not in path:
            rank = next((i for i, word in enumerate(PATHS) if word in path.lower()), len(PATHS))
            found.append((rank, path, _fields(schema, at_path(media, "schema"))))
    likely = [entry for entry in sorted(found) if entry[2]]
    return (likely[0][1], likely[0][2]) if likely else None


def _fields(schema: Any, body: Any) -> list[str]:
    reference = body.get("$ref") if is_object(body) else None
    if isinstance(reference, str):
        for step in reference.removeprefix("#/").split("/"):
            schema = schema.get(step) if is_object(schema) else None
        body = schema
    properties, required = at_path(body, "properties"), at_path(body, "required")
    named = [str(name) for name in required] if is_list(required) else []
    texts = [
        name for name in (properties if is_object(properties) else {}) if name.lower() in ("message", "messages", "text", "query", "prompt")
    ]
    return named or texts[:1]
