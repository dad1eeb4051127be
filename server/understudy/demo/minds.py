"""Changed minds within one message: which of several wishes stands at its end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from understudy.demo.nlu import Pattern, pattern

__all__ = ["standing_wishes", "turns_about"]

# These undo the wish before them; a shift only announces that another takes its place.
_TAKES_BACK = pattern(
    r"""\b(?:no_wait|wait_no|no,?_sorry|sorry,?_no|scratch_that|forget_(?:that|it)|never_?mind(?:_that)?|nvm|strike_that|on_second_thoughts?
    |take_that_back|not_that_one|beg_your_pardon|(?:stay|stick)_with_the_first|at_first|first_thing
    |nein_warten|nein,?_moment|vergessen_sie_das|vergiss|quatsch|streichen_sie_das|(?:beim|das)_erste[ns]?|bitte_um_verzeihung|zuerst_gesagt|warte_ne+|ne+_warte
    |no,?_espere|no,?_perdón|mejor_lo_primero|mantengamos_lo_primero|olvid[ea]_eso|olv[ií]delo|eso_no|espera,?_no|al_principio)\b"""
)
_SHIFT = pattern(
    r"""\b(?:actually|instead|rather|i_mean|hmm+|wait|hang_on|hold_on|no(?=[,:;.!?–-]|_[–-]|$)|nah|nope|or_maybe|although|on_reflection|perhaps
    |eigentlich|ich_meine|lieber|sondern|nein|nee?|obwohl|beziehungsweise|wobei|das_heißt
    |en_realidad|quiero_decir|digo|espere|mejor|aunque|más_bien)\b"""
)
_NO = frozenset({"no", "nah", "nope", "nein", "ne", "nee"})
_NEGATED = re.compile(r"\b(?:not|don't|do not|didn't|never|without|nicht|kein|keine|keinen|sin)\s+(?:\w+\s+){0,3}$")
_ALSO = re.compile(r"^.{0,30}\b(?:also|too|as well|another thing|auch|außerdem|noch|también|además)\b")


@dataclass(frozen=True)
class _Mark:
    at: int
    kind: Literal["wish", "take_back", "shift", "no"]
    wish: str = ""


def _marks(mended: str, wishes: Mapping[str, Pattern]) -> list[_Mark]:
    marks = [_Mark(m.start(), "take_back") for m in _TAKES_BACK.finditer(mended)]
    shifts = [m for m in _SHIFT.finditer(mended) if not _ALSO.search(mended[m.end() :])]
    marks += [_Mark(m.start(), "no" if m.group() in _NO else "shift") for m in shifts]
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
    shifting = refused = False
    for mark in _marks(mended, wishes):
        if mark.kind == "take_back":
            taken = standing.pop() if standing else taken
        elif mark.kind != "wish":
            shifting = bool(standing)
            refused = mark.kind == "no"
        else:
            if shifting and standing and standing[-1] != mark.wish:
                standing.pop()
            shifting = False
            standing = [wish for wish in standing if wish != mark.wish] + [mark.wish]
    if shifting and refused and not alone and standing:
        standing.pop()  # "cancel it - nope, is there parking?"
    return tuple(standing) if standing else ((taken,) if taken and alone else ())


def turns_about(mended: str, wishes: Mapping[str, Pattern]) -> bool:
    """Whether the message says one wish and then takes it back or puts another in its place."""
    marks = _marks(mended, wishes)
    first = next((i for i, mark in enumerate(marks) if mark.kind == "wish"), None)
    if first is None:
        return False
    after = marks[first + 1 :]
    named = {mark.wish for mark in marks if mark.kind == "wish"}
    return any(mark.kind == "take_back" for mark in after) or (len(named) > 1 and any(mark.kind in ("shift", "no") for mark in after))
