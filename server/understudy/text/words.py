"""The words of a text that carry its meaning, in English, German and Spanish."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["content_words", "stems", "tokens"]

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

_EN = """a an the and or but if so as at by for from in into of off on onto out over to up with without about than then this that these
those there here it its it's i i'm i'd i've i'll me my mine myself you your yours you're you'd you've you'll he she we us our they them
their what which who whom whose when where why how is are was were be been being am do does did doing done have has had having can could
would should shall will may might must not no don't doesn't didn't can't won't isn't aren't any some all both each few more most much many
other such only own same too very just also please thanks thank hi hello hey yes okay ok oh well actually really need want like get got
let lets let's know tell say said one thing things something anything still again now even maybe quite"""
_DE = """der die das den dem des ein eine einen einem einer eines und oder aber wenn als am an auf aus bei bis durch für gegen im in ins mit
nach ohne seit über um unter vom von vor zu zum zur ich mich mir mein meine meinen meinem meiner meines du dich dir dein deine er sie es
wir uns unser unsere ihr ihre ihren ihrem ihrer euch sich was welche welcher welches wer wem wen wann wo warum wie wieso ist sind war
waren sein bin bist wird werden wurde wurden worden habe hat haben hatte hatten hätte kann können könnte könnten könnten soll sollte muss
müssen möchte möchten will wollen würde würden darf dürfen nicht kein keine keinen ja nein doch noch nur auch so sehr schon mal dann
denn dass ob da dort hier dies diese dieser dieses diesen bitte danke hallo gern gerne etwas alles man okay brauche brauchen gibt geht"""
_ES = """el la los las lo un una unos unas y e o u pero si como a al ante con contra de del desde en entre hacia hasta para por según sin
sobre tras yo me mi mis mí tú te tu tus ti él ella usted ustedes le les se su sus nos nosotros nuestro nuestra qué que cuál cual quién
quien cuándo cuando dónde donde cómo cuánto es son era eran ser soy está están estoy estar fue fueron ha han he haber hay había puede
pueden puedo podría podrían quiero quisiera necesito querría debe debo no sí ya muy más menos también sólo solo tan tanto este esta esto
estos estas ese esa eso esos esas aquí allí por favor gracias hola algo todo toda todos todas otro otra bueno pues vale"""


@lru_cache(maxsize=8)
def _stop_list(language: str) -> frozenset[str]:
    return frozenset({"de": _DE, "es": _ES}.get(language, _EN).split())


def tokens(text: str) -> list[str]:
    """Words and numbers of the text in order, in lower case, apostrophes made straight."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


@lru_cache(maxsize=4096)
def content_words(text: str, language: str = "en") -> frozenset[str]:
    """The words and numbers of the text without function words, in lower case. Unknown languages are read as English."""
    stop = _stop_list(language[:2])
    return frozenset(word for word in tokens(text) if word not in stop and (len(word) > 1 or word.isdigit()))


_UMLAUTS = str.maketrans("äöüáéíóúñ", "aouaeioun")
_ENDINGS = {
    "en": ("ations", "ation", "ements", "ement", "ments", "ment", "ings", "ing", "ied", "ies", "ed", "es", "ly", "s", "e", "y"),
    "de": ("ungen", "ung", "ieren", "iert", "test", "tet", "ten", "est", "ern", "em", "en", "er", "es", "et", "te", "st", "e",
           "s", "t"),
    "es": ("aciones", "ación", "amiento", "imiento", "ando", "iendo", "ados", "adas", "idos", "idas", "ado", "ada", "ido", "ida", "ará",
           "aré", "arme", "arlo", "arla", "ar", "er", "ir", "os", "as", "es", "an", "en", "a", "o", "e", "s", "é", "ó"),
}  # fmt: skip
_SHORTEST = 3


@lru_cache(maxsize=16_384)
def _meaning(word: str, language: str) -> str:
    """The stem of a word that carries meaning; of any other, nothing."""
    if word in _stop_list(language) or not (len(word) > 1 or word.isdigit()):
        return ""
    return _stem(word, language)


def _stem(word: str, language: str) -> str:
    if language == "de" and word.startswith("ge") and len(word) > 7 and word.endswith(("t", "en")):
        word = word[2:]
    for ending in _ENDINGS.get(language, _ENDINGS["en"]):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word[: -len(ending)]
            break
    if len(word) > _SHORTEST + 1 and word[-1] == word[-2]:
        word = word[:-1]
    return word.translate(_UMLAUTS)


@lru_cache(maxsize=4096)
def stems(text: str, language: str = "en") -> frozenset[str]:
    """The content words cut down so that forms of one word mostly meet: `booking`, `booked`, `books` give `book`."""
    short = language[:2]
    return frozenset([stem for word in tokens(text) if (stem := _meaning(word, short))])
