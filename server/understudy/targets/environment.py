"""What a target takes from the environment, and how its values are kept out of every message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["INHERITED", "Secrets", "child_environment", "missing_names"]

INHERITED = (
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PATHEXT", "COMSPEC"),
)
"""Variables that every command gets. Anything else, keys above all, only when the settings name it."""
SHORTEST_SECRET = 6
"""Shorter values (`1`, `true`, `en`) are no secrets, and masking them would garble the message."""


def missing_names(names: Sequence[str], env: Mapping[str, str]) -> tuple[str, ...]:
    """Those of `names` that are unset or empty in `env`."""
    return tuple(name for name in names if not env.get(name))


def child_environment(names: Sequence[str], env: Mapping[str, str]) -> dict[str, str]:
    """The environment of a target's process: the harmless usual variables and the named ones."""
    return {name: env[name] for name in (*INHERITED, *names) if name in env}


class Secrets:
    """The values behind the names that a target reads; `mask` takes them out of a text."""

    def __init__(self, names: Sequence[str], env: Mapping[str, str]) -> None:
        pairs = [(env[name], f"[{name}]") for name in names if len(env.get(name, "")) >= SHORTEST_SECRET]
        # The longest first: one value may be the beginning of another.
        self._pairs = sorted(pairs, key=lambda pair: -len(pair[0]))

    def mask(self, text: str) -> str:
        """`text` with every known value replaced by the name of its variable in brackets."""
        for value, name in self._pairs:
            text = text.replace(value, name)
        return text
