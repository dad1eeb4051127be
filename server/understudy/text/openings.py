"""Which of many patterns can match in a text at all, told by the words that their matches can begin with.

A word list of ours has up to fifty lines, and most of them match in no sentence: looking up each word of a sentence in one index
of all lists rules nearly all of them out, at a fraction of the price of searching for each.

The index reads the small part of the syntax of regular expressions that our lists use. What it does not understand it leaves open,
so that it may let a pattern through that does not match, and never the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Openings"]

_WORD = re.compile(r"\w+")
_GAP = re.compile(r"\W+")
_DEPTH = 3
"""Words of a beginning that are told apart."""
_MOST = 80
"""Beginnings of one pattern that are followed at a time; one that has more is known by shorter ones."""
_MOST_ROUNDS = 3
"""Rounds of a repeated part that are followed."""
_MOST_REMEMBERED = 20_000
"""Words of texts whose place in the index is remembered."""
_DIGIT = "0"
"""Stands for any word that begins with a digit."""


# ---------------------------------------------------------------- reading a pattern


@dataclass(frozen=True, slots=True)
class _Any:
    """Something that can begin with anything."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """Something that is in no word."""


@dataclass(frozen=True, slots=True)
class _Texts:
    """One of these texts."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Digit:
    """Any digit."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """One after the other."""

    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Either:
    """One of several."""

    ways: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Times:
    """A part that may be left out, or said more than once."""

    part: _Part
    least: int
    most: int


_Part = _Any | _Digit | _Gap | _Texts | _Parts | _Either | _Times
_NOTHING = _Parts(())
_ANYTHING = _Any()
_MANY = 1 << 20
_BOUNDS = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")
_GROUP = re.compile(r"\?(?::|P<\w+>|(=|!|<=|<!))")
_PLAIN_SET = re.compile(r"\[((?:[^\\\]\[^-]|(?<=\[)-|-(?=\])){1,8})\]")
_DIGIT_SET = re.compile(r"\[(?:\d-\d|\d)+\]")
_SET = re.compile(r"\[\^?\]?(?:\\.|[^\\\]])*\]")


class _NotOurs(ValueError):
    """Syntax that our lists have not."""


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def whole(self) -> _Part:
        try:
            part = self._either()
        except _NotOurs:
            return _ANYTHING
        return part if self._at == len(self._source) else _ANYTHING

    def _next(self) -> str:
        return self._source[self._at : self._at + 1]

    def _either(self) -> _Part:
        ways = [self._sequence()]
        while self._next() == "|":
            self._at += 1
            ways.append(self._sequence())
        return ways[0] if len(ways) == 1 else _Either(tuple(ways))

    def _sequence(self) -> _Part:
        parts: list[_Part] = []
        while self._next() not in ("", "|", ")"):
            part = self._repeated(self._one())
            if parts and isinstance(part, _Texts) and isinstance(before := parts[-1], _Texts) and len(part.texts) == len(before.texts) == 1:
                parts[-1] = _Texts((before.texts[0] + part.texts[0],))
            else:
                parts.append(part)
        return parts[0] if len(parts) == 1 else _Parts(tuple(parts))

    def _one(self) -> _Part:
        char = self._next()
        if char == "(":
            return self._group()
        if char == "[":
            return self._set()
        if char in "?*+{":
            raise _NotOurs
        self._at += 1
        if char == "\\":
            return self._escaped()
        if char in "^$":
            return _NOTHING
        return _ANYTHING if char == "." else _Texts((char,))

    def _escaped(self) -> _Part:
        char = self._next()
        self._at += 1
        if char == "d":
            return _Digit()
        if char == "b":
            return _NOTHING
        if char in "Ws":
            return _Gap()
        return _ANYTHING if char.isalnum() else _Texts((char,))

    def _set(self) -> _Part:
        if digits := _DIGIT_SET.match(self._source, self._at):
            self._at = digits.end()
            return _Digit()
        if plain := _PLAIN_SET.match(self._source, self._at):
            self._at = plain.end()
            return _Texts(tuple(plain.group(1)))
        whole = _SET.match(self._source, self._at)
        if whole is None:
            raise _NotOurs
        self._at = whole.end()
        return _ANYTHING

    def _group(self) -> _Part:
        self._at += 1
        kind = _GROUP.match(self._source, self._at)
        if kind is None and self._next() == "?":
            raise _NotOurs
        self._at = kind.end() if kind else self._at
        part = self._either()
        if self._next() != ")":
            raise _NotOurs
        self._at += 1
        # What only looks ahead or back takes no words away: without it more begins, never less.
        return _NOTHING if kind is not None and kind.group(1) else part

    def _repeated(self, part: _Part) -> _Part:
        least, most = 1, 1
        char = self._next()
        if char and char in "?*+":
            least, most = {"?": (0, 1), "*": (0, _MANY), "+": (1, _MANY)}[char]
            self._at += 1
        elif bounds := _BOUNDS.match(self._source, self._at):
            least = int(bounds.group(1))
            most = (int(bounds.group(3)) if bounds.group(3) else _MANY) if bounds.group(2) else least
            self._at = bounds.end()
        else:
            return part
        if self._next() == "?":
            self._at += 1
        return _Times(part, least, most)


# ---------------------------------------------------------------- the index


class _Node:
    """What may match after some words."""

    __slots__ = ("begun", "depth", "exact", "here", "known")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.here = 0
        """Patterns that may match whatever comes next, as bits."""
        self.exact: dict[str, _Node] = {}
        self.begun: dict[str, int] = {}
        """Patterns that may match where the next word begins so."""
        self.known: dict[str, tuple[int, _Node | None]] = {}
        """What was found for words of texts."""

    def after(self, word: str) -> _Node:
        """The place after one more word; made when it is new."""
        key = _DIGIT if word[0].isdecimal() else word
        node = self.exact.get(key)
        if node is None:
            node = self.exact[key] = _Node(self.depth + 1)
        return node

    def step(self, word: str) -> tuple[int, _Node | None]:
        """What the next word of a text tells: patterns that may match, and where to go on, if anywhere."""
        key = _DIGIT if word[0].isdecimal() else word
        found = 0
        for start, patterns in self.begun.items():
            if key.startswith(start):
                found |= patterns
        node = self.exact.get(key)
        if node is not None:
            found |= node.here
        if len(self.known) >= _MOST_REMEMBERED:
            self.known.clear()
        step = self.known[word] = (found, node if node is not None and (node.exact or node.begun) else None)
        return step


_State = tuple[_Node, str, str]
"""After the words up to a node, the letters of the next one; and, as long as there are neither, the first mark."""


class _Beginnings:
    """Puts into the index what the matches of one pattern can begin with."""

    def __init__(self, index: Openings, pattern: int) -> None:
        self._index, self._pattern = index, pattern

    def put(self, part: _Part) -> None:
        """All beginnings of a pattern."""
        for node, letters, mark in self._after({(self._index.root, "", "")}, part):
            # Where no match ends inside a word, these are its last letters.
            self._leave((node.after(letters), "", mark) if letters and self._index.whole_words else (node, letters, mark))

    def _leave(self, state: _State) -> None:
        """Anything may follow from here."""
        node, letters, mark = state
        if letters:
            start = _DIGIT if letters[0].isdecimal() else letters
            node.begun[start] = node.begun.get(start, 0) | self._pattern
        elif mark and node.depth == 0:
            self._index.marks[mark] = self._index.marks.get(mark, 0) | self._pattern
        else:
            node.here |= self._pattern

    def _after(self, states: set[_State], part: _Part) -> set[_State]:
        if isinstance(part, _Texts):
            return self._kept({state for text in part.texts for state in self._spoken(states, text)})
        if isinstance(part, _Gap):
            return set(self._spoken(states, " "))
        if isinstance(part, _Parts):
            for one in part.parts:
                states = self._after(states, one)
            return states
        if isinstance(part, _Either):
            return self._kept({state for way in part.ways for state in self._after(states, way)})
        if isinstance(part, _Times):
            return self._times(states, part)
        for node, letters, mark in states:
            self._leave((node, letters if letters or isinstance(part, _Any) else _DIGIT, mark))
        return set()

    def _times(self, states: set[_State], part: _Times) -> set[_State]:
        ends = set(states) if part.least == 0 else set[_State]()
        for round_ in range(1, part.most + 1):
            before, states = states, self._after(states, part.part)
            if not states:
                break
            if round_ > _MOST_ROUNDS and states != before:
                self._leave_all(states)
                break
            if round_ >= part.least:
                ends |= states
            if states == before and round_ >= part.least:
                break
        return self._kept(ends)

    def _spoken(self, states: Iterable[_State], text: str) -> Iterator[_State]:
        """The states after the characters of `text`; those that have come to the end of the index are left."""
        *ended, rest = _GAP.split(text)
        mark = next((char for char in text if not char.isalnum() and not char.isspace()), "")
        for node, letters, first in states:
            first = first or (mark if node.depth == 0 and not letters else "")
            if not ended:
                yield node, letters + rest, first
                continue
            for word in (letters + ended[0], *ended[1:]):
                if word and node.depth < _DEPTH:
                    node = node.after(word)
            if node.depth < _DEPTH:
                yield node, rest, first
            else:
                self._leave((node, "", first))

    def _kept(self, states: set[_State]) -> set[_State]:
        """The states; when they are too many, none, and anything may follow them."""
        if len(states) <= _MOST:
            return states
        self._leave_all(states)
        return set()

    def _leave_all(self, states: Iterable[_State]) -> None:
        for state in states:
            self._leave(state)


class Openings:
    """An index of patterns over text in lower case. No match may begin inside a word; with `whole_words`, none ends there either."""

    def __init__(self, patterns: Sequence[str], *, whole_words: bool = True) -> None:
        self.whole_words = whole_words
        self.root = _Node(0)
        self.marks: dict[str, int] = {}
        """What is neither letter nor space -> patterns whose matches may begin with it and not with words that are known."""
        for number, source in enumerate(patterns):
            _Beginnings(self, 1 << number).put(_Reader(source).whole())

    def candidates(self, folded: str) -> int:
        """The patterns that may match somewhere in the text, as bits: bit n stands for the pattern at n."""
        found = self.root.here
        for mark, patterns in self.marks.items():
            if mark in folded:
                found |= patterns
        words = _WORD.findall(folded)
        count = len(words)
        known, step_from = self.root.known, self.root.step
        for at, word in enumerate(words, 1):
            patterns, node = known.get(word) or step_from(word)
            found |= patterns
            after = at
            while node is not None and after < count:
                word = words[after]
                patterns, node = node.known.get(word) or node.step(word)
                found |= patterns
                after += 1
        return found
