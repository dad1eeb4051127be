"""Finds and reads `understudy.yaml`. Errors name file, line, key and the nearest known key, and never echo a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn, cast

from understudy.domain.errors import BadFile, nearest
from understudy.library.validation import check
from understudy.library.yaml_source import Located, Location, read_yaml
from understudy.settings.model import Settings, SettingsBody
from understudy.settings.secret_words import looks_like_secret
from understudy.targets.settings import TargetSettings

__all__ = ["load_settings"]

_REMEDY = "Put the secret in an environment variable, and write the variable's name"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_SECRET_KEYS = ("api_key", "apikey", "key", "token", "access_token", "password", "secret", "bearer")


def load_settings(path: Path) -> Settings:
    """The settings in a file, with paths taken from the file's folder. Raises BadFile with the first thing wrong in it."""
    path = path.expanduser().absolute()
    located = read_yaml(path)
    if not located.is_mapping:
        raise BadFile(
            str(path), located.line, None, "is not a mapping of settings", "Begin with `targets:`; `understudy init` writes an example"
        )
    _refuse_secrets(located)
    body, errors = check(SettingsBody, located)
    if body is None:
        raise errors[0]
    _check_default_target(body, located)
    return _settled(body, path)


def _refuse_secrets(located: Located) -> None:
    """Secrets that were pasted in. It runs before anything else is checked, so that no other error can repeat one."""
    for location, text in _texts(located.value, ()):
        names_variable = any(step == "env" or str(step).endswith("_env") for step in location)
        if names_variable:
            _check_variable(located, location, text)
        elif looks_like_secret(text):
            _refuse(located, location, "looks like a secret", f"{_REMEDY} under `key_env` or `headers_env`")
        elif str(location[-1] if location else "").lower() in _SECRET_KEYS and "extra_body" not in location:
            _refuse(located, location, "unknown key", f"Did you mean `key_env`? {_REMEDY}")


def _check_variable(located: Located, location: Location, text: str) -> None:
    if looks_like_secret(text, name_expected=True):
        _refuse(located, location, "looks like a secret itself, where the name of an environment variable is due", _REMEDY)
    if not _VARIABLE.fullmatch(text):
        _refuse(
            located, location, "is not the name of an environment variable", "Names are letters, digits and `_`, such as OPENAI_API_KEY"
        )


def _refuse(located: Located, location: Location, problem: str, fix: str) -> NoReturn:
    line, field = located.find(location)
    raise BadFile(located.path, line, field, problem, fix)


def _texts(value: object, location: tuple[int | str, ...]) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield location, value
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, object]", value).items():
            yield from _texts(inner, (*location, key))
    elif isinstance(value, list):
        for number, inner in enumerate(cast("list[object]", value)):
            yield from _texts(inner, (*location, number))


def _check_default_target(body: SettingsBody, located: Located) -> None:
    name = body.defaults.target
    if name is None or name in body.targets:
        return
    line, field = located.find(("defaults", "target"))
    near = nearest(name, body.targets)
    known = f"Targets: {', '.join(body.targets)}" if body.targets else "Add it under `targets`"
    raise BadFile(located.path, line, field, f"there is no target `{name}`", f"Did you mean `{near}`?" if near else known)


def _settled(body: SettingsBody, path: Path) -> Settings:
    """Every path absolute: a run must not depend on the folder that it is started from."""
    folder = path.parent

    def resolve(given: Path) -> Path:
        return (folder / given.expanduser()).absolute()

    changes: dict[str, Any] = {name: getattr(body, name) for name in SettingsBody.model_fields}
    for name in ("company", "topics", "store"):
        changes[name] = resolve(changes[name]) if changes[name] is not None else None
    for name in ("personas", "rubrics"):
        changes[name] = tuple(resolve(given) for given in changes[name])
    changes["targets"] = {name: _in_folder(target, folder) for name, target in body.targets.items()}
    return Settings(**changes, file=path)


def _in_folder(target: TargetSettings, folder: Path) -> TargetSettings:
    return target.resolved(folder)
