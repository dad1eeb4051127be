"""What a company's Markdown text has to ask about: headings, bold terms and list items."""

from __future__ import annotations

import re
from typing import Literal

from understudy.domain.value import Value

__all__ = ["CompanyTerm", "Section", "read_company"]

LONGEST_TERM_WORDS = 6

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(.*)$")
_BOLD = re.compile(r"\*\*(.+?)\*\*|__(.+?)__")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_LEAD_END = re.compile(r"[:(;,]|(?<=\w{3})\.(?:\s|$)|\s[-–—]\s")  # not the dot of `Dr.` or of 4.50


class CompanyTerm(Value):
    """A word or short phrase that the company's text sets apart."""

    kind: Literal["heading", "bold", "item"]
    text: str
    heading: str
    """The heading it stands under."""


class Section(Value):
    """One heading with its terms and its words."""

    heading: str
    level: int
    """1 for `#`, which mostly is the company's name; 0 for text before the first heading."""
    body: str
    terms: tuple[CompanyTerm, ...]


def read_company(markdown: str) -> tuple[Section, ...]:
    """The sections in order; text before the first heading has the heading `""`. Code blocks are passed over."""
    sections: list[tuple[str, int, list[str]]] = [("", 0, [])]
    fenced = False
    for line in markdown.splitlines():
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif fenced:
            continue
        elif heading := _HEADING.match(line):
            sections.append((_plain(heading[2]), len(heading[1]), []))
        else:
            sections[-1][2].append(line)
    return tuple(_section(h, level, lines) for h, level, lines in sections if h or any(line.strip() for line in lines))


def _section(heading: str, level: int, lines: list[str]) -> Section:
    terms = [CompanyTerm(kind="heading", text=heading, heading=heading)] if heading else []
    for line in lines:
        for bold in _BOLD.finditer(line):
            terms.append(CompanyTerm(kind="bold", text=_lead(bold[1] or bold[2]), heading=heading))
        if item := _ITEM.match(line):
            terms.append(CompanyTerm(kind="item", text=_lead(item[1]), heading=heading))
    usable = {t.text.casefold(): t for t in reversed(terms) if t.text and len(t.text.split()) <= LONGEST_TERM_WORDS}
    body = " ".join(_plain(line) for line in lines if line.strip())
    return Section(heading=heading, level=level, body=body, terms=tuple(reversed(usable.values())))


def _lead(text: str) -> str:
    """What a list item or bold run is about: its words before the explanation."""
    return _LEAD_END.split(_plain(text), maxsplit=1)[0].strip()


def _plain(text: str) -> str:
    unlinked = _LINK.sub(lambda m: m[1], text)
    return re.sub(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", "", unlinked).strip()
