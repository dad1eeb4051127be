"""How much of a model's context the tool definitions take."""

from __future__ import annotations

import json

from understudy.mcp.tools import default_tools


def run() -> None:
    """Characters of each definition, and of what a host shows its model (name, description, input schema)."""
    total = shown = 0
    print("| tool | characters | shown to the model |\n|---|---|---|")
    for tool in default_tools():
        hints = tool.annotations.model_dump(mode="json", by_alias=True, exclude_none=True) if tool.annotations else {}
        whole = {
            "name": tool.name,
            "title": tool.title,
            "description": tool.description,
            "inputSchema": tool.parameters,
            "outputSchema": tool.output_schema,
            "annotations": hints,
        }
        size = len(json.dumps(whole, separators=(",", ":"), ensure_ascii=False))
        visible = len(tool.name) + len(tool.description) + len(json.dumps(tool.parameters, separators=(",", ":"), ensure_ascii=False))
        total, shown = total + size, shown + visible
        print(f"| {tool.name} | {size} | {visible} |")
    print(f"| all | {total} (about {total / 4.1:.0f} tokens) | {shown} (about {shown / 4.1:.0f} tokens) |")
