"""Tells a secret that was pasted into a file from the name of the environment variable that should stand there."""

from __future__ import annotations

import re

__all__ = ["looks_like_secret"]

_KNOWN_FORMS = re.compile(
    r"""(?x)
    (?: \b(?:sk|pk|rk)[-_](?:[A-Za-z0-9]+[-_])*[A-Za-z0-9]{6,}   # OpenAI, Anthropic, Stripe
      | \bgh[pousr]_[A-Za-z0-9]{16,} | \bgithub_pat_\w{16,}
      | \bxox[abprs]-[\w-]{8,}
      | \b(?:AKIA|ASIA)[A-Z0-9]{12,}
      | \bAIza[\w-]{20,}
      | \bhf_[A-Za-z0-9]{16,} | \bglpat-[\w-]{16,}
      | \beyJ[\w-]{8,}\.[\w-]{8,}                                # a signed token
      | -----BEGIN\ [A-Z ]*PRIVATE\ KEY
      | ^\s*(?:Bearer|Basic)\s+[\w.~+/=-]{8,} )
    """
)
_LONG_RANDOM = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9+/=-]{28,}")


def looks_like_secret(text: str, *, name_expected: bool = False) -> bool:
    """Whether `text` holds a key, token or password of a known form; where a variable's name is due, also any long random word."""
    if _KNOWN_FORMS.search(text):
        return True
    return name_expected and (text.startswith(("sk-", "sk_")) or _LONG_RANDOM.fullmatch(text) is not None)
