"""Which tools a server has: all, or the sets that it is told to serve; what they cost a model's context; what goes with them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from mcp.types import Tool
from mcp_kit import server_on

from understudy.cli import cli
from understudy.mcp.contracts import CHARACTERS_A_TOKEN, definition_tokens
from understudy.mcp.instructions import MOST_CHARACTERS, instructions_for
from understudy.mcp.tools import TOOLS
from understudy.settings.model import TOOLSETS, Serve, Toolset

MOST_TOKENS: dict[Toolset, tuple[int, int]] = {
    "core": (6_000, 3_800),
    "queries": (1_700, 950),
    "campaigns": (4_700, 2_400),
    "by-hand": (1_000, 700),
}
"""Of the whole definitions, and of what a host shows its model: name, description and input schema. docs/decisions/0014-toolsets.md."""

NAMES = {offer.fn.__name__: offer.toolset for offer in TOOLS}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


async def served(folder: Path, *toolsets: Toolset) -> list[Tool]:
    settings = {"serve": Serve(toolsets=toolsets)} if toolsets else {}
    async with server_on(folder, **settings) as client:
        return (await client.list_tools()).tools


async def test_a_server_serves_every_set_unless_told_otherwise(folder: Path) -> None:
    assert [tool.name for tool in await served(folder)] == list(NAMES)


@pytest.mark.parametrize("toolset", TOOLSETS)
async def test_a_set_brings_its_tools_and_the_core(folder: Path, toolset: Toolset) -> None:
    names = [tool.name for tool in await served(folder, toolset)]
    assert names == [name for name, of in NAMES.items() if of in ("core", toolset)]


@pytest.mark.parametrize("toolset", TOOLSETS)
async def test_each_set_keeps_to_its_budget(folder: Path, toolset: Toolset) -> None:
    tools = [tool for tool in await served(folder) if NAMES[tool.name] == toolset]
    whole, shown = MOST_TOKENS[toolset]
    assert definition_tokens([t.model_dump(mode="json", by_alias=True, exclude_none=True) for t in tools]) <= whole
    seen = [{"name": t.name, "description": t.description, "input_schema": t.input_schema} for t in tools]
    assert definition_tokens(seen) <= shown


@pytest.mark.parametrize("toolset", [None, *TOOLSETS])
async def test_nothing_that_is_served_sends_a_caller_to_a_tool_that_is_not(folder: Path, toolset: Toolset | None) -> None:
    toolsets = (toolset,) if toolset else ("core",)
    async with server_on(folder, serve=Serve(toolsets=toolsets)) as client:
        tools = (await client.list_tools()).tools
        prompts = (await client.list_prompts()).prompts
        texts = [tool.model_dump_json() for tool in tools]
        for prompt in prompts:
            given = {a.name: "x" for a in prompt.arguments or [] if a.required}
            texts.append((await client.get_prompt(prompt.name, given)).messages[0].content.text)  # type: ignore[union-attr]
        texts.append(client.instructions or "")
    missing = set(NAMES) - {tool.name for tool in tools}
    told = {name for text in texts for name in missing if re.search(rf"\b{name}\b", text)}
    assert not told


async def test_prompts_come_with_the_set_whose_tools_they_need(folder: Path) -> None:
    async def prompts(*toolsets: Toolset) -> set[str]:
        async with server_on(folder, serve=Serve(toolsets=toolsets)) as client:
            return {prompt.name for prompt in (await client.list_prompts()).prompts}

    assert await prompts("campaigns") - await prompts("core") == {"find_what_breaks"}
    assert await prompts("by-hand") - await prompts("core") == {"play_the_user"}


async def test_a_few_tools_ask_hosts_that_defer_definitions_to_be_there_from_the_start(folder: Path) -> None:
    at_once = [tool for tool in await served(folder) if (tool.meta or {}).get("anthropic/alwaysLoad")]
    assert [tool.name for tool in at_once] == ["check_target", "simulate_conversation", "start_campaign"]
    assert sum(len(tool.description or "") + len(str(tool.input_schema)) for tool in at_once) / CHARACTERS_A_TOKEN <= 1_400


def test_the_instructions_fit_where_older_hosts_cut_them() -> None:
    assert len(instructions_for()) <= MOST_CHARACTERS
    assert "start_campaign" not in instructions_for(("core",))


def test_a_misspelt_set_is_refused_with_the_one_that_was_meant() -> None:
    done = CliRunner().invoke(cli, ["serve", "--toolsets", "core,campaign"])
    assert done.exit_code == 2
    assert "No toolset `campaign`; did you mean `campaigns`?" in done.output
