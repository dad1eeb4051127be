"""A reply taken apart: sentences, whether they state or ask, clauses, and what is claimed or denied in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from understudy.simulation.hearing_lexicon import INDEXED, Patterns, lexicon
from understudy.text.patterns import fold
from understudy.text.words import stems

__all__ = ["Sentence", "read"]

_BREAK = re.compile(r"[.!?…]+[\"'”’»)\]*]*(?=\s|$)|\n+|(?<=[^\s.!?,;:—-])\s*(?=¿)|\?(?=[A-ZÄÖÜÁÉÍÓÚ¿])")
_BREAK_WITHOUT_SPANISH = re.compile(r"[.!?…]+[\"'”’»)\]*]*(?=\s|$)|\n+|\?(?=[A-ZÄÖÜÁÉÍÓÚ])")
_BULLET = re.compile(r"^\s*(?:[-*•–·▪]|\(?(?:\d{1,2}|[a-zA-Z])[.)]|(?:option|opción) \w[.:)]|\d️⃣)\s+", re.IGNORECASE)
# After these a full stop ends no sentence. A bare number is an ordinal ("am 26. November") or the mark of a list.
_ABBREVIATION = re.compile(
    r"(?:\b(?:dr|drs|mr|mrs|ms|prof|st|no|nr|tel|approx|e\.g|i\.e|etc|vs|inc|ext|sr|sra|srta|dra|ud|uds|núm|av|hr|fr|z\. ?b|d\. ?h|ca|bzw"
    r"|ggf|inkl|str|mo|di|mi|do|jan|feb|mar|apr|jun|jul|aug|sept?|oct|okt|nov|dec|dez|[a-z]\.[a-z])"
    r"|(?:^|\s)\d{1,2}|\b\d{1,2}\.\d{1,2}|^[a-zA-Z]|\b[A-Z])$",
    re.IGNORECASE,
)
_NUMBER_LAST = re.compile(r"\w\W+\d{1,2}$")
# Words that begin sentences and never follow an ordinal, which in German may stand before any noun.
_NEW_SENTENCE = re.compile(
    r"\s+(?:[¿¡]|(?:I|I'm|I've|I'll|You|Your|It|Is|Are|Do|Does|Can|Could|Would|Shall|Should|What|When|Which|Where|How|The|This|That|There|We|"
    r"Please|If|Anything|Any|Let|May|And|But|See|Ich|Sie|Wir|Kann|Möchten|Soll|Haben|Gibt|Bitte|Wie|Was|Wann|Das|Es|Ist|Falls|Wenn|Su|Hay|Le|"
    r"Puedo|Desea|Quiere|Algo|Si|Por|En|Ya|Gracias|Danke|Thanks|Thank)\b)"
)
_SPACE = re.compile(r"\s+")
_MARKUP = re.compile(r"\*\*|__|(?<=\w)\*(?=\s|$)|^#+\s+", re.MULTILINE)
_LONGEST = 8_000
"""Characters of a reply that are listened to; a longer one is a dump, and its beginning tells what it is."""
_LONGEST_SENTENCE = 600
_MOST_SENTENCES = 150


@dataclass(slots=True)
class Sentence:
    """One sentence or list item, with what it does; `low` is its folded text."""

    text: str
    low: str
    patterns: Patterns
    bullet: bool = False
    question: bool = False
    request: bool = False
    claims: tuple[str, ...] = ()
    """Clauses that say that something is done."""
    denials: tuple[str, ...] = ()
    """Clauses that say that something is not done."""
    found: frozenset[str] = frozenset()
    """The word lists that anything in it is of; of those that are searched in few sentences, none (see `has`)."""
    _lines: int = 0
    _has: dict[str, bool] | None = None
    _kinds: frozenset[str] | None = None
    _stems: frozenset[str] | None = None

    def has(self, name: str) -> bool:
        """Whether anything of the word list `name` is in the sentence."""
        if name in self.found:
            return True
        if name in INDEXED:
            return False
        known = self._has = self._has or {}
        if name not in known:
            known[name] = self.patterns.found(name, self.low)
        return known[name]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of facts that its words ask for."""
        if self._kinds is None:
            self._kinds = self.patterns.index.facts(self._lines, self.low)
        return self._kinds

    @property
    def plain(self) -> str:
        """Its folded text without `no problem` and its like."""
        return _plain_opening(self.low, self.patterns) if "interjections" in self.found else self.low

    def has_plainly(self, name: str) -> bool:
        """Whether anything of the word list is in it without `no problem` and its like."""
        plain = self.plain
        return self.has(name) if plain == self.low else self.patterns.found(name, plain)

    @property
    def stems(self) -> frozenset[str]:
        if self._stems is None:
            self._stems = stems(self.low, self.patterns.language)
        return self._stems

    @property
    def states(self) -> bool:
        """Neither asks nor requests anything."""
        return not self.question and not self.request


@lru_cache(maxsize=2048)
def read(text: str, language: str) -> tuple[Sentence, ...]:
    """The sentences of a reply, by the word lists of `language`. Pure; the same text gives the same sentences."""
    patterns = lexicon(language)
    sentences: list[Sentence] = []
    for part in _split(_MARKUP.sub("", text[:_LONGEST]))[:_MOST_SENTENCES]:
        bullet = _BULLET.match(part) is not None
        plain = _SPACE.sub(" ", _BULLET.sub("", part)).strip()
        if any(c.isalnum() for c in plain):
            sentences += [_understood(piece, patterns, bullet) for piece in _statement_then_question(plain, patterns)]
    return tuple(_with_lists(sentences))


def _split(text: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for stop in (_BREAK if "¿" in text else _BREAK_WITHOUT_SPANISH).finditer(text):
        short = stop.group() == "." and _ABBREVIATION.search(text[max(start, stop.start() - 15) : stop.start()]) is not None
        if short and _goes_on(text, stop.end()) and not _ends_with_number(text[start : stop.start()], text[stop.end() : stop.end() + 20]):
            continue
        parts.append(text[start : stop.end()])
        start = stop.end()
    parts.append(text[start:])
    return [part for part in parts if part.strip()]


def _ends_with_number(before: str, after: str) -> bool:
    """`... to Calle Mayor 12. Anything else?` ends there; `am 26. November` and the second mark of `1. Monday 2. Friday` do not."""
    return _NUMBER_LAST.search(before) is not None and "1." not in before and _NEW_SENTENCE.match(after) is not None


def _goes_on(text: str, position: int) -> bool:
    """Whether words follow on the same line: a full stop at the end of a line ends the sentence even after a number."""
    following = text[position : position + 20].lstrip(" \t")
    return bool(following) and not following.startswith("\n")


def _statement_then_question(plain: str, patterns: Patterns) -> list[str]:
    """`It is moved, is there anything else?` is two: a statement and a question. A tag (`..., right?`) leaves it one question."""
    if not plain.endswith("?") or plain.startswith("¿") or len(plain) > _LONGEST_SENTENCE:
        return [plain]
    low = fold(plain)
    for comma in re.finditer(r"(?:,| -| –| —|;|:)(?: and| but| so| und| aber| y| pero)? ", low):
        rest = low[comma.end() :]
        if patterns["tail_questions"].match(rest) and not patterns["tag_questions"].fullmatch(rest.rstrip("? ")):
            head = plain[: comma.start()]
            if len(head.split()) > 1 and not patterns["question_openers"].match(fold(head)):
                return [head, plain[comma.end() :]]
    return [plain]


def _understood(plain: str, patterns: Patterns, bullet: bool) -> Sentence:
    mark = "?" in plain[-3:] or plain.startswith("¿")
    plain = plain[:_LONGEST_SENTENCE]
    low = fold(plain)
    lines = patterns.index.candidates(low)
    found = patterns.index.lists(lines, low)
    sentence = Sentence(text=plain, low=low, patterns=patterns, bullet=bullet, found=found, _lines=lines)
    sentence.question = mark or (not plain.endswith("!") and not bullet and _opens_a_question(low, patterns))
    if not sentence.question:
        sentence.request = "needs_first" in found or _requests(sentence)
        sentence.claims, sentence.denials = _claims(sentence)
        if sentence.claims:
            sentence.request = False
    return sentence


def _opens_a_question(low: str, patterns: Patterns) -> bool:
    return patterns["question_openers"].match(low.lstrip("¿¡\"'*( ")) is not None


def _requests(sentence: Sentence) -> bool:
    if "requests" not in sentence.found:
        return False
    low, patterns = sentence.low, sentence.patterns
    match = next(patterns.index.matches("requests", low), None)
    return match is not None and patterns["negation"].search(_plain_opening(low[: match.start()], patterns)) is None


def _plain_opening(text: str, patterns: Patterns) -> str:
    """The text without `no problem` and its like."""
    return patterns["interjections"].sub(" ", text)


def clauses(low: str, patterns: Patterns) -> list[str]:
    """The sentence cut where it may turn: at `but`, semicolons, dashes."""
    parts = re.split(r"\s*(?:;|—|\s[-–]\s|\.\.\.|…)\s*", _plain_opening(low, patterns))
    cut: list[str] = []
    for part in parts:
        start = 0
        for turn in patterns["contrast"].finditer(part):
            cut.append(part[start : turn.start()])
            start = turn.start()
        cut.append(part[start:])
    return [clause.strip(" ,") for clause in cut if clause.strip(" ,.")]


def _claims(sentence: Sentence) -> tuple[tuple[str, ...], tuple[str, ...]]:
    low, patterns = sentence.low, sentence.patterns
    if "claims" not in sentence.found and "denials" not in sentence.found:
        return (), ()
    made: list[str] = []
    denied: list[str] = []
    for clause in clauses(low, patterns):
        if patterns.index.has("denials", clause):
            if not patterns["unless_before"].search(clause):
                denied.append(clause)
        elif any(_holds(clause, m, patterns) for m in patterns.index.matches("claims", clause)):
            made.append(clause)
    return tuple(made), tuple(denied)


def _holds(clause: str, claim: re.Match[str], patterns: Patterns) -> bool:
    """Whether the claim is made here and now: not denied, wished, planned, conditional, nor a description of how things were."""
    before = clause[: claim.start()]
    # With its first word, so that "before I" and "when you" are seen whole.
    opening = before + claim.group().split(" ", 1)[0].split("'", 1)[0]
    if patterns["unless_before"].search(opening) or patterns["negation"].search(before):
        return False
    if patterns["state"].search(clause[: claim.end() + 12]):
        return False
    return patterns["unless_after"].search(clause[claim.end() :]) is None and not patterns["inner_negation"].search(claim.group())


def _with_lists(sentences: list[Sentence]) -> list[Sentence]:
    """A request that ends in a colon asks for each item of the list below it."""
    asking = False
    for sentence in sentences:
        if sentence.bullet:
            sentence.request = sentence.request or (asking and sentence.states and not sentence.claims)
        else:
            asks = sentence.request or "requests" in sentence.found
            # "Please choose:" offers what stands below it.
            asking = sentence.text.rstrip().endswith(":") and asks and "choose" not in sentence.found
    return sentences
