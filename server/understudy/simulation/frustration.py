"""How frustrated the user is, from 0 to 5: up with setbacks, down with progress, never zero when it drags on."""

from __future__ import annotations

from understudy.domain.conversation import Act, Heard
from understudy.domain.persona import Persona
from understudy.simulation.course import is_setback

__all__ = ["DRAGS_ON_AFTER", "MOST", "after_reply", "shows"]

MOST = 5
DRAGS_ON_AFTER = 8
"""User turns after which a user whose goal is open is at least mildly frustrated, whoever they are."""


def after_reply(frustration: int, heard: Heard, *, in_vain: bool, progress: bool, number: int, open_goal: bool) -> int:
    """Frustration before user turn `number`: one up for a reply that sets back (two for a rude one), one down for progress."""
    if is_setback(heard) or in_vain:
        frustration += 2 if heard.has(Act.RUDE) else 1
    elif progress:
        frustration -= 1
    least = 1 if open_goal and number > DRAGS_ON_AFTER else 0
    return max(least, min(MOST, frustration))


def shows(frustration: int, persona: Persona, *, number: int, open_goal: bool) -> bool:
    """Whether the user lets it show at user turn `number`: past their threshold, or when it drags on."""
    return frustration >= persona.frustration_threshold or (open_goal and number > DRAGS_ON_AFTER)
