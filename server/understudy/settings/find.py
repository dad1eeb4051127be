"""Where the settings file is: looking for it costs nothing, so that a start without one reads no YAML."""

from __future__ import annotations

from pathlib import Path

__all__ = ["FILE_NAMES", "find_settings"]

FILE_NAMES = ("understudy.yaml", "understudy.yml")


def find_settings(start: Path) -> Path | None:
    """The nearest settings file in `start` or a folder above it; `.yaml` goes before `.yml`."""
    folder = start.resolve()
    for place in (folder, *folder.parents):
        for name in FILE_NAMES:
            if (place / name).is_file():
                return place / name
    return None
