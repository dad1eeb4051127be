"""Checks of the whole set-up: settings, library, keys by name, store and targets; each with how to mend what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from understudy.app.context import App
from understudy.app.kin import configured_kin
from understudy.app.pages import cut
from understudy.domain.errors import BadInput, StoreError
from understudy.domain.value import Value
from understudy.judging.families import Kin, check_families
from understudy.settings.model import ModelRole
from understudy.targets.settings import McpTarget, PromptTarget

__all__ = ["Checkup", "Finding", "check_up"]

Level = Literal["ok", "note", "problem"]
PROGRAMS = ("command", "python")
"""Kinds of targets that are run here, not called elsewhere."""


class Finding(Value):
    """One thing that was looked at."""

    subject: str
    level: Level
    detail: str
    fix: str = ""


class Checkup(Value):
    """Everything that was looked at; `healthy` when nothing is a problem."""

    healthy: bool
    findings: list[Finding]


async def check_up(app: App, *, env: Mapping[str, str], call: bool = True) -> Checkup:
    """Look at everything. Calls each configured target and model once, unless told not to; shows no value of any key."""
    findings = [_settings(app), *_library(app), *await _models(app, env, call=call), *_families(app), await _store(app)]
    for name in app.settings.targets:
        missing = _target_keys(app, name, env)
        findings += missing
        if call and not missing:  # without its keys the call would only say the same again
            findings.append(await _target(app, name))
    if not app.settings.targets:
        fix = "`understudy init` writes an understudy.yaml; demo-clinic and demo-bank work without"
        findings.append(Finding(subject="targets", level="note", detail="none is configured", fix=fix))
    findings.append(Finding(subject="network", level="note", detail=_reached(app)))
    return Checkup(healthy=all(f.level != "problem" for f in findings), findings=findings)


def _settings(app: App) -> Finding:
    file = app.settings.file
    if file is None:
        return Finding(
            subject="settings", level="note", detail="no understudy.yaml here or in a folder above", fix="`understudy init` writes one"
        )
    return Finding(subject="settings", level="ok", detail=str(file))


def _library(app: App) -> list[Finding]:
    library = app.library
    counts = f"{len(library.personas)} personas, {len(library.goals)} goals, {len(library.topics)} topics, {len(library.rubrics)} rubrics"
    findings = [Finding(subject="library", level="ok", detail=f"{counts} in {len(library.packs)} packs")]
    findings += [
        Finding(subject="library", level="problem", detail=cut(str(p), 300), fix="Mend the file at that line") for p in library.problems
    ]
    findings += [Finding(subject="library", level="note", detail=str(o)) for o in library.overrides]
    missing = [path for path in (app.settings.company,) if path is not None and not path.is_file()]
    findings += [
        Finding(subject="company", level="problem", detail=f"{p} is not there", fix="Mend `company` in the settings") for p in missing
    ]
    return findings


async def _models(app: App, env: Mapping[str, str], *, call: bool) -> list[Finding]:
    findings: list[Finding] = []
    replay = app.settings.models.replay
    for role, model in _roles(app).items():
        missing = bool(model.key_name and not env.get(model.key_name, "").strip())
        if replay:
            detail = f"{model.provider} {model.model}: answered from the recordings in the store, not called"
            findings.append(Finding(subject=f"model {role}", level="note", detail=detail))
        elif missing:
            findings.append(_missing_key(f"model {role}", model.key_name or ""))
        else:
            findings.append(await _model(role, model, env, call=call))
    return findings


async def _model(role: str, model: ModelRole, env: Mapping[str, str], *, call: bool) -> Finding:
    from understudy.llm.price import price_of, prices_as_of

    price = price_of(model)
    dated = "as the settings say" if model.price else f"as of {prices_as_of()}"
    cost = f"{price.input:g} and {price.output:g} USD per million tokens in and out, {dated}" if price else "unpriced"
    key = f"key in {model.key_name}" if model.key_name else "no key"
    detail = f"{model.provider} {model.model} at {model.address}; {key}; {cost}"
    if not call:
        return Finding(subject=f"model {role}", level="ok", detail=f"{detail}; not called")
    from understudy.llm.probe import probe_model

    found = await probe_model(model, env=env)
    if found.problem:
        return Finding(subject=f"model {role}", level="problem", detail=cut(found.problem, 500))
    return Finding(subject=f"model {role}", level="ok", detail=f"{detail}; answers in {found.latency_ms:.0f} ms; {found.forms}")


def _roles(app: App) -> dict[str, ModelRole]:
    models = app.settings.models
    given = {"user": models.user, "judge": models.judge, "generator": models.generator}
    return {role: model for role, model in given.items() if model is not None}


def _families(app: App) -> list[Finding]:
    """Whether the judge is of another family than those it judges."""
    judge = app.settings.models.judge
    if judge is None:
        return []
    mine = Kin(part="judge", model=judge.model, setting="models.judge", family=judge.family)
    findings: list[Finding] = []
    for other in configured_kin(app):
        try:
            notes = check_families(mine, [other], allow_same=judge.allow_same_family)
        except BadInput as error:
            findings.append(
                Finding(subject="judge family", level="problem", detail=str(error), fix="Criteria that need a mind stay unscored")
            )
        else:
            findings += [Finding(subject="judge family", level="note", detail=note) for note in notes]
    unique = {f.detail: f for f in findings}
    return list(unique.values()) or [Finding(subject="judge family", level="ok", detail=f"{judge.model} shares none with those it judges")]


def _missing_key(subject: str, name: str) -> Finding:
    return Finding(
        subject=subject, level="problem", detail=f"the environment variable {name} is not set", fix=f"Set {name} where Understudy runs"
    )


def _target_keys(app: App, name: str, env: Mapping[str, str]) -> list[Finding]:
    return [_missing_key(f"target {name}", key) for key in app.settings.targets[name].env_names if not env.get(key)]


async def _target(app: App, name: str) -> Finding:
    probe = await app.probe_target(name)
    took = f" in {probe.latency_ms:.0f} ms" if probe.latency_ms is not None else ""
    if probe.reachable:
        return Finding(subject=f"target {name}", level="ok", detail=f"answers{took} at {probe.address}. {cut(probe.detail, 300)}")
    return Finding(subject=f"target {name}", level="problem", detail=cut(probe.detail, 500), fix=cut(probe.suggestion or "", 1000))


async def _store(app: App) -> Finding:
    try:
        store = await app.store()
        runs = await store.count_runs()
    except StoreError as error:
        return Finding(subject="store", level="problem", detail=str(error))
    return Finding(subject="store", level="ok", detail=f"{app.store_path}: {runs} conversations")


def _reached(app: App) -> str:
    """Everything that is called or run: addresses, and apart from them the programs."""
    targets = app.settings.targets.values()
    models = () if app.settings.models.replay else _roles(app).values()
    asked = [target.model for target in targets if isinstance(target, PromptTarget)]
    programs = [target for target in targets if target.kind in PROGRAMS or (isinstance(target, McpTarget) and target.url is None)]
    web = [target for target in targets if target not in programs and not isinstance(target, PromptTarget)]
    called = sorted({target.address for target in web} | {model.address for model in (*models, *asked)})
    run = sorted({target.address for target in programs})
    words = f"only these addresses are ever called: {', '.join(called) or 'none'}"
    return words + (f"; programs run: {', '.join(run)}" if run else "")
