"""What only these fixtures use: logging, sampling, elicitation in the middle of a call, and subscriptions of the 2025 era.

The 2026-07-28 revision deprecates most of it, and the product does without.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import anyio
from fixture_content import BEAT_S, fixture
from mcp.server.context import ServerRequestContext
from mcp.server.elicitation import ElicitationResult
from mcp.server.mcpserver import Context, Elicit, MCPServer, Resolve
from mcp.server.mcpserver.resolve import Sample
from mcp.types import (
    CallToolResult,
    CreateMessageResult,
    EmptyResult,
    SamplingMessage,
    SetLevelRequestParams,
    SubscribeRequestParams,
    TextContent,
    UnsubscribeRequestParams,
)
from pydantic import BaseModel, Field

from understudy.mcp.strict import StrictTool

__all__ = ["add_deprecated_requests", "deprecated_tools"]

OPTIONS = ["option1", "option2", "option3"]
TITLED = [{"const": f"value{n}", "title": f"{word} option"} for n, word in ((1, "First"), (2, "Second"), (3, "Third"))]
ENUMS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "untitledSingle": {"type": "string", "enum": OPTIONS},
        "titledSingle": {"type": "string", "oneOf": TITLED},
        "legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["One", "Two", "Three"]},
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": OPTIONS}},
        "titledMulti": {"type": "array", "items": {"anyOf": TITLED}},
    },
    "required": [],
}


class User(BaseModel):
    """What test_elicitation asks for."""

    username: str = Field(description="User's response")
    email: str = Field(description="User's email address")


class WithDefaults(BaseModel):
    """A form with a default of every kind."""

    name: str = "John Doe"
    age: int = 30
    score: float = 95.5
    status: Literal["active", "inactive", "pending"] = "active"
    verified: bool = True


def _done(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)])


async def _log_thrice(ctx: Context) -> None:
    for text in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        await ctx.info(text)
        await anyio.sleep(BEAT_S)


async def test_tool_with_logging(ctx: Context) -> CallToolResult:
    """Logs three lines to the client."""
    await _log_thrice(ctx)
    return _done("Three lines were logged.")


async def test_logging_tool(ctx: Context) -> CallToolResult:
    """Logs to the client, which hears it only when it asked for it."""
    await _log_thrice(ctx)
    return _done("Logged for those who asked.")


async def _to_the_model(prompt: str) -> Sample:
    return Sample([SamplingMessage(role="user", content=TextContent(type="text", text=prompt))], max_tokens=100)


async def test_sampling(
    prompt: Annotated[str, Field(description="For the client's model.")],
    said: Annotated[CreateMessageResult, Resolve(_to_the_model)],
) -> CallToolResult:
    """Asks the client's model."""
    return _done(f"LLM response: {said.content.text if isinstance(said.content, TextContent) else said.content}")


async def _a_sample() -> Sample:
    return await _to_the_model("Anything.")


async def test_missing_capability(said: Annotated[CreateMessageResult, Resolve(_a_sample)]) -> CallToolResult:
    """Needs a client that lends its model."""
    return _done(said.model)


async def _who(message: str) -> Elicit[User]:
    return Elicit(message, User)


async def test_elicitation(
    message: Annotated[str, Field(description="For the user.")],
    user: Annotated[ElicitationResult[User], Resolve(_who)],
) -> CallToolResult:
    """Asks the user for name and email."""
    return _done(f"User response: {user.model_dump(mode='json')}")


async def _defaults() -> Elicit[WithDefaults]:
    return Elicit("Please check the defaults", WithDefaults)


async def test_elicitation_sep1034_defaults(form: Annotated[ElicitationResult[WithDefaults], Resolve(_defaults)]) -> CallToolResult:
    """Asks with a form that has defaults."""
    return _done(f"Elicitation completed: {form.model_dump(mode='json')}")


async def test_streaming_elicitation(form: Annotated[ElicitationResult[WithDefaults], Resolve(_defaults)]) -> CallToolResult:
    """Asks within the result, never beside it."""
    return _done(f"Elicitation completed: {form.model_dump(mode='json')}")


async def test_elicitation_sep1330_enums(ctx: Context) -> CallToolResult:
    """Asks with every kind of choice."""
    given = await ctx.session.elicit_form("Please choose", ENUMS, related_request_id=ctx.request_id)
    return _done(f"Elicitation completed: action={given.action}, content={given.content}")


def deprecated_tools() -> list[StrictTool]:
    """All of them."""
    return [
        fixture(fn)
        for fn in (
            test_tool_with_logging,
            test_logging_tool,
            test_sampling,
            test_missing_capability,
            test_elicitation,
            test_elicitation_sep1034_defaults,
            test_streaming_elicitation,
            test_elicitation_sep1330_enums,
        )
    ]


def add_deprecated_requests(server: MCPServer[Any]) -> None:
    """Register the requests that only clients of the 2025 era send."""
    watched: set[str] = set()

    async def set_level(ctx: ServerRequestContext[Any, Any], params: SetLevelRequestParams) -> EmptyResult:
        return EmptyResult()

    async def subscribe(ctx: ServerRequestContext[Any, Any], params: SubscribeRequestParams) -> EmptyResult:
        watched.add(str(params.uri))
        return EmptyResult()

    async def unsubscribe(ctx: ServerRequestContext[Any, Any], params: UnsubscribeRequestParams) -> EmptyResult:
        watched.discard(str(params.uri))
        return EmptyResult()

    # MCPServer has no public way to serve requests that the newest revision has dropped.
    low = server._lowlevel_server
    low.add_request_handler("logging/setLevel", SetLevelRequestParams, set_level)
    low.add_request_handler("resources/subscribe", SubscribeRequestParams, subscribe)
    low.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, unsubscribe)
