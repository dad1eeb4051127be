"""How much of a model's context the tool definitions take, by toolset."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from mcp.server.mcpserver.tools import Tool

from understudy.mcp.contracts import CHARACTERS_A_TOKEN
from understudy.mcp.tools import TOOLS, tools_for
from understudy.settings.model import TOOLSETS


def run(arguments: Sequence[str] = ()) -> None:
    """Characters of each definition, and of what a host shows its model (name, description, input schema)."""
    argparse.ArgumentParser(prog="python -m benchmarks definitions").parse_args(arguments)
    toolset_of = {offer.fn.__name__: offer.toolset for offer in TOOLS}
    sums: dict[str, tuple[int, int, int]] = dict.fromkeys((*TOOLSETS, "all"), (0, 0, 0))
    print("| tool | toolset | characters | shown to the model |\n|---|---|---:|---:|")
    for tool in tools_for():
        whole, shown = _whole(tool), _shown(tool)
        for name in (toolset_of[tool.name], "all"):
            count, all_of_it, seen = sums[name]
            sums[name] = (count + 1, all_of_it + whole, seen + shown)
        print(f"| {tool.name} | {toolset_of[tool.name]} | {whole} | {shown} |")
    print("\n| toolset | tools | tokens | tokens shown to the model |\n|---|---:|---:|---:|")
    for name, (count, all_of_it, seen) in sums.items():
        print(f"| {name} | {count} | {all_of_it / CHARACTERS_A_TOKEN:.0f} | {seen / CHARACTERS_A_TOKEN:.0f} |")


def _whole(tool: Tool) -> int:
    hints = tool.annotations.model_dump(mode="json", by_alias=True, exclude_none=True) if tool.annotations else {}
    body = {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "inputSchema": tool.parameters,
        "outputSchema": tool.output_schema,
        "annotations": hints,
    }
    return len(json.dumps(body, separators=(",", ":"), ensure_ascii=False))


def _shown(tool: Tool) -> int:
    return len(tool.name) + len(tool.description) + len(json.dumps(tool.parameters, separators=(",", ":"), ensure_ascii=False))
