"""The index of words lets no pattern go that matches: what it rules out is not in the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.simulation.guard_phrases import AGENT_TALK, META
from understudy.simulation.hearing_lexicon import INDEXED, LEXICON_LANGUAGES, lexicon
from understudy.text.openings import Openings
from understudy.text.patterns import filled_lines, whole_words
from understudy.text.rarities import Rarities

ODD = (
    "a(?i:b)c|d",
    "x{,2}y",
    "(?>ab)c",
    "[a-c]x|y",
    "a{2,3}b?c",
    r"\w+n't",
    "^(?:¿ ?)?foo",
    "(?:$|€) ?\\d",
    "16[- ]digit",
    "[0-3]?\\d(?:st|nd)",
    "b*+c",
    "[^a]b",
    "(?P<n>ab|cd) e",
    "(?<=so )what|(?=we )we",
    r"\W*the end",
    r"a\s+b\.c",
    "{}",
    "a_b",
    "()",
    "",
)
"""Syntax that our lists have, and some that they have not."""


def lists(language: str) -> dict[str, list[str]]:
    patterns = lexicon(language)
    named = {name: filled_lines(getattr(patterns.lexicon.lists, name), patterns.lexicon.macros) for name in sorted(INDEXED)}
    return named | {f"fact {kind}": filled_lines(lines, patterns.lexicon.macros) for kind, lines in patterns.lexicon.facts.items()}


LINES = {language: [line for lines_ in lists(language).values() for line in lines_] for language in LEXICON_LANGUAGES}
WORDS = {language: sorted(set(re.findall(r"[^\W\d_]+|'\w+|[$€¿?,:-]|\d+", " ".join(LINES[language])))) for language in LEXICON_LANGUAGES}


def compiles(source: str) -> bool:
    try:
        re.compile(source)
    except re.error:
        return False
    return True


@pytest.mark.parametrize("line", [line for line in ODD if compiles(line)])
def test_whatever_the_syntax_a_pattern_that_matches_is_a_candidate(line: str) -> None:
    index, pattern = Openings([line]), whole_words(line)

    @settings(max_examples=60, deadline=None)
    @given(st.text(alphabet="abcdexyfo016$€¿ .'-ntstwhquisr_{}\n", max_size=12))
    def check(text: str) -> None:
        assert index.candidates(text) or pattern.search(text) is None

    check()
    for text in (
        "abc",
        "d",
        "yy",
        "y",
        "ax",
        "aac",
        "don't",
        "¿foo",
        "€ 5",
        "16 digit",
        "3rd 2nd",
        "bbc",
        "xb",
        "cd e",
        "so what",
        "the end",
    ):
        assert index.candidates(text) or pattern.search(text) is None


@pytest.mark.parametrize("language", LEXICON_LANGUAGES)
def test_every_line_of_the_lexicon_is_a_candidate_where_it_matches(language: str) -> None:
    lines = [line for line in LINES[language] if "^" not in line]  # what stands at the beginning cannot have words before it
    index = Openings(lines)

    @settings(max_examples=80, deadline=None)
    @given(
        st.data(), st.sampled_from(range(len(lines))), st.sampled_from(["", "well, ", "1 ", "…", "('"]), st.sampled_from(["", " x", "!"])
    )
    def check(data: st.DataObject, number: int, before: str, after: str) -> None:
        text = before + data.draw(st.from_regex(lines[number], fullmatch=True)) + after
        if whole_words(lines[number]).search(text) is not None:
            assert index.candidates(text) >> number & 1, (lines[number], text)

    check()


@pytest.mark.parametrize("language", LEXICON_LANGUAGES)
def test_the_index_finds_exactly_what_the_plain_patterns_find(language: str) -> None:
    patterns = lexicon(language)

    @settings(max_examples=100, deadline=None)
    @given(st.lists(st.sampled_from(WORDS[language]), min_size=1, max_size=14), st.sampled_from([" ", " ", ", ", "-", "'"]))
    def check(words: list[str], gap: str) -> None:
        text = gap.join(words)
        may = patterns.index.candidates(text)
        assert patterns.index.lists(may, text) == {name for name in INDEXED if patterns.found(name, text)}
        facts = {kind: patterns.fact(kind) for kind in patterns.lexicon.facts}
        spans = [m.span() for m in patterns.index.matches("claims", text)]
        assert spans == [m.span() for m in patterns["claims"].finditer(text)]
        assert patterns.index.facts(may, text) == {kind for kind, pattern in facts.items() if pattern and pattern.search(text)}

    check()


@pytest.mark.parametrize("rare", [META, AGENT_TALK], ids=["of a simulation", "of an agent"])
def test_rarities_are_found_as_by_their_alternation(rare: Rarities) -> None:
    plain = re.compile("|".join(rare.patterns), re.IGNORECASE)
    words = sorted(set(re.findall(r"[^\W\d_]+", " ".join(rare.patterns))))

    @settings(max_examples=120, deadline=None)
    @given(st.data(), st.sampled_from(rare.patterns), st.lists(st.sampled_from(words), max_size=6), st.booleans())
    def check(data: st.DataObject, one: str, some: list[str], up: bool) -> None:
        drawn = data.draw(st.one_of(st.from_regex(re.compile(one, re.IGNORECASE)), st.just("")))
        text = f"{drawn} {' '.join(some)}"
        text = text.upper() if up else text
        found, expected = rare.search(text), plain.search(text)
        assert (found and found.span()) == (expected and expected.span())

    check()
