"""The published contract of every tool, generated from the running server: `python -m understudy.mcp.contracts tools`.

One JSON file a tool (name, title, description, annotations, schemas, an example call with its answer) and an index, so that a
reviewer sees every change to the words that an agent reads. A test holds the files equal to the server.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any, cast

import anyio
from mcp import Client
from mcp.types import Tool

from understudy.domain.value import JsonObject
from understudy.mcp.examples import EXAMPLES, Example, steady
from understudy.mcp.server import Understudy, build_server
from understudy.settings.model import Settings
from understudy.wiring import make_app

__all__ = ["CHARACTERS_A_TOKEN", "contracts", "definition_tokens", "index", "write_contracts"]

CHARACTERS_A_TOKEN = 4.1
"""Of these definitions as compact JSON, measured once with the o200k tokenizer."""


def definition_tokens(definitions: list[JsonObject]) -> int:
    """About how many tokens the definitions take in a model's context."""
    return round(sum(len(json.dumps(d, separators=(",", ":"), ensure_ascii=False)) for d in definitions) / CHARACTERS_A_TOKEN)


def _definition(tool: Tool) -> JsonObject:
    return tool.model_dump(mode="json", by_alias=True, exclude_none=True)


async def contracts() -> dict[str, JsonObject]:
    """Each tool's contract by name, from a server over an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        server: Understudy = build_server(make_app(Settings(store=Path(folder)), env={}))
        async with Client(server) as client:
            tools = (await client.list_tools()).tools
            made: dict[str, JsonObject] = {}
            values: dict[str, str] = {}
            answers = {e.tool: await _answer(client, e, values) for e in EXAMPLES}
            for tool in tools:
                made[tool.name] = {**_definition(tool), "example": answers[tool.name]}
            return made


async def _answer(client: Client, example: Example, values: dict[str, str]) -> JsonObject:
    arguments = cast("JsonObject", _filled(example.arguments, values))
    result = await client.call_tool(example.tool, arguments)
    body: JsonObject = result.structured_content or {}
    if result.is_error:
        raise RuntimeError(f"the example of {example.tool} failed: {result.content}")
    for name, path in example.keeps.items():
        found: Any = body
        for step in path:
            found = found[step]
        values[name] = str(found)
    return {"arguments": example.arguments, "answer": steady(body, values)}


def _filled(node: Any, values: dict[str, str]) -> Any:
    """`node` with the names of kept values replaced by the values, wherever they stand."""
    if isinstance(node, dict):
        return {k: _filled(v, values) for k, v in cast("JsonObject", node).items()}
    if isinstance(node, list):
        return [_filled(v, values) for v in node]  # pyright: ignore[reportUnknownVariableType] - JSON
    return values.get(node, node) if isinstance(node, str) else node


def index(made: dict[str, JsonObject]) -> str:
    """The index page of the contracts."""
    definitions = [{k: v for k, v in body.items() if k != "example"} for body in made.values()]
    lines = [
        "# The tools",
        "",
        "Generated from the running server by `make contracts`; a test holds these files equal to it.",
        f"All {len(made)} definitions together take about {definition_tokens(definitions)} tokens (characters / {CHARACTERS_A_TOKEN:g}).",
        "",
        "| tool | reads only | reaches the agent | what it is for |",
        "|---|---|---|---|",
    ]
    for name, body in made.items():
        hints = body["annotations"]
        first = body["description"].split(". ")[0].rstrip(".")
        lines.append(f"| [{name}]({name}.json) | {_yes(hints['readOnlyHint'])} | {_yes(hints['openWorldHint'])} | {first} |")
    return "\n".join(lines) + "\n"


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def write_contracts(folder: Path) -> None:
    """Write one JSON file a tool and README.md into `folder`; files of tools that are gone are removed."""
    made = anyio.run(contracts)
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.json"):
        if stale.stem not in made:
            stale.unlink()
    for name, body in made.items():
        (folder / f"{name}.json").write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(index(made), encoding="utf-8")


if __name__ == "__main__":
    write_contracts(Path(sys.argv[1] if len(sys.argv) > 1 else "tools"))
