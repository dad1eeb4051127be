"""The parts of `make conformance`; each gives one line about what passed, or raises Failed."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from installation import ROOT, Tools
from processes import Failed, run

__all__ = ["Bench", "client", "definitions", "inspector", "requirements"]

SUITE = "@modelcontextprotocol/conformance"
SUITE_LIMIT_S, LIMIT_S = 180.0, 90.0
TARGET = "demo-clinic"
PERSONA = "lunch-break-regular"
TOOLS = 25


@dataclass(frozen=True)
class Bench:
    """What the parts work with: the installed tools, a folder for this run, and a command that starts the product."""

    tools: Tools
    folder: Path
    product: Path

    @classmethod
    def prepare(cls, tools: Tools, folder: Path) -> Bench:
        """Write the command: `understudy` of this checkout, whatever the environment of who calls it."""
        product = folder / "understudy"
        product.write_text(
            f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT / "server"))} exec {shlex.quote(sys.executable)} -m understudy "$@"\n'
        )
        product.chmod(0o755)
        return cls(tools=tools, folder=folder, product=product)

    def serve(self, store: str) -> list[str]:
        """The command of the product server over a store of its own."""
        return [str(self.product), "--store", str(self.folder / store), "serve"]

    @property
    def env(self) -> dict[str, str]:
        """A home of its own, so that no tool reads or writes the developer's."""
        return {"HOME": str(self.folder), "NO_COLOR": "1"}


async def requirements(bench: Bench, url: str, revision: str) -> str:
    """Every scenario that `revision` requires passes."""
    results_in = bench.folder / revision
    suite = [*bench.tools.script(f"{SUITE}/dist/index.js"), "server"]
    command = [*suite, "--url", url, "--requirements", revision, "--output-dir", str(results_in)]
    done = await run(command, limit_s=SUITE_LIMIT_S, cwd=bench.folder, env=bench.env)
    results = {m[1]: (int(m[2]), int(m[3])) for m in re.finditer(r"^[✓✗] ([\w-]+): (\d+) passed, (\d+) failed", done.out, re.MULTILINE)}
    required = _required(bench.tools, revision)
    failing = sorted(name for name in required if name not in results or results[name][1] or not results[name][0])
    if done.code != 0 or failing:
        raise Failed(f"failing: {', '.join(failing) or 'see below'}\n{_details(results_in, failing) or done.tail()}")
    checks = sum(results[name][0] for name in required)
    extra = sorted(name for name in results if name not in required)
    passed = [name for name in extra if not results[name][1]]
    return f"{len(required)} of {len(required)} scenarios, {checks} of {checks} checks; not required: {len(passed)} of {len(extra)} pass"


def _required(tools: Tools, revision: str) -> list[str]:
    listed = yaml.safe_load((tools.folder / "node_modules" / SUITE / "requirements" / f"{revision}.yaml").read_text(encoding="utf-8"))
    names: list[str] = listed["server"]
    return names


def _details(results: Path, names: Sequence[str]) -> str:
    """Each check that did not pass, from the files that the suite leaves."""
    lines: list[str] = []
    for name in names:
        for file in sorted(results.glob(f"server-{name}-2*/checks.json")):
            checks = json.loads(file.read_text(encoding="utf-8"))
            lines += [f"  {name}: {c['id']}: {c.get('errorMessage', '')}" for c in checks if c["status"] == "FAILURE"]
    return "\n".join(lines)


async def inspector(bench: Bench) -> str:
    """The inspector's command line reads the product over stdio, and finds nothing to complain about in the tools' schemas."""
    for era in ("legacy", "modern"):
        listed = await _inspect(bench, "tools/list", "--strict", "--protocol-era", era)
        if len(listed["tools"]) != TOOLS:
            raise Failed(f"tools/list ({era}) has {len(listed['tools'])} tools, not {TOOLS}")
    called = await _inspect(bench, "tools/call", "--tool-name", "list_personas", "--tool-arg", "limit=2")
    if called.get("isError") or len(called["structuredContent"]["personas"]) != 2:
        raise Failed(f"tools/call list_personas answered {json.dumps(called)[:500]}")
    read = await _inspect(bench, "resources/read", "--uri", f"persona://{PERSONA}")
    if json.loads(read["contents"][0]["text"])["id"] != PERSONA:
        raise Failed(f"resources/read answered {json.dumps(read)[:500]}")
    prompts = (await _inspect(bench, "prompts/list"))["prompts"]
    if len(prompts) < 3:
        raise Failed(f"prompts/list has {len(prompts)} prompts")
    return f"{TOOLS} tools strict in both eras, a call, a resource, {len(prompts)} prompts; no finding"


async def _inspect(bench: Bench, method: str, *options: str) -> dict[str, Any]:
    script = bench.tools.script("@modelcontextprotocol/inspector/clients/launcher/build/index.js")
    command = [*script, "--cli", *bench.serve("inspected"), "--method", method, "--format", "json", *options]
    done = await run(command, limit_s=LIMIT_S, cwd=bench.folder, env=bench.env)
    if done.code != 0 or done.err.strip():
        raise Failed(f"{method} {' '.join(options)}: exit code {done.code}\n{done.tail()}")
    result: dict[str, Any] = json.loads(done.out)["result"]
    return result


async def definitions(bench: Bench) -> str:
    """The definition linter has no error and no warning."""
    command = [sys.executable, "-m", "tdqs", "lint", "--command", shlex.join(bench.serve("linted")), "--fail-on", "warning"]
    done = await run(command, limit_s=LIMIT_S, cwd=bench.folder, env=bench.env)
    total = re.search(r"^(\d+) errors, (\d+) warnings, \d+ notes$", done.out, re.MULTILINE)
    if done.code != 0 or total is None or (total[1], total[2]) != ("0", "0"):
        raise Failed(f"exit code {done.code}\n{done.tail(60)}")
    return total[0]


async def client(bench: Bench) -> str:
    """The TypeScript example does the main job against the product, to a verdict that says something."""
    # Node looks for packages upward from the script, so a copy of it stands beside what was installed.
    script = bench.tools.folder / "main-job.ts"
    shutil.copyfile(ROOT / "clients" / "typescript" / "main-job.ts", script)
    command = [bench.tools.node, str(script), TARGET, str(bench.folder / "client")]
    done = await run(command, limit_s=LIMIT_S, cwd=bench.folder, env={**bench.env, "UNDERSTUDY": str(bench.product)})
    verdict = re.search(r"^run_\w+: .*, verdict (?:pass|fail) .*$", done.out, re.MULTILINE)
    if done.code != 0 or verdict is None:
        raise Failed(f"exit code {done.code}\n{done.tail()}")
    return verdict[0].partition(": ")[2]
