"""Reading what a customer wrote, tolerantly: typos, capitals, fillers, fragments, changed minds. Rules only, no model.

A desk names its key words; `mend` puts slips in them right, and everything after works on the mended text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

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
    "says_thanks",
    "topics",
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
    coast host post passed parting part parts person persons weak week weeks weed need needs heart heard hear here hurt sister
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
    near = [key for key in vocabulary if len(key) >= 5 and _one_slip_apart(word, key)]
    if not near and len(word) >= 8:
        near = difflib.get_close_matches(word, [key for key in vocabulary if key[0] == word[0]], n=1, cutoff=0.87)
    return min(near) if near else word


def _one_slip_apart(a: str, b: str) -> bool:
    """Whether one letter is missing, too many or another, or two neighbours have changed places."""
    if len(a) == len(b):
        wrong = [i for i in range(len(a)) if a[i] != b[i]]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]
        return len(wrong) == 1 or swapped
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return len(longer) == len(shorter) + 1 and any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


# Between commas these mean nothing; they would only cut a thought in two.
_FILLERS = re.compile(
    r"(?:,|^)\s*(?:um+|uh+|er+m*|hmm?|mm+|like|well|you know|i mean|kind of|sort of|äh|ähm|also|halt|na ja|irgendwie|sozusagen|quasi"
    r"|eh|este|bueno|pues|o sea|mmm|a ver|digamos|como que)\s*(?=,)",
    re.MULTILINE,
)


_LEFT_COMMA = re.compile(r"\x00\s*,?\s*")


def mend(text: str, vocabulary: frozenset[str]) -> str:
    """The text in lower case, without fillers, and with words that are a slip away from one of `vocabulary` put right."""
    plain = text.translate(_APOSTROPHES).casefold().replace("dr.", "dr")
    plain = _LEFT_COMMA.sub(" ", _FILLERS.sub("\x00", plain))
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


_GOODBYE = pattern(
    r"""\b(?:bye|goodbye|good_bye|cheerio|cya|see_ya|laters|take_care|good_day_to_you|that's_(?:all|it|everything|me)|thats_(?:all|it|me)|that_is_(?:all|everything)
    |that_(?:will|would)_be_all|that'll_be_all|that_(?:was|is)_all|nothing_(?:else|further)|all_(?:done|sorted|set)|i'm_(?:all_set|good)|no_thanks?|no,_thank_you
    |have_a_(?:good|nice|lovely|pleasant|great)|call_back_later|try_again_later|i_give_up|im_(?:done|out)
    |tschüss|auf_wiedersehen|das_war's|das_war_alles|das_wäre_alles|mehr_brauche_ich_nicht|adiós|eso_es_todo|nada_más|hasta_luego|hasta_pronto)\b"""
)
_THANKS = pattern(
    r"\b(?:thanks|thank_you|thankyou|thx|ty|cheers|ta|much_obliged|appreciate_(?:it|that)|great|perfect|wonderful|danke|dank|gracias|perfekt|super|perfecto)\b"
)


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
    """Whether the customer takes leave or wants nothing more."""
    return _GOODBYE.search(mended) is not None


def says_thanks(mended: str) -> bool:
    """Whether the customer thanks or is pleased."""
    return _THANKS.search(mended) is not None


_TELLING = {
    "en": word_set(
        """the is are my you your i'd i'm want need please what when where how would could have has with for thanks can it and of
    to not will know here this that which hello was were so why i i'm im an card about but do does did been on at just ask like"""
    ),
    "de": word_set(
        """ich sie ist der die das den dem ein eine einen bitte mein meine meinen nicht und wann wie wo was gibt es für auf bei zum
    zur möchte brauche hätte gern danke guten tag geht doch noch mir auch von ihnen ihre kann wird"""
    ),
    "es": word_set(
        """el la los las un una mi mis por favor quiero necesito he ha está es qué cómo cuánto cuándo dónde y de en para con
    gracias hola buenas días perdido tarjeta usted puede también ya se su"""
    ),
}


def language_of(text: str, candidates: Iterable[str], current: str | None) -> str:
    """The candidate language that the words speak for; `current` (or the first candidate) unless another clearly leads."""
    spoken = [word.casefold() for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.translate(_APOSTROPHES))]
    names = list(candidates)
    hits = {name: sum(word in _TELLING[name] for word in spoken) for name in names}
    best = max(names, key=lambda name: hits[name])
    present = current or names[0]
    if current is None and hits[present] == 0:
        return best if hits[best] else present
    return best if hits[best] >= hits[present] + 2 else present


def is_shouting(text: str) -> bool:
    """Whether most words of four letters and more are in capitals, and there are at least two of them."""
    long = [word for word in _WORD.findall(text) if len(word) >= 4]
    return len(long) >= 2 and sum(word.isupper() for word in long) * 2 > len(long)
