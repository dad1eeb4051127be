"""Reading what a customer wrote, tolerantly: typos, capitals, fillers, fragments, changed minds. Rules only, no model.

A desk names its key words; `mend` puts slips in them right, and everything after works on the mended text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

__all__ = [
    "Pattern",
    "asks_for_person",
    "clauses",
    "is_shouting",
    "language_of",
    "matches",
    "mend",
    "pattern",
    "says_goodbye",
    "standing_wishes",
    "topics",
    "turns_about",
    "word_set",
]

Pattern = re.Pattern[str]


def word_set(words: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(words.split())


_WORD = re.compile(r"[^\W\d_]+")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
# Words that are one slip away from a key word and mean what they say.
_RIGHT_AS_THEY_ARE = word_set(
    """looked cooking hooked backing looking free care card cards cart fee fees bull ball bell pill will bills past most cost
    coast host post passed parting part parts person persons weak week weeks weed need needs heart hear here hurt sister
    holders hold told old lost last list cast block clock black lock move love more moved proved human woman hour hours day
    days may many money monday sunday today someday then than when where there three tree ever even seven never forth fort
    worth north cash case cause clause close closed chose those"""
)


def pattern(source: str) -> Pattern:
    """A compiled pattern for mended text: `_` is a space, `_?` one that may be missing; white space in `source` means nothing."""
    return re.compile(re.sub(r"\s+", "", source).replace("_?", r"\s*").replace("_", r"\s+"))


@lru_cache(maxsize=8192)
def _mended(word: str, vocabulary: frozenset[str]) -> str:
    if len(word) < 4 or word in vocabulary or word in _RIGHT_AS_THEY_ARE:
        return word
    same_start = [key for key in vocabulary if abs(len(key) - len(word)) <= 1 and len(key) >= 4 and (key[0] in word[:2])]
    near = difflib.get_close_matches(word, same_start, n=1, cutoff=0.8)
    return near[0] if near else word


def mend(text: str, vocabulary: frozenset[str]) -> str:
    """The text in lower case, with words that are a slip away from one of `vocabulary` put right."""
    plain = text.translate(_APOSTROPHES).casefold().replace("dr.", "dr")
    return _WORD.sub(lambda m: _mended(m.group(), vocabulary), plain)


_CLAUSE = re.compile(r"(?<![\d])[.](?:\s|$)|[.]{2,}|[?!;\n]+|,|\s[-–—]+\s?|—|\s(?:and|but|also|plus|und|aber|außerdem|y|pero|además)\s")


def clauses(mended: str) -> list[str]:
    """The text in pieces of one thought each: sentences, and their parts at commas and at words that join."""
    return [piece.strip() for piece in _CLAUSE.split(mended) if piece and piece.strip()]


def matches(rule: Pattern, mended: str) -> bool:
    """Whether the rule is found anywhere."""
    return rule.search(mended) is not None


def topics(mended: str, rules: Mapping[str, Pattern]) -> tuple[tuple[str, ...], str]:
    """The topics asked about, in the order of the text, and the text without the words that asked about them.

    What a question uses up is no wish: `a fee for cancelling?` cancels nothing.
    """
    found: dict[str, int] = {}
    rest = mended
    for position, thought in enumerate(clauses(mended)):
        clause = thought
        for topic, rule in rules.items():
            if (hit := rule.search(clause)) is not None:
                found.setdefault(topic, position)
                rest = rest.replace(hit.group(), " ", 1)
                clause = clause.replace(hit.group(), " ", 1)
    return tuple(sorted(found, key=lambda topic: found[topic])), rest


# A turn takes back what was said before it; a shift only announces that something else comes.
_TAKES_BACK = pattern(
    r"""\b(?:no_wait|wait_no|no,?_sorry|scratch_that|forget_(?:that|it)|never_?mind(?:_that)?|strike_that
    |on_second_thoughts?|take_that_back
    |not_that|cancel_that_thought|or_rather|no_hang_on|hang_on_no|(?:ach_)?nein(?:,?_(?:doch|warten_sie|moment))?
    |doch_(?:nicht|lieber)|vergessen_sie_das|quatsch
    |streichen_sie_das|no,?_(?:espere|perdón|mejor)|mejor_dicho|olv[ií]delo|eso_no|perdón,?_no|o_mejor|bueno_no)\b"""
)
_SHIFT = pattern(
    r"""\b(?:actually|instead|rather|i_mean|what_i_mean|hmm+|wait|hang_on|hold_on|sorry|no|eigentlich|ich_meine|moment
    |lieber|sondern|en_realidad|quiero_decir|digo|espere|mejor)\b"""
)
_NEGATED = re.compile(r"\b(?:not|don't|do not|didn't|never|without|nicht|kein|keine|keinen|no|sin)\s+(?:\w+\s+){0,3}$")


_ALSO = re.compile(r"\b(?:also|too|as well|auch|außerdem|noch|también|además)\b")
_GOODBYE = pattern(
    r"""\b(?:bye|goodbye|good_bye|cheerio|that's_(?:all|it|everything)|that_is_(?:all|everything)|that_will_be_all
    |that'll_be_all|nothing_else|all_(?:done|good|sorted|set)|no_thanks?|no,_thank_you
    |have_a_(?:good|nice|lovely)|thanks|thank_you|thankyou|cheers|ta|much_obliged|tschüss|auf_wiedersehen|das_war's
    |das_war_alles|das_wäre_alles|vielen_dank|danke|besten_dank
    |adiós|gracias|eso_es_todo|nada_más|hasta_luego)\b"""
)


@dataclass(frozen=True)
class _Mark:
    at: int
    kind: Literal["wish", "take_back", "shift"]
    wish: str = ""


_SOMEBODY = (
    "(?:person|somebody|someone|people|humans?|(?:member_of_)?staff|colleague|(?:front_)?desk|receptionist|operator|advis[eo]r|manager"
    "|supervisor|agent)"
)
_PERSON = pattern(
    rf"""\bhumans?\b|\b(?:real|actual|live)_person\b|\b(?:someone|somebody)_(?:real|at_the_desk|in_charge|who_can_help)\b
    |\b(?:speak|talk|chat|transferred|through|on|over|connect_me|transfer_me)_(?:to|with)_(?:[\w']+_){{0,3}}{_SOMEBODY}\b|\bput_me_through\b
    |\b(?:want|need|get_me|give_me|gimme|have|like|is_there)_(?:an?|some)_(?:person|{_SOMEBODY})\b|\bis_there_(?:an?|any)_(?:[\w']+_){{0,2}}{_SOMEBODY}\b
    |\b(?:echten?_)?menschen?\b|\bmit_(?:einer|einem|nem|wem|jemandem)_(?:[\w']+_){{0,4}}(?:sprechen|reden)\b
    |\b(?:verbinden|stellen)_sie_mich\b|\bmitarbeiter(?:in)?\b
    |\b(?:hablar|comunique|comunicarme|páseme|pásame|pasame|ponme|póngame)_con\b|\bhumano\b|\b(?:hay_(?:una|alguna)|quiero_una)_persona\b"""
)


def asks_for_person(mended: str) -> bool:
    """Whether the customer asks for a human being."""
    return _PERSON.search(mended) is not None


def says_goodbye(mended: str) -> bool:
    """Whether the customer thanks or takes leave."""
    return _GOODBYE.search(mended) is not None


def _marks(mended: str, wishes: Mapping[str, Pattern]) -> list[_Mark]:
    marks = [_Mark(m.start(), "take_back") for m in _TAKES_BACK.finditer(mended)]
    marks += [_Mark(m.start(), "shift") for m in _SHIFT.finditer(mended) if not _ALSO.search(mended[m.end() :])]
    for wish, rule in wishes.items():
        marks += [_Mark(hit.start(), "wish", wish) for hit in rule.finditer(mended) if not _NEGATED.search(mended[: hit.start()])]
    return sorted(marks, key=lambda mark: mark.at)


def standing_wishes(mended: str, wishes: Mapping[str, Pattern], *, alone: bool = True) -> tuple[str, ...]:
    """The wishes that stand at the end of the message, in order.

    Words that take back (`no wait`, `forget that`) undo the wish before them; a wish after a shift (`actually`, `instead`)
    replaces it. A message that takes back its only wish still means that one if it is `alone`: what else could it mean?
    """
    standing: list[str] = []
    taken: str | None = None
    shifting = False
    for mark in _marks(mended, wishes):
        if mark.kind == "take_back":
            taken = standing.pop() if standing else taken
        elif mark.kind == "shift":
            shifting = bool(standing)
        else:
            if shifting and standing[-1:] != [mark.wish]:
                standing.pop()
            shifting = False
            if mark.wish not in standing:
                standing.append(mark.wish)
    return tuple(standing) if standing else ((taken,) if taken and alone else ())


def turns_about(mended: str, wishes: Mapping[str, Pattern]) -> bool:
    """Whether the message says one wish and then takes it back or puts another in its place."""
    marks = _marks(mended, wishes)
    first = next((i for i, mark in enumerate(marks) if mark.kind == "wish"), None)
    if first is None:
        return False
    after = marks[first + 1 :]
    named = {mark.wish for mark in marks if mark.kind == "wish"}
    return any(mark.kind == "take_back" for mark in after) or (len(named) > 1 and any(mark.kind == "shift" for mark in after))


_TELLING = {
    "en": word_set(
        """the is are my you your i'd i'm want need please what when where how would could have has with for thanks can it and of
    to me not will know here this that which hello"""
    ),
    "de": word_set(
        """ich sie ist der die das den dem ein eine einen bitte mein meine meinen nicht und wann wie wo was gibt es für auf bei zum
    zur möchte brauche hätte gern danke guten tag geht doch noch mir auch von ihnen ihre kann wird"""
    ),
    "es": word_set(
        """el la los las un una mi mis por favor quiero necesito he ha está es qué cómo cuánto cuándo dónde y de en para con
    gracias hola buenas días perdido tarjeta usted puede también ya no se su"""
    ),
}


def language_of(text: str, candidates: Iterable[str], current: str | None) -> str:
    """The candidate language that the words speak for; `current` (or the first candidate) unless another clearly leads."""
    spoken = [word.casefold() for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.translate(_APOSTROPHES))]
    names = list(candidates)
    hits = {name: sum(word in _TELLING[name] for word in spoken) for name in names}
    best = max(names, key=lambda name: hits[name])
    if current is None:
        return best if hits[best] else names[0]
    return best if hits[best] >= hits[current] + 2 else current


def is_shouting(text: str) -> bool:
    """Whether most words of four letters and more are in capitals, and there are at least two of them."""
    long = [word for word in _WORD.findall(text) if len(word) >= 4]
    return len(long) >= 2 and sum(word.isupper() for word in long) * 2 > len(long)
