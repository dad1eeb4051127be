"""`{fact}` in a check stands for the fact's current value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

__all__ = ["fill", "unknown_facts"]

_PLACEHOLDER = re.compile(r"\{(?!\d+\})([a-z0-9][a-z0-9_-]{0,63})\}")  # `{3}` in a regular expression is a count


def fill(text: str, facts: Mapping[str, str]) -> str:
    """`text` with the facts' values in it; a name that is no fact is left standing."""
    return _PLACEHOLDER.sub(lambda m: facts.get(m[1], m[0]), text)


def unknown_facts(texts: Iterable[str], facts: Mapping[str, str]) -> list[str]:
    """The names in braces that are no facts of this conversation, sorted."""
    return sorted({name for text in texts for name in _PLACEHOLDER.findall(text) if name not in facts})
