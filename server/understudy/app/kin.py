"""Who is of which model family in a conversation: the judge against the simulated user and the target, by the settings."""

from __future__ import annotations

from understudy.app.context import App
from understudy.domain.scenario import Scenario
from understudy.judging.families import Kin, check_families

__all__ = ["configured_kin", "family_warnings", "judge_kin"]


def family_warnings(app: App, scenario: Scenario) -> tuple[str, ...]:
    """What is to be kept with a verdict by the model. Raises BadInput for a judge of the family of the target or of the user."""
    judge = judge_kin(app)
    if judge is None:
        return ()
    others = [kin for kin in (_user(app, scenario), _target(app, scenario.target)) if kin is not None]
    return check_families(judge, others, allow_same=allows_same(app))


def judge_kin(app: App) -> Kin | None:
    """The judge's model; None when none is configured."""
    settings = app.settings.models.judge
    if settings is not None:
        return Kin(part="judge", model=settings.model, setting="models.judge", family=settings.family)
    model = app.model_for("judge")
    return Kin(part="judge", model=model.name, setting="models.judge") if model is not None else None


def allows_same(app: App) -> bool:
    """Whether the settings let the judge be of the family of those it judges."""
    settings = app.settings.models.judge
    return settings is not None and settings.allow_same_family


def configured_kin(app: App) -> list[Kin]:
    """The models of the simulated user and of each target, as far as the settings name them."""
    user = app.settings.models.user
    found = [Kin(part="simulated user", model=user.model, setting="models.user", family=user.family)] if user else []
    return found + [kin for name in app.settings.targets if (kin := _target(app, name)) is not None]


def _user(app: App, scenario: Scenario) -> Kin | None:
    if scenario.player == "caller":
        return Kin(part="simulated user", model="the calling assistant", setting="player")
    if scenario.player != "model" or scenario.user_model is None:
        return None
    settings = app.settings.models.user
    same = settings is not None and scenario.user_model == f"{settings.provider}:{settings.model}"
    family = settings.family if settings is not None and same else None
    return Kin(part="simulated user", model=scenario.user_model, setting="models.user", family=family)


def _target(app: App, name: str) -> Kin | None:
    """None for a demo agent, which has no model."""
    settings = app.settings.targets.get(name)
    if settings is None:
        return None
    named: object = getattr(settings, "model", None)
    model: object = getattr(named, "model", named)
    family = settings.family or getattr(named, "family", None)
    return Kin(part=f"target `{name}`", model=str(model or "its settings name none"), setting=f"targets.{name}.family", family=family)
