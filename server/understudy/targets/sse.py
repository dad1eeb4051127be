"""Server-sent events of a streamed chat completion, put together into the body that an unstreamed one would have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from understudy.targets.failure import CallFailed
from understudy.targets.limits import MAX_TEXT, at_most
from understudy.wire.content import at_path, text_of
from understudy.wire.excerpts import excerpt
from understudy.wire.masking import Secrets
from understudy.wire.parsing import TooDeep, is_list, is_object, parse_json

__all__ = ["EventSplitter", "StreamedAnswer", "object_of"]


class EventSplitter:
    """Bytes in, the data of whole events out, however the network has cut them."""

    def __init__(self) -> None:
        self._rest: list[bytes] = []
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The data of every event that `chunk` completes."""
        self._rest.append(chunk)
        if b"\n" not in chunk:
            return
        *lines, rest = b"".join(self._rest).split(b"\n")
        self._rest = [rest]
        for raw in lines:
            line = raw.rstrip(b"\r")
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
            elif not line and self._data:
                yield self._take()

    def end(self) -> Iterator[bytes]:
        """The data of a last event that no blank line has closed."""
        yield from self.feed(b"\n")
        if self._data:
            yield self._take()

    def _take(self) -> bytes:
        data, self._data = b"\n".join(self._data), []
        return data


class StreamedAnswer:
    """The answer so far. `finished` once the stream has said so, by `[DONE]` or a finish reason."""

    def __init__(self, address: str, state_path: str | None, secrets: Secrets) -> None:
        self._address, self._state_path, self._secrets = address, state_path, secrets
        self._text: list[str] = []
        self._length = 0
        self._calls: dict[int, dict[str, list[str]]] = {}
        self._state: Any = None
        self._last: dict[str, Any] = {}
        self._choices = 0
        self.finished = False

    def add(self, data: bytes) -> None:
        """Take in one event.

        Raises CallFailed: rubbish when it is no JSON object, http_5xx when it reports an error, wrong_shape when the text is too long.
        """
        if data.strip() == b"[DONE]":
            self.finished = True
            return
        chunk = object_of(data, self._address, self._secrets)
        if error := self._secrets.mask_json(chunk.get("error")):
            raise CallFailed("http_5xx", f"{self._address} broke off its stream: {excerpt(json.dumps(error))}", passing=True)
        self._last = chunk
        if self._state_path and (state := at_path(chunk, self._state_path)) is not None:
            self._state = state
        choice = at_path(chunk, "choices.0")
        if is_object(choice):
            self._choices += 1
            self._add_choice(choice)

    def _add_choice(self, choice: dict[str, Any]) -> None:
        delta: Any = choice.get("delta") or choice.get("message")
        words = text_of(at_path(delta, "content")) or ""
        self._text.append(words)
        self._length += len(words)
        at_most(MAX_TEXT, self._length, self._address, "the text so far")
        pieces = at_path(delta, "tool_calls")
        for position, piece in enumerate(pieces if is_list(pieces) else []):
            self._add_call(position, piece)
        if choice.get("finish_reason"):
            self.finished = True

    def _add_call(self, position: int, piece: Any) -> None:
        """The name and arguments of a call come in pieces, told apart by `index`."""
        index = at_path(piece, "index")
        call = self._calls.setdefault(index if isinstance(index, int) else position, {"name": [], "arguments": []})
        for field in ("name", "arguments"):
            value = at_path(piece, f"function.{field}")
            if value:
                call[field].append(value if isinstance(value, str) else json.dumps(value))

    def body(self) -> tuple[dict[str, Any], Any]:
        """The answer as an unstreamed body, and the state seen on the way. Raises CallFailed when it was cut off."""
        if not self.finished:
            raise CallFailed("reset", f"{self._address} ended its stream in the middle of the answer.", passing=True)
        calls = [{field: "".join(pieces) for field, pieces in self._calls[i].items()} for i in sorted(self._calls)]
        message = {"role": "assistant", "content": "".join(self._text), "tool_calls": calls}
        found: dict[str, Any] = {**self._last, "choices": [{"message": message}] if self._choices else []}
        return found, self._state


def object_of(data: bytes, address: str, secrets: Secrets) -> dict[str, Any]:
    """The JSON object in an event's data. Raises CallFailed (rubbish, or wrong_shape when too deep)."""
    try:
        body = parse_json(data)
    except TooDeep as error:
        raise CallFailed("wrong_shape", f"{address} streamed {error}.") from None
    except ValueError:
        body = None
    if not is_object(body):
        said = secrets.mask_piece(data.decode(errors="replace"))
        raise CallFailed("rubbish", f"{address} streamed something that is no JSON object: {excerpt(said)!r}")
    return body
