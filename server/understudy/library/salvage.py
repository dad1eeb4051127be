"""Reads as much of a YAML file as is YAML: a list item with a broken quote or indent is left out and reported, and the rest stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from understudy.domain.errors import BadFile
from understudy.library.yaml_source import Located, parse_yaml

__all__ = ["LeftOut", "parse_leniently"]

_MOST_TRIES = 8
_ITEM = re.compile(r"( *)- ")
_KEY = re.compile(r"[\s-]*([\w-]+)\s*:")
_ID = re.compile(r"(?m)^[\s-]*id:\s*[\"']?([\w-]+)")


@dataclass(frozen=True)
class LeftOut:
    """An item that is not YAML: its id as far as it can be read, and what is wrong with it."""

    item: str
    error: BadFile


@dataclass(frozen=True)
class _Block:
    start: int
    end: int
    """Line indexes from 0; `end` is the first line after the block."""

    def of(self, lines: list[str]) -> list[str]:
        return lines[self.start : self.end]

    def blanked(self, lines: list[str]) -> list[str]:
        return [*lines[: self.start], *([""] * (self.end - self.start)), *lines[self.end :]]

    def alone(self, lines: list[str]) -> list[str]:
        return [*([""] * self.start), *self.of(lines)]


def parse_leniently(text: str, path: str) -> tuple[Located, tuple[LeftOut, ...]]:
    """The document without the list items that are not YAML, and those items. Raises BadFile when what is broken is no list item."""
    lines = text.split("\n")
    left_out: list[LeftOut] = []
    first: BadFile | None = None
    for _ in range(_MOST_TRIES):
        read = _read(lines, path)
        if isinstance(read, Located):
            return read, tuple(left_out)
        first = first or read
        block = _culprit(lines, path, read)
        if block is None:
            break
        left_out.append(_left_out(block, lines, path, read))
        lines = block.blanked(lines)
    raise first or BadFile(path, None, None, "cannot be read")


def _read(lines: list[str], path: str) -> Located | BadFile:
    try:
        return parse_yaml("\n".join(lines), path)
    except BadFile as error:
        return error


def _culprit(lines: list[str], path: str, error: BadFile) -> _Block | None:
    """The nearest item before the error without which the document is YAML; failing that (two are broken) the nearest."""
    before = [block for block in _blocks(lines) if error.line is None or block.start < error.line]
    for block in reversed(before):
        if isinstance(_read(block.blanked(lines), path), Located):
            return block
    return before[-1] if before else None


def _blocks(lines: list[str]) -> Iterator[_Block]:
    """The items of the lists that stand at the top of the document or right under its keys."""
    indent: int | None = None
    start: int | None = None
    for number, line in enumerate([*lines, "end:"]):
        item = _ITEM.match(line)
        top = line[:1] not in {"", " ", "\t", "\r", "#", "-"}
        if start is not None and (top or (item and len(item[1]) == indent)):
            yield _Block(start, number)
            start = None
        if top:
            indent = None
        elif item and indent in {None, len(item[1])}:
            indent, start = len(item[1]), number


def _left_out(block: _Block, lines: list[str], path: str, error: BadFile) -> LeftOut:
    """The item parsed alone tells the line better: a quote never closed breaks the document only where the next one opens."""
    alone = _read(block.alone(lines), path)
    own = error if isinstance(alone, Located) else alone
    line = own.line or error.line
    if line is None or not block.start < line <= block.end:
        line = block.start + 1
    key = next((m for number in range(line - 1, block.start - 1, -1) if (m := _KEY.match(lines[number]))), None)
    id = _ID.search("\n".join(block.of(lines)))
    return LeftOut(id[1] if id else "", BadFile(path, line, key[1] if key else None, own.problem, own.fix))
