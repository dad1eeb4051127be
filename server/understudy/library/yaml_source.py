"""Reads YAML and keeps where everything stood, so that an error names file, line and field.

Values are read the plain way: `no`, `14:30`, `2026-12-03` and `007` are text, as people mean them, and only `true`/`false`, ordinary
numbers and `null` are anything else. A key given twice is an error. Nothing here knows what a persona is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from understudy.domain.errors import BadFile

__all__ = ["Located", "Location", "parse_yaml", "read_text", "read_yaml"]

Location = Sequence[int | str]
"""A way into a document: keys and 0-based positions, as pydantic's `loc` has them."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C is ten times as fast, and not in every build of PyYAML
_compose: Callable[[str, Any], Node | None] = yaml.compose  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - untyped there
_MOST_NODES = 200_000  # aliases can make a small file endless
_TAG = "tag:yaml.org,2002:"
_TEXT_TAGS = frozenset(_TAG + name for name in ("str", "timestamp", "value", "binary"))
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]*([eE][-+][0-9]+)?")
_BOOLS = {"true": True, "false": False}


@dataclass(frozen=True)
class Located:
    """A part of a YAML document: its value, and the lines of everything in it."""

    path: str
    node: Node
    line: int
    """1-based."""

    @property
    def value(self) -> Any:
        """The plain Python value. Raises BadFile for a key given twice, an unknown tag or a document without end."""
        return _Reader(self.path).value(self.node)

    def entries(self) -> Iterator[tuple[str, Located]]:
        """The entries of a mapping in order (nothing when it is none). Raises BadFile for a key given twice."""
        for key, key_node, value_node in _Reader(self.path).pairs(self.node) if isinstance(self.node, MappingNode) else ():
            yield key, Located(self.path, value_node, _line(key_node))

    def items(self) -> Iterator[Located]:
        """The items of a list in order; nothing when it is none."""
        if isinstance(self.node, SequenceNode):
            for item in self.node.value:
                yield Located(self.path, item, _line(item))

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, SequenceNode)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, MappingNode)

    def find(self, location: Location) -> tuple[int, str]:
        """Line and dotted field of `location`, as near as the document has it.

        Short forms are followed (`{name: value}` where the model has a list), and tags of unions, which are in no file, are left out.
        """
        node, line, field = self.node, self.line, ""
        for position, step in enumerate(location):
            last = position == len(location) - 1
            found = _step(node, step)
            if found is not None:
                node, line, field = found[0], found[1], field + found[2]
            elif last and isinstance(step, str) and isinstance(node, MappingNode):
                field += f".{step}"
        return line, field.removeprefix(".")

    def at(self, location: Location) -> Any:
        """The value at `location`, or None when the document does not go there; short forms are followed as in `find`."""
        node = self.node
        for step in location:
            found = _step(node, step)
            if found is not None:
                node = found[0]
            elif not isinstance(node, ScalarNode):
                return None
        return _Reader(self.path).value(node)


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _step(node: Node, step: int | str) -> tuple[Node, int, str] | None:
    """One step down: the node, its line and its name; None where the document does not go on that way."""
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item, _line(item), f"[{step}]"
    if isinstance(node, MappingNode):
        pairs: list[tuple[Node, Node]] = node.value
        for position, (key, value) in enumerate(pairs):
            if isinstance(key, ScalarNode) and (key.value == step or position == step):
                return value, _line(key), f".{key.value}"
    return None


class _Reader:
    """Turns nodes into plain values; one for each document, since it counts."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._left = _MOST_NODES
        self._open: set[int] = set()

    def value(self, node: Node) -> Any:
        self._left -= 1
        if self._left < 0 or id(node) in self._open:
            raise BadFile(self._path, _line(node), None, "an alias (`*name`) refers to itself or repeats without end", "Write it out")
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        self._open.add(id(node))
        try:
            if isinstance(node, MappingNode):
                return {key: self.value(value) for key, _, value in self.pairs(node)}
            return [self.value(item) for item in node.value]
        finally:
            self._open.discard(id(node))

    def pairs(self, node: MappingNode) -> list[tuple[str, Node, Node]]:
        """Key, key node and value node of each entry; those of `<<` come first and give way."""
        own: dict[str, tuple[str, Node, Node]] = {}
        merged: dict[str, tuple[str, Node, Node]] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _TAG + "merge":
                merged.update(self._merged(value_node))
                continue
            key = self._key(key_node)
            if key in own:
                first = _line(own[key][1])
                raise BadFile(self._path, _line(key_node), key, f"given twice, first in line {first}", "Keep one of them")
            own[key] = (key, key_node, value_node)
        return list({**merged, **own}.values()) if merged else list(own.values())

    def _merged(self, node: Node) -> dict[str, tuple[str, Node, Node]]:
        self._left -= 1
        if self._left < 0 or id(node) in self._open:
            raise BadFile(self._path, _line(node), "<<", "merges itself", "Write it out")
        self._open.add(id(node))
        try:
            if isinstance(node, MappingNode):
                return {key: (key, key_node, value_node) for key, key_node, value_node in self.pairs(node)}
            if isinstance(node, SequenceNode):
                return {k: v for item in reversed(node.value) for k, v in self._merged(item).items()}
        finally:
            self._open.discard(id(node))
        raise BadFile(self._path, _line(node), "<<", "merges something that is no mapping")

    def _key(self, node: Node) -> str:
        if not isinstance(node, ScalarNode):
            raise BadFile(self._path, _line(node), None, "a key that is a list or a mapping", "Use a plain word as the key")
        return str(node.value)

    def _scalar(self, node: ScalarNode) -> Any:
        text, tag = str(node.value), node.tag
        if tag in _TEXT_TAGS:
            return text
        if tag == _TAG + "null":
            return None
        if tag == _TAG + "bool":
            return _BOOLS.get(text.lower(), text)
        if tag == _TAG + "int":
            return int(text) if _INT.fullmatch(text) else text
        if tag == _TAG + "float":
            return float(text) if _FLOAT.fullmatch(text) else text
        raise BadFile(self._path, _line(node), None, f"an unknown tag `{tag.removeprefix(_TAG)}`", "Leave the tag out")


def read_text(path: Path) -> str:
    """The text of a file. Raises BadFile when there is none, or when it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise BadFile(str(path), None, None, "there is no such file", "Check the path") from None
    except IsADirectoryError:
        raise BadFile(str(path), None, None, "is a folder, not a file", "Name a file in it") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadFile(str(path), line, None, "is not UTF-8 text", "Save it as UTF-8") from None
    except OSError as error:
        raise BadFile(str(path), None, None, f"could not be read: {error.strerror}", "Check its permissions") from None


def parse_yaml(text: str, path: str) -> Located:
    """The document in `text`. Raises BadFile with the line where it stops being YAML, or when it is empty."""
    try:
        node = _compose(text, _LOADER)
    except yaml.MarkedYAMLError as error:
        raise BadFile(path, _error_line(error, text), None, _sentence(error), _advice(error)) from None
    except (yaml.YAMLError, RecursionError) as error:
        detail = getattr(error, "reason", None) or "nested too deeply"
        raise BadFile(path, None, None, f"is not YAML: {detail}", "Remove the characters or nesting that do not belong") from None
    if node is None or node.tag == _TAG + "null":
        raise BadFile(path, None, None, "is empty", "Write something in it, or leave the file out")
    return Located(path, node, _line(node))


def read_yaml(path: Path) -> Located:
    """The document in a file. Raises BadFile when it cannot be read or is not YAML."""
    return parse_yaml(read_text(path), str(path))


def _error_line(error: yaml.MarkedYAMLError, text: str) -> int | None:
    """Where to look: the problem, or for a quote never closed (found only at the end of the file) where it was opened."""
    mark, context = error.problem_mark, error.context_mark
    if context is not None and (mark is None or "quoted scalar" in (error.context or "")):
        mark = context
    return None if mark is None else min(int(mark.line) + 1, text.count("\n") + 1)


def _sentence(error: yaml.MarkedYAMLError) -> str:
    return f"is not YAML: {error.problem or error.context or 'it cannot be read'}"


def _advice(error: yaml.MarkedYAMLError) -> str:
    said = f"{error.context} {error.problem}"
    if "quoted scalar" in said:
        return "Close the quote"
    if "mapping values are not allowed" in said:
        return "Put text that holds a colon in quotes"
    if "cannot start any token" in said or "tab character" in said:
        return "Indent with spaces, and put text that begins with a sign in quotes"
    if "undefined alias" in said or "alphabetic or numeric" in said:
        return "Put text that begins with `*` or `&` in quotes"
    return "Check indentation, quotes and colons near this line"
