"""The events of a streamed message on Anthropic's wire, put together into the body that an unstreamed one would have."""

from __future__ import annotations

import json
from typing import Any

from understudy.targets.failure import CallFailed
from understudy.targets.limits import MAX_TEXT, MAX_TOOL_CALLS, at_most
from understudy.targets.sse import object_of
from understudy.wire.content import at_path
from understudy.wire.excerpts import excerpt
from understudy.wire.masking import Secrets
from understudy.wire.parsing import is_object, parse_json

__all__ = ["StreamedMessage"]

MAX_BLOCKS = 2 * MAX_TOOL_CALLS


class StreamedMessage:
    """The message so far. It is whole once `message_stop` has come."""

    def __init__(self, address: str, state_path: str | None, secrets: Secrets) -> None:
        self._address, self._state_path, self._secrets = address, state_path, secrets
        self._message: dict[str, Any] = {}
        self._blocks: dict[int, dict[str, Any]] = {}
        self._pieces: dict[int, dict[str, list[str]]] = {}
        self._length = 0
        self._state: Any = None
        self.finished = False

    def add(self, data: bytes) -> None:
        """Take in one event.

        Raises CallFailed: rubbish when it is no JSON object, http_5xx when it reports an error, wrong_shape when the text is too long.
        """
        event = object_of(data, self._address, self._secrets)
        if event.get("type") == "error" or event.get("error"):
            said = self._secrets.mask_json(event.get("error") or event)
            raise CallFailed("http_5xx", f"{self._address} broke off its stream: {excerpt(json.dumps(said))}", passing=True)
        if self._state_path and (state := at_path(event, self._state_path)) is not None:
            self._state = state
        self._take(event)

    def _take(self, event: dict[str, Any]) -> None:
        kind = event.get("type")
        if kind == "message_start" and is_object(message := event.get("message")):
            self._message.update({key: value for key, value in message.items() if key != "content"})
        elif kind == "content_block_start" and is_object(block := event.get("content_block")):
            at_most(MAX_BLOCKS, len(self._blocks), self._address, "`content`", "blocks")
            self._blocks[self._index(event)] = dict(block)
        elif kind == "content_block_delta":
            self._add_piece(self._index(event), event.get("delta"))
        elif kind == "message_delta" and is_object(delta := event.get("delta")):
            self._message.update(delta)
        elif kind == "message_stop":
            self.finished = True

    def _index(self, event: dict[str, Any]) -> int:
        index = event.get("index")
        return index if isinstance(index, int) else len(self._blocks) - (event.get("type") == "content_block_delta")

    def _add_piece(self, index: int, delta: Any) -> None:
        """Words and arguments come in pieces; a block that nobody has begun is begun by its first piece."""
        pieces = self._pieces.setdefault(index, {"text": [], "partial_json": []})
        for field, kept in pieces.items():
            if isinstance(words := at_path(delta, field), str):
                kept.append(words)
                self._length += len(words) if field == "text" else 0
        self._blocks.setdefault(index, {"type": "text" if pieces["text"] else "tool_use"})
        at_most(MAX_TEXT, self._length, self._address, "the text so far")

    def body(self) -> tuple[dict[str, Any], Any]:
        """The answer as an unstreamed body, and the state seen on the way. Raises CallFailed when it was cut off."""
        if not self.finished:
            raise CallFailed("reset", f"{self._address} ended its stream in the middle of the answer.", passing=True)
        content = [self._block(index, self._blocks[index]) for index in sorted(self._blocks)]
        return {**self._message, "content": content}, self._state

    def _block(self, index: int, block: dict[str, Any]) -> dict[str, Any]:
        pieces = self._pieces.get(index, {"text": [], "partial_json": []})
        if words := "".join(pieces["text"]):
            begun = block.get("text")
            block = {**block, "text": (begun if isinstance(begun, str) else "") + words}
        if arguments := "".join(pieces["partial_json"]):
            block = {**block, "input": _parsed(arguments)}
        return block


def _parsed(arguments: str) -> Any:
    """What does not parse stays as it is, for the transcript to show."""
    try:
        return parse_json(arguments)
    except ValueError:
        return arguments
