"""What is said twice is said alike: pyproject.toml, the package, and the registry's server.json."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import understudy

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SERVER: dict[str, Any] = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))


def test_the_package_and_the_registry_entry_have_the_project_s_version() -> None:
    (package,) = SERVER["packages"]
    assert understudy.__version__ == SERVER["version"] == package["version"] == PROJECT["version"]


def test_the_registry_entry_names_the_project() -> None:
    (package,) = SERVER["packages"]
    assert package["identifier"] == PROJECT["name"]
    assert package["registryType"] == "pypi"
    assert package["transport"] == {"type": "stdio"}
    assert [argument["value"] for argument in package["packageArguments"]] == ["serve"]
    assert SERVER["repository"]["url"] == PROJECT["urls"]["Homepage"]
    owner, name = re.fullmatch(r"https://github\.com/([^/]+)/([^/]+)", SERVER["repository"]["url"]).groups()  # type: ignore[union-attr]
    assert SERVER["name"] == f"io.github.{owner}/{name}"
    assert len(SERVER["description"]) <= 100


def test_the_readme_proves_to_the_registry_whose_package_it_is() -> None:
    assert f"mcp-name: {SERVER['name']}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_changelog_names_the_version() -> None:
    assert re.search(rf"^## .*\b{re.escape(PROJECT['version'])}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_sdk_is_pinned_to_the_minor_version_that_the_strict_layer_knows() -> None:
    assert "mcp>=2.3,<2.4" in PROJECT["dependencies"]
