"""What a language's word lists for hearing must hold, and their compiled form, made when a language is first heard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache

from understudy.text.openings import Openings
from understudy.text.patterns import compile_lines, filled_lines, whole_words

__all__ = ["INDEXED", "LEXICON_LANGUAGES", "Index", "Lexicon", "Patterns", "WordLists", "lexicon"]

LEXICON_LANGUAGES = ("en", "de", "es")


@dataclass(frozen=True, slots=True)
class WordLists:
    """Pattern lines over folded text, one line a phrase; see the English lists for what belongs where."""

    # ---- how sentences are built
    question_openers: str
    """At the start of a sentence: it asks, with or without a question mark."""
    wh_questions: str
    """At the start: asks for something and not for a yes or no."""
    tail_questions: str
    """Where a question begins inside a sentence that began as a statement."""
    tag_questions: str
    """A tag that turns the whole sentence into a question: `..., right?`"""
    requests: str
    """Statements that ask for something: `please provide`."""
    needs_first: str
    """In a statement that something cannot go on: what it waits for is asked for (`without your order number`)."""
    negation: str
    inner_negation: str
    """Inside a claim's own words: it is none."""
    interjections: str
    """Openers such as `no problem` that look like something else and mean nothing."""
    contrast: str
    """Where a new clause begins that may say the opposite."""
    # ---- claims that something is done
    claims: str
    denials: str
    """Negated claims: `has not been moved`."""
    unless_before: str
    """Before a claim: it is a condition, a wish or a plan."""
    unless_after: str
    state: str
    """Before or in a claim: it describes how things were."""
    plans: str
    """What the agent is going to do, or is doing."""
    settles: str
    """Beside the values that the user wants, they say that it is done: `see you`, `here are your`, `noted`."""
    takes_back: str
    # ---- other acts
    greets: str
    how_can_i_help: str
    offers_more: str
    closes: str
    stalls: str
    apologises: str
    acknowledges: str
    misunderstands: str
    refuses: str
    i_refuse: str
    """The agent itself cannot or will not; `you cannot` is an answer."""
    unless_refused: str
    """In a refusal beside a question or an offer: it is only about this way or this day."""
    dont_know: str
    no_options: str
    hands_off: str
    transfer_words: str
    """In a question or a conditional sentence: an offer to hand over."""
    only_offers: str
    """Before a hand-over: it is merely possible, or on condition."""
    redirects: str
    courtesy: str
    """Marks a sentence as a courtesy for later: `if you have any other questions`."""
    confirm_questions: str
    changes_subject: str
    echoes: str
    """Repeats the user's question instead of answering it."""
    breaks: str
    # ---- options
    proposals: str
    """In a question for a yes: it proposes a value and does not sum up what was said."""
    option_cues: str
    not_options: str
    """A header of a list that is no choice: `your details:`."""
    option_lead_ins: str
    option_tails: str
    alternatives: str
    """The words between alternatives: `or`."""
    everything: str
    """In a claim: it is about all that is open."""
    sent_to: str
    """In a claim: a contact detail in it is where something went."""
    single_offers: str
    """A statement with these and one slot offers that slot."""
    choose: str
    """Beside a list: it is to be chosen from."""
    which_one: str
    """A question for one of what the sentence before it named."""
    no_choice: str
    """What looks like an alternative and is none: `... or not`."""
    # ---- values
    instead_of: str
    """Before a value: it is the one that no longer holds."""
    now_words: str
    """Between such a word and a value: from here on it is the new one (`from Tuesday to Thursday`)."""
    count_nouns: str
    """What a number of tickets, people or seats is counted in."""
    # ---- answers
    asks_amount: str
    asks_duration: str
    asks_time: str
    asks_yes_no: str
    amounts: str
    durations: str
    times: str
    yes_no: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language: its lists, macros, names of facts, verbs and the calendar."""

    language: str
    lists: WordLists
    macros: Mapping[str, str]
    facts: Mapping[str, str]
    """Kind of fact -> pattern lines by which an agent asks for it."""
    verbs: Mapping[str, tuple[str, ...]]
    """What is done to things (cancel, change, book ...) -> beginnings of the verbs."""
    weekdays: tuple[tuple[str, ...], ...]
    """Monday first; every spelling."""
    months: tuple[tuple[str, ...], ...]
    day_parts: Mapping[str, str]
    """Part of the day -> pattern of its names."""
    numbers: tuple[tuple[str, ...], ...]
    """The words for one, two, three ..."""


# Lists that are matched at one place of a sentence, which costs next to nothing, or in few sentences only.
_SELDOM = frozenset(
    (
        *("question_openers", "wh_questions", "tail_questions", "tag_questions", "negation", "inner_negation", "contrast"),
        *("unless_before", "unless_after", "only_offers", "option_lead_ins", "option_tails", "sent_to", "which_one", "no_choice"),
        *("instead_of", "now_words", "count_nouns", "asks_amount", "asks_duration", "asks_time", "asks_yes_no"),
    )
)
INDEXED = frozenset(f.name for f in fields(WordLists)) - _SELDOM
"""The lists that every sentence is looked up in."""


class Patterns:
    """A lexicon's lists, each compiled when first used, and an index of their lines by the words that they begin with."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.language = lexicon.language
        self._compiled: dict[str, re.Pattern[str]] = {}
        self._facts: dict[str, re.Pattern[str] | None] = {}

    def __getitem__(self, name: str) -> re.Pattern[str]:
        """The pattern of a word list by its field name."""
        found = self._compiled.get(name)
        if found is None:
            found = self._compiled[name] = compile_lines(getattr(self.lexicon.lists, name), self.lexicon.macros)
        return found

    def found(self, name: str, folded: str) -> bool:
        """Whether anything of the list stands in the folded text."""
        return self[name].search(folded) is not None

    def fact(self, kind: str) -> re.Pattern[str] | None:
        """How this language asks for a kind of fact, or None when it has no words for it."""
        if kind not in self._facts:
            lines = self.lexicon.facts.get(kind)
            self._facts[kind] = compile_lines(lines, self.lexicon.macros) if lines else None
        return self._facts[kind]

    @cached_property
    def index(self) -> Index:
        """The lines of all lists and facts, to be asked about one text for many of them."""
        lists = {name: getattr(self.lexicon.lists, name) for name in sorted(INDEXED)}
        return Index(lists, self.lexicon.facts, self.lexicon.macros)

    def verb_classes(self, stems: frozenset[str]) -> frozenset[str]:
        """Which classes of verbs the stems belong to."""
        return frozenset(name for name, starts in self.lexicon.verbs.items() if any(stem.startswith(starts) for stem in stems))


class Index:
    """Finds the same as each list's own pattern, and searches only for the lines that a text can have by its words."""

    def __init__(self, lists: Mapping[str, str], facts: Mapping[str, str], macros: Mapping[str, str]) -> None:
        self._lines: list[tuple[str, str]] = [(name, line) for name, lines in lists.items() for line in filled_lines(lines, macros)]
        first_fact = len(self._lines)
        self._lines += [(kind, line) for kind, lines in facts.items() for line in filled_lines(lines, macros)]
        self._lists: dict[str, int] = {}
        for number, (name, _) in enumerate(self._lines[:first_fact]):
            self._lists[name] = self._lists.get(name, 0) | 1 << number
        self._facts = (1 << len(self._lines)) - (1 << first_fact)
        self._compiled: dict[int, tuple[str, re.Pattern[str]]] = {}
        self._openings = Openings([line for _, line in self._lines])

    def candidates(self, folded: str) -> int:
        """The lines that the folded text may have, as bits."""
        return self._openings.candidates(folded)

    def lists(self, candidates: int, folded: str) -> frozenset[str]:
        """The lists that anything in the folded text is of, by the names of their fields."""
        return self._found(candidates & ~self._facts, folded)

    def facts(self, candidates: int, folded: str) -> frozenset[str]:
        """The kinds of facts that the folded text asks for."""
        return self._found(candidates & self._facts, folded)

    def has(self, name: str, folded: str) -> bool:
        """Whether anything of the list stands in the folded text."""
        return next(self.matches(name, folded), None) is not None

    def matches(self, name: str, folded: str) -> Iterator[re.Match[str]]:
        """The same as the `finditer` of the list's own pattern, in the same order."""
        lines = self.candidates(folded) & self._lists[name]
        patterns: list[re.Pattern[str]] = []
        while lines:
            bit = lines & -lines
            lines ^= bit
            patterns.append((self._compiled.get(bit) or self._line(bit))[1])
        # Of alternatives the one that begins first is the match, and of those that begin together the first line.
        ahead: list[re.Match[str]] = [match for pattern in patterns if (match := pattern.search(folded)) is not None]
        while ahead:
            first = min(ahead, key=lambda match: match.start())
            yield first
            end = max(first.end(), first.start() + 1)
            ahead = [later for match in ahead if (later := match if match.start() >= end else match.re.search(folded, end)) is not None]

    def _found(self, lines: int, folded: str) -> frozenset[str]:
        found: set[str] = set()
        while lines:
            bit = lines & -lines
            lines ^= bit
            name, pattern = self._compiled.get(bit) or self._line(bit)
            if name not in found and pattern.search(folded) is not None:
                found.add(name)
        return frozenset(found)

    def _line(self, bit: int) -> tuple[str, re.Pattern[str]]:
        name, line = self._lines[bit.bit_length() - 1]
        self._compiled[bit] = name, whole_words(line)
        return self._compiled[bit]


@lru_cache(maxsize=4)
def lexicon(language: str) -> Patterns:
    """The patterns of a language; English for one that has no lists."""
    if language == "de":
        from understudy.simulation.hearing_de import GERMAN

        return Patterns(GERMAN)
    if language == "es":
        from understudy.simulation.hearing_es import SPANISH

        return Patterns(SPANISH)
    from understudy.simulation.hearing_en import ENGLISH

    return Patterns(ENGLISH)
