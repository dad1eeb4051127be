"""Latency and faults by chance: functions of the seed and the call's own bytes, so that the order of arrival changes nothing."""

from __future__ import annotations

import math
import random
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from understudy.testing.fake_models.said import FAULT_KINDS, FaultKind

__all__ = ["FaultShares", "Latency"]


@dataclass(frozen=True)
class Latency:
    """How long an answer takes: `200`, `fixed:200`, `lognormal:MEDIAN:SIGMA` or `uniform:LOW:HIGH`, in milliseconds."""

    kind: str
    numbers: tuple[float, ...]

    @classmethod
    def parse(cls, spec: str | float) -> Latency:
        """Raises ValueError with the four forms."""
        kind, *rest = str(spec).split(":")
        if not rest:
            kind, rest = "fixed", [kind]
        try:
            numbers = tuple(float(part) for part in rest)
        except ValueError:
            numbers = ()
        if len(numbers) != {"fixed": 1, "lognormal": 2, "uniform": 2}.get(kind) or any(n < 0 for n in numbers):
            raise ValueError(f"No latency {str(spec)!r}. In milliseconds: 200, fixed:200, lognormal:MEDIAN:SIGMA or uniform:LOW:HIGH.")
        return cls(kind, numbers)

    def seconds(self, body: bytes, seed: int) -> float:
        """Of the answer to this body."""
        if self.kind == "fixed":
            return self.numbers[0] / 1000
        draw = random.Random(f"{seed}:{zlib.crc32(body)}")  # noqa: S311 - a seeded plan
        low, high = self.numbers
        return (low * math.exp(draw.gauss(0, high)) if self.kind == "lognormal" else draw.uniform(low, high)) / 1000


class FaultShares:
    """Faults in a share of all calls. The same body draws again each time it comes, so that a retry may succeed."""

    def __init__(self, shares: Mapping[FaultKind, float], *, seed: int) -> None:
        """Raises ValueError for an unknown kind, and for shares that are negative or add up to more than 1."""
        for kind, share in shares.items():
            if kind not in FAULT_KINDS:
                raise ValueError(f"No fault {kind!r}. Known: {', '.join(FAULT_KINDS)}.")
            if share < 0:
                raise ValueError(f"The share of {kind!r} is {share}; it goes from 0 to 1.")
        if sum(shares.values()) > 1 + 1e-9:
            raise ValueError(f"The shares of the faults add up to {sum(shares.values()):g}, which is more than 1.")
        self._shares, self._seed = dict(shares), seed
        self._attempts: dict[int, int] = {}

    def draw(self, body: bytes) -> FaultKind | None:
        """What goes wrong with this call, the next attempt at its body."""
        if not self._shares:
            return None
        key = zlib.crc32(body)
        attempt = self._attempts.get(key, 0)
        self._attempts[key] = attempt + 1
        left = random.Random(f"{self._seed}:{key}:{attempt}").random()  # noqa: S311 - a seeded plan
        for kind, share in self._shares.items():
            if left < share:
                return kind
            left -= share
        return None
