"""Company contexts: Markdown taken apart into headings and the sentences of fact below them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from understudy.domain.value import Value

__all__ = ["Section", "sections"]

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+(.*)$")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}$|\s*\|?[\s:|-]+\|[\s:|-]*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1|(?<!\w)_(?=\S)(.+?)(?<=\S)_(?!\w)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"“¿¡A-ZÀ-Þ0-9])")
_ABBREVIATION = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|St|No|Nr|e\.g|i\.e|z\.B|approx|ca|etc|Sr|Sra)|\b[A-Z])\.$")


class Section(Value):
    """A heading and the facts below it, one a line, without Markdown marks."""

    heading: str
    """Empty for what stands before the first heading."""
    lines: tuple[str, ...]


def sections(text: str) -> tuple[Section, ...]:
    """The sections of a Markdown text in order; headings with nothing below them are left out."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for kind, words in _blocks(_COMMENT.sub("", text)):
        if kind == "heading":
            found.append((words, []))
        else:
            found[-1][1].extend(_sentences(words))
    return tuple(Section(heading=heading, lines=tuple(lines)) for heading, lines in found if lines)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Headings, bullets, table rows and paragraphs; fenced code is skipped."""
    paragraph: list[str] = []
    fenced = False
    for line in [*text.splitlines(), ""]:
        fence = line.lstrip().startswith(("```", "~~~"))
        heading, bullet = _HEADING.match(line), _BULLET.match(line)
        alone = fence or heading or bullet or not line.strip() or _RULE.match(line) or line.lstrip().startswith("|")
        if paragraph and (alone or fenced):
            yield "text", " ".join(paragraph)
            paragraph = []
        if fence:
            fenced = not fenced
        elif fenced or not line.strip() or _RULE.match(line):
            continue
        elif heading:
            yield "heading", _plain(heading[2])
        elif line.lstrip().startswith("|"):
            yield "text", ": ".join(cell.strip() for cell in line.strip().strip("|").split("|") if cell.strip())
        else:
            paragraph.append(bullet[1] if bullet else line.strip())


def _plain(words: str) -> str:
    words = _LINK.sub(r"\1", words)
    for _ in range(3):  # bold in italics in code
        words = _EMPHASIS.sub(lambda m: m[2] or m[3], words)
    return " ".join(words.split())


def _sentences(words: str) -> Iterator[str]:
    pending = ""
    for part in _SENTENCE_END.split(_plain(words)):
        pending = f"{pending} {part}".strip()
        if not _ABBREVIATION.search(pending):
            if pending:
                yield pending
            pending = ""
    if pending:
        yield pending
