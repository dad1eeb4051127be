"""Names of people in what a customer wrote."""

from __future__ import annotations

import re

from understudy.demo.nlu import word_set

__all__ = ["holder_name", "person_name"]

_NAME = r"[^\W\d_]+(?:['-][^\W\d_]+)*"
_INTRODUCES = re.compile(
    r"(?:\bmy (?:full )?name is|\bmy name's|\bname's|\bname:|\bi am called"
    r"|\bich heiße|\bmein name ist|\bme llamo|\bmi nombre(?: completo)? es)\s*:?\s+",
    re.IGNORECASE,
)
# These introduce a name only when capitals follow: `I'm Lily Tran`, but not `I'm writing from work`.
_MAY_INTRODUCE = re.compile(r"(?:\bthis is|\bi'm|\bi am|\bim|\bich bin|\bsoy)\s+", re.IGNORECASE)
_INTRODUCES_HOLDER = re.compile(
    r"(?:\b(?:her|his|their) (?:full )?name (?:is|will be)|\b(?:she|he)(?:'s| is)(?: called)?"
    r"|\bfor|\bcalled|\bholder:|\bholder is|\bse llama|\bpara)\s+",
    re.IGNORECASE,
)
_WORDS = re.compile(rf"{_NAME}(?:\s+{_NAME})*")
_LONGEST = 3
_NO_NAME = word_set(
    """um uh uhm er erm well so ok okay oh ah hm hmm sorry it its it's my name names is and the a an i i'm am was born on of
    date birth full yes yeah sure thanks thank you please in to for at not with last four digits card number are here there
    this that what why how do need can hello hi hey dear just quick like mean know said told have has had don't but also
    really think guess maybe be will would should want her his she he they them me we us sister brother wife husband mother
    father son daughter friend who holder mein name ist und geboren am ich bin geburtsdatum der die das ja bitte danke äh
    ähm also mi nombre es y soy la las los el cuatro cifras últimas últimos dígitos de tarjeta son fecha gracias pues eh
    bueno sí por favor dr doctor northgate basic silver student harbour street clinic bank meridian health monday tuesday
    wednesday thursday friday"""
)


def person_name(text: str, *, expected: bool) -> str | None:
    """The customer's name: after words that introduce one, or, when it was asked for, two or three words that are nothing else."""
    plain = re.sub(r"\d+", " , ", text.replace("’", "'"))
    introduced = _after(_INTRODUCES, plain, capitals=False) or _after(_MAY_INTRODUCE, plain, capitals=True)
    return introduced or (_bare_name(plain, but=None) if expected else None)


def holder_name(text: str, *, expected: bool, but: str | None) -> str | None:
    """The name of another person, `but` (the customer's own) excepted."""
    plain = re.sub(r"\d+", " , ", text.replace("’", "'"))
    introduced = _after(_INTRODUCES_HOLDER, plain, capitals=True)
    if introduced and introduced.casefold() != (but or "").casefold():
        return introduced
    return _bare_name(plain, but=but) if expected else None


def _after(rule: re.Pattern[str], text: str, *, capitals: bool) -> str | None:
    for found in rule.finditer(text):
        words = _WORDS.match(text[found.end() :])
        name = _leading(words.group().split() if words else [], capitals=capitals and not text.isupper())
        if name and not (capitals and text.isupper()):
            return name
    return None


def _bare_name(text: str, *, but: str | None) -> str | None:
    """A run of capitalised words first; in a message without any, words that are no fillers."""
    for capitals in (True, False):
        for piece in re.split(r"[,.;:!?\n—–]|\s-\s|\b(?:and|und|y)\b", text, flags=re.IGNORECASE):
            name = _run(piece.split(), capitals=capitals)
            if name and name.casefold() != (but or "").casefold():
                return name
    return None


def _run(words: list[str], *, capitals: bool) -> str | None:
    """The first two or three words side by side that can be a name."""
    for start in range(len(words)):
        name = _leading(words[start:], capitals=capitals)
        if name:
            return name
    return None


def _leading(words: list[str], *, capitals: bool) -> str | None:
    kept: list[str] = []
    for word in words[:_LONGEST]:
        shape = word[:1].isupper() and not (len(word) > 2 and word.isupper()) if capitals else True
        if not shape or word.casefold().strip("'") in _NO_NAME or not re.fullmatch(_NAME, word):
            break
        kept.append(word)
    name = " ".join(kept)
    return (name.title() if name.isupper() or name.islower() else name) if len(kept) >= 2 else None
