"""The suite's tools and prompt of the 2026 era that ask the client for something and are called again with its answers."""

from __future__ import annotations

from typing import Any

from fixture_content import fixture
from mcp.server.mcpserver import Context, MCPServer
from mcp.types import (
    CallToolResult,
    CreateMessageRequest,
    CreateMessageRequestParams,
    CreateMessageResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequest,
    InputRequiredResult,
    ListRootsRequest,
    ListRootsResult,
    SamplingMessage,
    TextContent,
)

from understudy.mcp.strict import StrictTool

__all__ = ["add_round_prompt", "round_tools"]

Answer = CallToolResult | InputRequiredResult


def _form(message: str, field: str, kind: str = "string") -> ElicitRequest:
    schema = {"type": "object", "properties": {field: {"type": kind}}, "required": [field]}
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))


def _sample(text: str, most: int) -> CreateMessageRequest:
    messages = [SamplingMessage(role="user", content=TextContent(type="text", text=text))]
    return CreateMessageRequest(params=CreateMessageRequestParams(messages=messages, max_tokens=most))


def _ask(state: str | None = None, **requests: InputRequest) -> InputRequiredResult:
    return InputRequiredResult(input_requests=requests, request_state=state)


def _done(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)])


def _field(ctx: Context, key: str, field: str) -> Any:
    """What the client filled in, None when it did not answer, refused, or left the field out."""
    given = (ctx.input_responses or {}).get(key)
    if not isinstance(given, ElicitResult) or given.action != "accept" or not given.content:
        return None
    return given.content.get(field)


async def test_input_required_result_elicitation(ctx: Context) -> Answer:
    """Asks for a name until there is one."""
    name = _field(ctx, "user_name", "name")
    return _done(f"Hello, {name}!") if isinstance(name, str) else _ask(user_name=_form("What is your name?", "name"))


async def test_input_required_result_sampling(ctx: Context) -> Answer:
    """Asks the client's model."""
    given = (ctx.input_responses or {}).get("capital_question")
    if isinstance(given, CreateMessageResult) and isinstance(given.content, TextContent):
        return _done(given.content.text)
    return _ask(capital_question=_sample("What is the capital of France?", 100))


async def test_input_required_result_list_roots(ctx: Context) -> Answer:
    """Asks for the client's roots."""
    given = (ctx.input_responses or {}).get("client_roots")
    if isinstance(given, ListRootsResult):
        return _done(", ".join(str(root.uri) for root in given.roots))
    return _ask(client_roots=ListRootsRequest())


async def test_input_required_result_request_state(ctx: Context) -> Answer:
    """Checks that its state comes back."""
    if ctx.request_state == "confirming" and _field(ctx, "confirm", "ok") is not None:
        return _done("state-ok")
    return _ask("confirming", confirm=_form("Please confirm", "ok", "boolean"))


async def test_input_required_result_multiple_inputs(ctx: Context) -> Answer:
    """Asks for three things at once."""
    wanted = {"user_name": _form("What is your name?", "name"), "greeting": _sample("Generate a greeting", 50)}
    requests: dict[str, InputRequest] = {**wanted, "client_roots": ListRootsRequest()}
    if ctx.request_state == "asked" and set(requests) <= set(ctx.input_responses or {}):
        return _done("All three were answered.")
    return _ask("asked", **requests)


async def test_input_required_result_multi_round(ctx: Context) -> Answer:
    """Asks twice, one after the other."""
    state = ctx.request_state or ""
    if state.startswith("name=") and (color := _field(ctx, "step2", "color")) is not None:
        return _done(f"{state.removeprefix('name=')} likes {color}.")
    if state == "first" and (name := _field(ctx, "step1", "name")) is not None:
        return _ask(f"name={name}", step2=_form("Step 2: What is your favorite color?", "color"))
    return _ask("first", step1=_form("Step 1: What is your name?", "name"))


async def test_input_required_result_tampered_state(ctx: Context) -> Answer:
    """Gives out a state that nobody may change."""
    if ctx.request_state == "untouched" and _field(ctx, "confirm", "ok") is not None:
        return _done("The state came back untouched.")
    return _ask("untouched", confirm=_form("Please confirm", "ok", "boolean"))


async def test_input_required_result_capabilities(ctx: Context) -> Answer:
    """Asks only for what the client declared that it can do."""
    able = ctx.client_capabilities
    requests: dict[str, InputRequest] = {}
    if able and able.sampling is not None:
        requests["greeting"] = _sample("Generate a greeting", 50)
    if able and able.elicitation is not None:
        requests["user_name"] = _form("What is your name?", "name")
    return _ask(**requests) if requests and not ctx.input_responses else _done("Nothing left to ask.")


def round_tools() -> list[StrictTool]:
    """All of them."""
    return [
        fixture(fn)
        for fn in (
            test_input_required_result_elicitation,
            test_input_required_result_sampling,
            test_input_required_result_list_roots,
            test_input_required_result_request_state,
            test_input_required_result_multiple_inputs,
            test_input_required_result_multi_round,
            test_input_required_result_tampered_state,
            test_input_required_result_capabilities,
        )
    ]


def add_round_prompt(server: MCPServer[Any]) -> None:
    """Register the prompt that asks for its context."""

    @server.prompt(description="Asks what it should be about.")
    async def test_input_required_result_prompt(ctx: Context) -> str | InputRequiredResult:
        context = _field(ctx, "user_context", "context")
        if context is None:
            return _ask(user_context=_form("What context should the prompt use?", "context"))
        return f"Use this context: {context}"
