"""Which language a text is in: by its function words, and by letter statistics where those do not decide.

Says None rather than guess: names, numbers and courtesies are no language.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from understudy.text.words import tokens

__all__ = ["detect"]

# Only words that the other two languages do not have: "in", "die", "was", "no", "a" decide nothing.
_FUNCTION_WORDS = {
    "en": """the of and to is are you your i'm it's that this for with have has been not be on at from can could would should what when
    where which how why do does did my we our they their there here or if please let me any about were i'd i'll i've don't can't we're
    you're you've it me us but by up out just need want know get all anything""",
    "de": """der das den dem des ein eine einen einem einer und ist sind nicht ich sie wir ihr ihre ihren ihrem ihrer mir mich mit auf für
    von zu zum zur im bei nach aus auch oder aber wenn dass kann können haben hat habe wird werden wurde möchten möchte noch nur schon wie
    wann wo warum welche kein keine bitte es uns um über ihnen gerne leider""",
    "es": """el la los las un una unos unas y es son de del que qué en por para con su sus se le les lo al no está están ha han hay pero
    como cómo cuándo dónde más muy ya mi mis usted puede puedo quiero tiene favor este esta esto sobre sí también cuál nos""",
}
_LETTERS = {"de": re.compile(r"[äöß]"), "es": re.compile(r"[ñ¿¡]")}
_NO_PROSE_MARKS = re.compile(r"[@`]|://|www\.")
"""One of them is in whatever is no prose."""
_NOT_PROSE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|`[^`]*`")
# Courtesies and loan words travel between languages and prove nothing.
_TRAVELLERS = """ok okay yes no ja nein si sí thanks thank danke gracias please bitte hi hello hallo hola hey bye sorry super great
perfect cool"""
_COURTESIES = frozenset(_TRAVELLERS.split())
_MIN_HITS = 3
_MIN_WORDS_FOR_STATISTICS = 4
_SURE = 0.95
# Near neighbours of the candidates, so that French is not taken for Spanish for want of anything else.
_NEIGHBOURS = ("ca", "da", "en", "de", "es", "fr", "it", "nl", "no", "pt", "sv")


def detect(text: str, candidates: tuple[str, ...] = ("en", "de", "es")) -> str | None:
    """The language of `text` among `candidates` (two-letter codes), or None when it is too short, mixed, or another language."""
    return _detect(text, tuple(dict.fromkeys(c[:2] for c in candidates)))


@lru_cache(maxsize=1024)
def _detect(text: str, candidates: tuple[str, ...]) -> str | None:
    prose = text[:4000]
    if _NO_PROSE_MARKS.search(prose):
        prose = _NOT_PROSE.sub(" ", prose)
    words = [w for w in tokens(prose) if w not in _COURTESIES and not w.isdigit()]
    if len(words) < 2:
        return None
    hits = {language: _hits(words, prose, language) for language in _FUNCTION_WORDS if language in candidates}
    ranked = sorted(hits, key=lambda language: -hits[language])
    best = hits[ranked[0]] if ranked else 0
    second = hits[ranked[1]] if len(ranked) > 1 else 0
    if ranked and best > 2 * second and (best >= _MIN_HITS or (best >= 2 and len(words) <= 5)) and 6 * best >= len(words):
        return ranked[0]
    if len(words) < _MIN_WORDS_FOR_STATISTICS or sum(map(len, words)) < 20:
        return None
    guess = _by_letters(prose, candidates)
    # Letter statistics are good with sentences and poor with names; function words that speak against them win.
    return guess if guess is not None and hits.get(guess, 1) >= max(1, second) and (guess not in hits or hits[guess] == best) else None


@lru_cache(maxsize=8)
def _own_words(language: str) -> frozenset[str]:
    """The function words of a language that none of the others has."""
    others = {word for other, words in _FUNCTION_WORDS.items() if other != language for word in words.split()}
    return frozenset(_FUNCTION_WORDS[language].split()) - others


def _hits(words: list[str], prose: str, language: str) -> int:
    own = _own_words(language)
    letters = None if prose.isascii() else _LETTERS.get(language)
    return sum(map(own.__contains__, words)) + (letters is not None and letters.search(prose.lower()) is not None)


@lru_cache(maxsize=8)
def _factory(candidates: tuple[str, ...]) -> Any:
    """A detector factory with the profiles of the candidates and their neighbours only: loading all 55 takes far longer."""
    from pathlib import Path

    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    DetectorFactory.seed = 0
    factory: Any = DetectorFactory()
    known = [language for language in sorted({*candidates, *_NEIGHBOURS}) if (Path(PROFILES_DIRECTORY) / language).is_file()]
    factory.load_json_profile([(Path(PROFILES_DIRECTORY) / language).read_text("utf-8") for language in known])
    return factory


def _by_letters(prose: str, candidates: tuple[str, ...]) -> str | None:
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory(candidates).create()
    detector.append(prose)
    try:
        found = detector.get_probabilities()
    except LangDetectException:
        return None
    if not found or found[0].prob < _SURE or found[0].lang not in candidates:
        return None
    return str(found[0].lang)
