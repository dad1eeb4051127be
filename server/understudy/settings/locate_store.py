"""Where the store is: as the settings say, else `.understudy/` beside the settings file, else the platform's folder for data."""

from __future__ import annotations

from pathlib import Path

from understudy.settings.model import Settings

__all__ = ["locate_store"]


def locate_store(settings: Settings) -> Path:
    """The store's folder, which need not exist yet."""
    if settings.store is not None:
        return settings.store
    if settings.file is not None:
        return settings.file.parent / ".understudy"
    from platformdirs import user_data_path  # only the runs without a settings file need it

    return user_data_path("understudy", appauthor=False)
