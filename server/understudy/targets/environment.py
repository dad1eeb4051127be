"""What a target takes from the environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from understudy.targets.failure import CallFailed, missing_environment

__all__ = ["INHERITED", "child_environment", "unready"]

INHERITED = (
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PATHEXT", "COMSPEC"),
)
"""Variables that every command gets. Anything else, keys above all, only when the settings name it."""


def unready(names: Sequence[str], env: Mapping[str, str], *, in_headers: bool = False) -> CallFailed | None:
    """Why a target that reads these variables cannot be called: one is unset or empty, or cannot go into a header. None when it can."""
    if missing := tuple(name for name in names if not env.get(name)):
        return missing_environment(missing)
    if in_headers and (unfit := [name for name in names if not env.get(name, "").strip().isprintable()]):
        return CallFailed("not_configured", f"The variable `{unfit[0]}` holds a line break and cannot go into a header.")
    return None


def child_environment(names: Sequence[str], env: Mapping[str, str]) -> dict[str, str]:
    """The environment of a target's process: the harmless usual variables and the named ones."""
    return {name: env[name] for name in (*INHERITED, *names) if name in env}
