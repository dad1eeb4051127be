"""A rubric: criteria by which a transcript is judged, each on its own."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from understudy.domain.checks import Check
from understudy.domain.value import Name, Slug, Text, Value

__all__ = ["Criterion", "Rubric", "Scale"]

Scale = Literal["pass_fail", "1-5"]


class Criterion(Value):
    """One thing to judge: by a check, or, where `check` is None, by a model."""

    id: Slug
    description: Text
    check: Check | None = None
    scale: Scale = "pass_fail"
    pass_at: int = Field(default=4, ge=1, le=5)
    """On the scale 1-5, the lowest score that passes."""
    levels: dict[str, str] = {}
    """Anchors of a 1-5 scale: what each level means."""
    gate: bool = True
    """A gate that fails makes the verdict fail; other criteria are reported beside it."""
    required: bool = False
    """A required criterion left unscored makes the verdict unscored."""


class Rubric(Value):
    """A named, versioned list of criteria. An empty one is refused: it would pass everything."""

    id: Slug
    title: Name
    version: int = Field(default=1, ge=1)
    description: str = ""
    criteria: tuple[Criterion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_differ(self) -> Rubric:
        ids = [c.id for c in self.criteria]
        if twice := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"criterion ids must differ; used twice: {', '.join(twice)}")
        return self
