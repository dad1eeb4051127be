"""The strict layer over the SDK, on a small server of its own."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from mcp import Client
from mcp.server.mcpserver import Context, MCPServer
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult, ElicitRequest, ElicitRequestFormParams, InputRequiredResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field

from understudy.domain.errors import BadInput
from understudy.mcp.strict import StrictTool, lean, refuse_unknown_tools


class Answer(BaseModel):
    title: str
    limit: int
    note: str | None = None


async def pick(
    ctx: Context,
    limit: Annotated[int, Field(ge=1, le=10, description="How many.")] = 5,
    mode: Literal["a", "b"] | None = None,
) -> Answer:
    """Picks one."""
    if limit == 9:
        raise BadInput("limit", "9 is taken", "Take 8")
    if limit == 8:
        raise RuntimeError("secret detail")
    return Answer(title="x", limit=limit)


HINTS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def server() -> MCPServer:
    tool = StrictTool.strict(pick, title="Pick", annotations=HINTS)
    return MCPServer("t", tools=[tool], log_level="ERROR", middleware=[refuse_unknown_tools(lambda: ["pick"])])


async def refused(arguments: dict[str, object]) -> str:
    async with Client(server()) as client:
        result = await client.call_tool("pick", arguments)
    assert result.is_error
    assert result.structured_content is None
    return result.content[0].text


async def test_an_unknown_argument_is_refused_with_the_nearest_name() -> None:
    assert await refused({"limt": 3}) == "[bad_input] pick: unknown argument `limt`; did you mean `limit`?"


async def test_a_wrong_value_is_named_with_its_field_and_the_bound() -> None:
    assert "`limit`: Input should be less than or equal to 10 (got 99)" in await refused({"limit": 99})


async def test_an_error_of_ours_reaches_the_model_with_its_code_and_fix() -> None:
    assert await refused({"limit": 9}) == "[bad_input] `limit`: 9 is taken. Take 8"


async def test_a_crash_of_ours_says_so_and_leaks_nothing() -> None:
    text = await refused({"limit": 8})
    assert text.startswith("[internal] pick failed inside Understudy (RuntimeError)")
    assert "secret" not in text
    assert "Traceback" not in text


async def test_an_unknown_tool_is_a_protocol_error_with_a_suggestion() -> None:
    async with Client(server()) as client:
        with pytest.raises(MCPError) as caught:
            await client.call_tool("pik", {})
    assert caught.value.error.code == -32602
    assert caught.value.error.message == "Unknown tool: pik. Did you mean pick?"


async def test_the_text_is_the_same_compact_json_as_the_structured_content() -> None:
    async with Client(server()) as client:
        result = await client.call_tool("pick", {"limit": 2})
    assert result.structured_content == {"title": "x", "limit": 2}
    assert result.content[0].text == '{"title":"x","limit":2}'


async def ask_first(ctx: Context) -> CallToolResult | InputRequiredResult:
    """Asks before it answers."""
    if ctx.input_responses:
        return CallToolResult(content=[TextContent(type="text", text="thanks")])
    schema: dict[str, object] = {"type": "object", "properties": {"name": {"type": "string"}}}
    question = ElicitRequest(params=ElicitRequestFormParams(message="Your name?", requested_schema=schema))
    return InputRequiredResult(input_requests={"name": question}, request_state="asked")


async def test_a_question_to_the_client_goes_through_as_the_protocols_own_result() -> None:
    tool = StrictTool.strict(ask_first, title="Ask first", annotations=HINTS)
    async with Client(MCPServer("t", tools=[tool], log_level="ERROR")) as client:
        result = await client.session.call_tool("ask_first", {}, allow_input_required=True)
    assert isinstance(result, InputRequiredResult)
    assert result.request_state
    assert set(result.input_requests or {}) == {"name"}


async def test_schemas_carry_no_titles_no_nulls_and_refuse_unknown_fields() -> None:
    async with Client(server()) as client:
        tool = (await client.list_tools()).tools[0]
    assert tool.input_schema == {
        "additionalProperties": False,
        "type": "object",
        "properties": {
            "limit": {"default": 5, "description": "How many.", "maximum": 10, "minimum": 1, "type": "integer"},
            "mode": {"enum": ["a", "b"], "type": "string"},
        },
    }
    assert tool.output_schema is not None
    assert tool.output_schema["properties"] == {"title": {"type": "string"}, "limit": {"type": "integer"}, "note": {"type": "string"}}


def test_a_property_that_is_called_title_stays() -> None:
    assert lean({"title": "Noise", "properties": {"title": {"title": "Title", "type": "string"}}}) == {
        "properties": {"title": {"type": "string"}}
    }
