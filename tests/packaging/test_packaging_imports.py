"""What is not imported until it is used: a host waits for the first answer of the server, and a person for `--help`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAVY = {
    "aiohttp", "aiosqlite", "anthropic", "jsonschema", "langdetect", "numpy", "openai", "pandas", "platformdirs", "sqlite3",
    "tenacity", "yaml",
}  # fmt: skip
"""Top-level names of what serving tools/list must not import. (uvicorn is imported by the SDK itself.)"""
OURS_LATER = {
    "understudy.campaigns.embedded", "understudy.demo.catalogue", "understudy.judging.judge", "understudy.library.library",
    "understudy.mcp.http", "understudy.queries.generate", "understudy.settings.load", "understudy.simulation.conversation",
    "understudy.storage.sqlite", "understudy.targets.openai_chat", "understudy.testing",
}  # fmt: skip
AT_THE_END = "import atexit, sys; atexit.register(lambda: print('imported:', *sorted(sys.modules), file=sys.stderr)); "
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "t", "version": "1"},
}


def imported(folder: Path, code: str, lines: str = "") -> tuple[set[str], str]:
    """The modules that a process has at its end, and what it wrote on stdout. It runs `code`, with `lines` on stdin."""
    ended = subprocess.run([sys.executable, "-c", AT_THE_END + code], cwd=folder, input=lines, capture_output=True, text=True, timeout=60)
    (line,) = [line for line in ended.stderr.splitlines() if line.startswith("imported:")]
    return set(line.split()[1:]), ended.stdout


def test_importing_understudy_imports_nothing_else(tmp_path: Path) -> None:
    bare, _ = imported(tmp_path, "pass")
    modules, _ = imported(tmp_path, "import understudy")
    assert modules - bare == {"understudy"}


def test_serving_the_first_list_of_tools_imports_nothing_heavy(tmp_path: Path) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": META}}
    serve = "sys.argv = ['understudy', '--store', 'store', 'serve']; from understudy.cli import main; main()"
    modules, answer = imported(tmp_path, serve, json.dumps(request) + "\n")
    assert len(json.loads(answer)["result"]["tools"]) >= 15
    assert {module.partition(".")[0] for module in modules} & HEAVY == set()
    assert modules & OURS_LATER == set()
    assert not (tmp_path / "store").exists()


def test_help_imports_neither_the_sdk_nor_anything_heavy(tmp_path: Path) -> None:
    modules, _ = imported(tmp_path, "sys.argv = ['understudy', '--help']; from understudy.cli import main; main()")
    assert {module.partition(".")[0] for module in modules} & (HEAVY | {"mcp", "mcp_types"}) == set()


def test_the_names_that_the_other_tests_look_for_exist(tmp_path: Path) -> None:
    found = f"import importlib.util as u; print([m for m in {sorted(OURS_LATER)!r} if u.find_spec(m) is None])"
    assert imported(tmp_path, found)[1].strip() == "[]"
