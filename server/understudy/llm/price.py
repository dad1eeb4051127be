"""The price of a model: from its settings, else from the dated table in `data/prices.json`; None is unpriced."""

from __future__ import annotations

import ipaddress
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from understudy.domain.model_price import ModelPrice
from understudy.domain.model_role import ModelRole

__all__ = ["price_of", "prices_as_of"]

_SNAPSHOT = re.compile(r"-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest)$")


def price_of(settings: ModelRole) -> ModelPrice | None:
    """The price, if it is known. What runs on this machine is unpriced unless its settings say otherwise."""
    if settings.price is not None:
        return settings.price
    if settings.provider == "openai_compatible" or _is_local(settings.address):
        return None
    prices = _table()[settings.provider]
    name = settings.model.lower()
    return prices.get(name) or prices.get(_SNAPSHOT.sub("", name))


def prices_as_of() -> str:
    """The day of the table, as YYYY-MM-DD."""
    return str(_raw()["as_of"])


def _is_local(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@cache
def _raw() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("understudy.llm").joinpath("data", "prices.json").read_text(encoding="utf-8"))
    return found


@cache
def _table() -> dict[str, dict[str, ModelPrice]]:
    providers = ("anthropic", "openai")
    return {p: {name: ModelPrice.model_validate(rates) for name, rates in _raw()[p].items()} for p in providers}
