"""The wheel: what is in it, and that it works where the checkout is not."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LIMIT_S = 300


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    isolation = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        *isolation,
        "-w",
        str(folder),
        ".",
    ]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S)
    assert built.returncode == 0, built.stdout + built.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_nothing_but_understudy_lands_at_the_top_level(names: list[str]) -> None:
    assert {name.split("/")[0] for name in names} == {"understudy", f"understudy-{PROJECT['version']}.dist-info"}


def test_the_library_is_inside_whole(names: list[str]) -> None:
    source = ROOT / "personas"
    shipped = {f"understudy/library/packs/{path.relative_to(source).as_posix()}" for path in source.rglob("*") if path.is_file()}
    assert shipped
    assert shipped <= set(names)
    assert {Path(name).parent.name for name in shipped} >= {"packs", "topics", "rubrics"}


def test_every_module_is_inside_and_no_leftovers_are(names: list[str]) -> None:
    source = ROOT / "server"
    modules = {path.relative_to(source).as_posix() for path in (source / "understudy").rglob("*.py")}
    assert modules <= set(names)
    assert "understudy/py.typed" in names
    assert not [name for name in names if "__pycache__" in name or "tests" in name or name.endswith((".pyc", ".db", ".log"))]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel in it; what it depends on is taken from the environment of the tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    paths = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)})
    python = Path(paths["scripts"]) / ("python.exe" if os.name == "nt" else "python")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "install", "--quiet"]
    done = subprocess.run([*pip, "--no-deps", "--no-index", "--no-compile", str(wheel)], capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == 0, done.stderr
    # Named in a .pth file, a folder's own .pth files are not read: the editable checkout among them stays out.
    Path(paths["purelib"], "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return python


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    without = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    command = [str(installed), *arguments]
    return subprocess.run(command, cwd=folder, env=without, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)


def test_the_installed_package_is_the_one_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-c", "import sys, understudy; print(understudy.__file__); print(sys.path)")
    assert done.returncode == 0, done.stderr
    file, path = done.stdout.splitlines()
    assert Path(file).is_relative_to(installed.parents[1])
    assert str(ROOT / "server") not in path


def test_the_installed_package_lists_its_personas_and_simulates_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    listed = run(installed, tmp_path, "-m", "understudy", "--store", "store", "personas", "--json")
    assert listed.returncode == 0, listed.stderr
    page = json.loads(listed.stdout)
    assert page["total"] >= 20
    assert page["problems"] == []
    asked = ["simulate", "lunch-break-regular", "--target", "demo-clinic", "--seed", "1", "--json"]
    simulated = run(installed, tmp_path, "-m", "understudy", "--store", "store", *asked)
    assert simulated.returncode == 0, simulated.stderr
    assert json.loads(simulated.stdout)["verdict"]["outcome"] == "pass"


def test_the_command_is_installed_under_its_name(installed: Path, tmp_path: Path) -> None:
    script = installed.with_name("understudy" + installed.suffix)
    done = subprocess.run([script, "--version"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == f"understudy, version {PROJECT['version']}"
