"""What a target takes from the environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["INHERITED", "child_environment", "missing_names"]

INHERITED = (
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PATHEXT", "COMSPEC"),
)
"""Variables that every command gets. Anything else, keys above all, only when the settings name it."""


def missing_names(names: Sequence[str], env: Mapping[str, str]) -> tuple[str, ...]:
    """Those of `names` that are unset or empty in `env`."""
    return tuple(name for name in names if not env.get(name))


def child_environment(names: Sequence[str], env: Mapping[str, str]) -> dict[str, str]:
    """The environment of a target's process: the harmless usual variables and the named ones."""
    return {name: env[name] for name in (*INHERITED, *names) if name in env}
