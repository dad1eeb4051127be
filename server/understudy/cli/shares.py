"""Shares as people write them on a command line: 0.9 or 90%. For `type=` of an option."""

from __future__ import annotations

import math

import click

__all__ = ["criterion", "share"]


def share(text: str) -> float:
    """A share between 0 and 1. Raises BadParameter."""
    text = text.strip()
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no share; write it as 0.9 or 90%") from None
    if not math.isfinite(value) or not 0 <= value <= 1:
        meant = f"; did you mean {text}%?" if 1 < value <= 100 and not text.endswith("%") else ""
        raise click.BadParameter(f"{text!r} is not between 0 and 1{meant}")
    return value


def criterion(text: str) -> tuple[str, float]:
    """`claims-held=0.99`. Raises BadParameter."""
    name, equals, least = text.partition("=")
    if not equals or not name.strip():
        raise click.BadParameter(f"{text!r} is not ID=SHARE, such as completed=0.95")
    return name.strip(), share(least)
