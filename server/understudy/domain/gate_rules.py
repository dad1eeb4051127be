"""What must hold before a deploy: the limits that a gate goes by."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from understudy.domain.value import Slug, Value

__all__ = ["GateRules", "Share"]

Share = Annotated[float, Field(ge=0, le=1)]
"""Between 0 and 1."""


class GateRules(Value):
    """What must hold. What is None was not asked for; the limits on silence always hold."""

    min_pass_rate: Share | None = None
    """Of the share that passed."""
    min_pass_rate_low: Share | None = None
    """Of the lower end of its interval: the stricter one to ask for."""
    min_worst_persona: Share | None = None
    criteria: dict[Slug, Share] = {}
    """The least share for single criteria."""
    max_unscored: Share = 0.1
    max_simulator_faults: Share = 0.1
    max_infrastructure: Share = 0.0
    """Of the conversations in which the target gave no answer."""
    max_missing: Share = 0.0
    """Of the planned conversations that were never finished: a cap was reached, or somebody stopped the campaign."""
    min_judged: int = Field(default=1, ge=1)
    no_regression: bool = True
    """Against the baseline, where there is one."""
    no_newly_failing: bool = False
