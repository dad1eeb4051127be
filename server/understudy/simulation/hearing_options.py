"""The alternatives that an agent offers, in its own words."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from understudy.simulation.hearing_lexicon import Patterns, lexicon
from understudy.simulation.hearing_sentences import Sentence
from understudy.text.openings import Openings
from understudy.text.patterns import fold

__all__ = ["options_in"]

_MOST = 12
_LONGEST = 90
_KEY_AND_VALUE = re.compile(r"^[^:]{2,24}:\s+\S")


def options_in(sentences: tuple[Sentence, ...]) -> tuple[str, ...]:
    """Options of the first list or sentence that offers any, verbatim (spaces apart); empty when nothing is offered."""
    listed = _listed(sentences) if any(s.bullet for s in sentences) else ()
    return listed or next((found for s in sentences if not s.bullet and (found := _inline(s))), ()) or _asked_after(sentences)


def _asked_after(sentences: tuple[Sentence, ...]) -> tuple[str, ...]:
    """`I can come on Monday or on Tuesday. Which would you prefer?`: the question makes the sentence before it an offer."""
    for before, asks in pairwise(sentences):
        if not asks.question or before.question or before.bullet or before.claims or before.denials or "refuses" in before.found:
            continue
        slots = _slots(before) if "option_cues" in asks.found else []
        if len(slots) >= 2 and _joined(before, slots):
            return tuple(before.text[a:b] for a, b in slots)[:_MOST]
        if asks.patterns["which_one"].match(asks.low) and "alternatives" in before.found and (options := _alternatives(before)):
            return options
    return ()


def _listed(sentences: tuple[Sentence, ...]) -> tuple[str, ...]:
    for start, sentence in enumerate(sentences):
        if not sentence.bullet or (start and sentences[start - 1].bullet):
            continue
        items = _run(sentences, start)
        if len(items) < 2:
            continue
        header = next((s for s in reversed(sentences[:start]) if not s.bullet), None)
        after = next((s for s in sentences[start + len(items) :] if not s.bullet), None)
        if _is_choice(items, header, after):
            return tuple(_clean(s.text) for s in items[:_MOST])
    return ()


def _run(sentences: tuple[Sentence, ...], start: int) -> list[Sentence]:
    items: list[Sentence] = []
    for sentence in sentences[start:]:
        if not sentence.bullet:
            break
        items.append(sentence)
    return items


def _is_choice(items: list[Sentence], header: Sentence | None, after: Sentence | None) -> bool:
    if any(s.request or s.claims for s in items):
        return False
    if any(s is not None and "choose" in s.found and not s.claims for s in (header, after)):
        return True
    if all(_KEY_AND_VALUE.match(s.text) for s in items):
        return False
    if after is not None and after.question and "option_cues" in after.found:
        return True
    if header is None or header.claims or ("not_options" in header.found and not header.question and not _is_slot_list(items)):
        return after is not None and after.question
    return "option_cues" in header.found or header.question


def _is_slot_list(items: list[Sentence]) -> bool:
    return all(_slots(s) for s in items)


def _inline(sentence: Sentence) -> tuple[str, ...]:
    if sentence.claims or sentence.denials or not (sentence.question or "option_cues" in sentence.found):
        return ()
    slots = _slots(sentence)
    if "no_options" in sentence.found or "refuses" in sentence.found:
        # "Thursday is full, but Friday at 9 or at 11 is free": only what comes after the turn is on offer.
        turn = sentence.patterns["contrast"].search(sentence.low, 1)
        slots = [slot for slot in slots if turn is not None and slot[0] > turn.start()]
        if not slots:
            return ()
    slots = _without_shared_day(sentence, slots)
    if len(slots) >= 2 and _joined(sentence, slots):
        return tuple(sentence.text[a:b] for a, b in slots)[:_MOST]
    if sentence.question and "alternatives" in sentence.found:
        return _alternatives(sentence)
    if len(slots) == 1 and not sentence.question and "single_offers" in sentence.found:
        return (sentence.text[slots[0][0] : slots[0][1]],)
    return ()


def _slots(sentence: Sentence) -> list[tuple[int, int]]:
    if not _openings(sentence.patterns.language).candidates(sentence.low):
        return []
    return [m.span() for m in _slot(sentence.patterns.language).finditer(sentence.low)]


def _without_shared_day(sentence: Sentence, slots: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """`On Tuesday we have 9:00, 11:30 or 14:30`: the day is not one of the options."""
    timed = [slot for slot in slots if re.search(r"\d[:.h]\d\d|\d ?(?:[ap]\.?m|uhr|h\b)|^\d+$", sentence.low[slot[0] : slot[1]])]
    alone = [slot for slot in timed if not re.search(r"[^\W\d_]{4,}", sentence.low[slot[0] : slot[1]])]
    days = [slot for slot in slots if slot not in timed]
    return alone if len(days) == 1 and alone == timed and alone and days[0] < alone[0] else slots


def _joined(sentence: Sentence, slots: list[tuple[int, int]]) -> bool:
    """Whether the slots stand side by side as alternatives, not as `from ... to ...`."""
    between = [sentence.low[a[1] : b[0]] for a, b in pairwise(slots)]
    return sentence.patterns["alternatives"].search(between[-1]) is not None or (
        all(re.fullmatch(r"\s*[,;/]\s*(?:\w+\s*){0,3}|\s*(?:,\s*)?(?:and|und|y)\s*(?:\w+\s*){0,3}", gap) for gap in between)
        and "option_cues" in sentence.found
    )


def _alternatives(sentence: Sentence) -> tuple[str, ...]:
    """`Would you prefer a call or an email?`: what stands on both sides of `or`, from the lead-in to the end."""
    low, patterns = sentence.low, sentence.patterns
    start = 0
    first_or = patterns["alternatives"].search(low)
    for lead in patterns["option_lead_ins"].finditer(low, 0, first_or.start() if first_or else len(low)):
        start = lead.end()
    asks = patterns["wh_questions"].match(low)
    comma = low.find(", ", asks.end(), first_or.start()) if asks and first_or else -1
    if comma > 0:
        # "What time would you like to come, 10 or 14 o'clock?": what stands before the list is the question.
        start = max(comma, low.find(": ", comma, first_or.start() if first_or else None)) + 1
    start = start or low.find(": ") + 1
    if not start:
        return ()
    region = sentence.text[start:]
    parts = re.split(rf"\s*,?\s+(?:{patterns.lexicon.lists.alternatives.strip()})\s+|\s*[,;]\s+", region, flags=re.IGNORECASE)
    options = [option for part in parts if (option := _trimmed(part, patterns))]
    fits = (
        len(options) >= 2
        and all(len(o) <= _LONGEST for o in options)
        and not any(patterns["no_choice"].fullmatch(fold(o)) for o in options)
    )
    return tuple(options[:_MOST]) if fits else ()


def _trimmed(part: str, patterns: Patterns) -> str:
    text = _clean(part)
    while True:
        low = fold(text)
        tail = max((m.start() for m in patterns["option_tails"].finditer(low) if m.end() == len(low)), default=-1)
        lead = re.match(r"(?:on|for|either|at|to|am|für|um|den|entweder|el|para|en)\s+(?=\S)", low)
        if tail > 0:
            text = _clean(text[:tail])
        elif lead:
            text = text[lead.end() :]
        else:
            return text


def _clean(text: str) -> str:
    return text.strip(' \t\n.?!,;:¿¡"*')


@lru_cache(maxsize=4)
def _openings(language: str) -> Openings:
    return Openings([_slot(language).pattern])


@lru_cache(maxsize=4)
def _slot(language: str) -> re.Pattern[str]:
    """A day, a time, or both, with what stands between: `Thursday 26 November at 10:00`, `Donnerstag um 10 Uhr`, `el jueves a las 10`."""
    words = lexicon(language).lexicon
    weekday = "|".join(sorted((re.escape(n) for names in words.weekdays for n in names if len(n) > 2), key=len, reverse=True))
    month = "|".join(sorted((re.escape(n) for names in words.months for n in names), key=len, reverse=True))
    named = (
        rf"\d{{1,2}}(?:st|nd|rd|th|\.|º)?(?: of| de)? (?:{month})\b(?:,? \d{{4}}| de \d{{4}})?"
        rf"|(?:{month})\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}})?"
    )
    numeric = r"\d{1,2}\.\d{1,2}\.(?:\d{2,4})?|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}(?:st|nd|rd|th)"
    date = rf"(?:{named}|{numeric})"
    time = r"(?:\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\b\.?| ?uhr| ?h\b)?|\d{1,2} ?(?:[ap]\.?m\b\.?|uhr|h\b)|noon|midday|mediodía)"
    glue = r"(?:,? (?:at|um|on|the|den|a las?|el|in the|de la)? ?|, )"
    day = rf"(?:(?:next |this |nächsten |diesen |próximo )?(?:{weekday})(?:{glue}{date})?|tomorrow|morgen|mañana|{date})"
    part = r"(?: (?:morning|afternoon|evening|vormittag|nachmittag|früh))?"
    return re.compile(
        rf"(?<![\w.:])(?:{day}{glue}{time}|{day} (?:at|um|a las?) \d{{1,2}}(?![.:]?\d)|{time}{glue}{day}|{day}{part}|{time})(?!\w)"
    )
