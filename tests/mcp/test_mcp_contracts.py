"""The published contracts are what the server says, word for word."""

from __future__ import annotations

import json
from pathlib import Path

from understudy.mcp.contracts import contracts, definition_tokens, index

TOOLS = Path(__file__).parents[2] / "tools"
FIX = "run `make contracts` and review what changed"


async def test_the_files_in_tools_equal_the_running_server() -> None:
    made = await contracts()
    assert {p.stem for p in TOOLS.glob("*.json")} == set(made), FIX
    for name, body in made.items():
        assert json.loads((TOOLS / f"{name}.json").read_text(encoding="utf-8")) == json.loads(json.dumps(body)), f"{name}: {FIX}"
    assert (TOOLS / "README.md").read_text(encoding="utf-8") == index(made), FIX


async def test_every_contract_has_an_example_with_its_answer_and_fits_the_budget() -> None:
    made = await contracts()
    assert all(body["example"]["answer"] for body in made.values())
    definitions = [{k: v for k, v in body.items() if k != "example"} for body in made.values()]
    # Of which a host shows its model about 7,300. docs/decisions/0014-toolsets.md has the figures and how to serve less.
    assert definition_tokens(definitions) <= 13_000
