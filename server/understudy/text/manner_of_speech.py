"""The register of a speaker in nine countable features (contractions, courtesy, formality ...), in English, German and Spanish."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from understudy.text.words import tokens

__all__ = ["FEATURES", "manner_of_speech"]

FEATURES = (
    "words a sentence",
    "letters a word",
    "contractions",
    "courtesy",
    "informal words",
    "exclamations",
    "second person",
    "modals",
    "words a turn",
)
"""Shares are per word, exclamations per sentence."""

_SENTENCE = re.compile(r"[.!?]+(?:\s|$)|\n+")
_CONTRACTION = re.compile(r"\w+['’](?:s|t|re|ve|ll|d|m|n|ne|nem|ner)\b", re.IGNORECASE)

_COURTESY = {
    "en": "please thank thanks sorry apologies apologize apologise welcome glad happy pleasure kindly appreciate certainly",
    "de": "bitte danke dank entschuldigung entschuldigen verzeihung leider gern gerne freut willkommen selbstverständlich",
    "es": "gracias perdón disculpe disculpa lamento siento favor encantado encantada gusto amable bienvenido bienvenida claro",
}
_INFORMAL = {
    "en": "hey hi yeah yep nope gonna wanna gotta kinda cool awesome guys okay ok oops lol btw dude stuff sure no-brainer super",
    "de": "hey hi jo klar super cool okay ok nö ne mal halt krass prima tschüss sorry quatsch bisschen",
    "es": "hey hola vale guay chévere ok okay oye genial dale tranqui súper bueno pues che",
}
_SECOND_PERSON = {
    "en": "you your yours yourself you're you'll you've you'd",
    "de": "sie ihnen ihr ihre ihren ihrem ihrer du dich dir dein deine deinen deinem deiner",
    "es": "usted ustedes su sus le les tú te ti tu tus",
}
_MODALS = {
    "en": "can could would should will shall may might must can't couldn't wouldn't won't",
    "de": "kann können könnte könnten würde würden soll sollte muss müssen darf dürfen möchte möchten will wollen wird",
    "es": "puede puedo podría pueden podemos debe debería deben quiere quisiera gustaría",
}


@lru_cache(maxsize=16)
def _lexicon(kind: int, language: str) -> frozenset[str]:
    lists = (_COURTESY, _INFORMAL, _SECOND_PERSON, _MODALS)[kind]
    return frozenset(lists.get(language, lists["en"]).split())


def manner_of_speech(turns: Sequence[str], language: str = "en") -> tuple[float, ...] | None:
    """The nine features over all `turns` of one speaker, in the order of FEATURES; None when there are no words."""
    text = "\n".join(turns)
    words = tokens(text)
    if not words:
        return None
    sentences = max(1, len([s for s in _SENTENCE.split(text) if s.strip()]))
    total = len(words)
    courtesy, informal, second, modals = (sum(w in _lexicon(kind, language[:2]) for w in words) / total for kind in range(4))
    return (
        total / sentences,
        sum(map(len, words)) / total,
        len(_CONTRACTION.findall(text)) / total,
        courtesy,
        informal,
        text.count("!") / sentences,
        second,
        modals,
        total / len(turns),
    )
