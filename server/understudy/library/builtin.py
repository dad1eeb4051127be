"""Where the library that ships is: inside the package when installed, else `personas/` of the checkout."""

from __future__ import annotations

from pathlib import Path

from understudy.domain.errors import BadFile

__all__ = ["builtin_folder", "yaml_files"]

_HERE = Path(__file__).resolve().parent


def builtin_folder() -> Path:
    """The folder of the built-in packs, with `topics/` and `rubrics/` in it. Raises BadFile when the installation lacks it."""
    installed, checkout = _HERE / "packs", _HERE.parents[2] / "personas"
    for folder in (installed, checkout):
        if folder.is_dir():
            return folder
    raise BadFile(str(installed), None, None, "the built-in library is not there", "Install understudy again")


def yaml_files(folder: Path) -> tuple[Path, ...]:
    """The YAML files right in a folder, by name; none when there is no such folder."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"} and path.is_file()))
