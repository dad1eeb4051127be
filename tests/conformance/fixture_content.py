"""The suite's tools that answer with one kind of content each, report progress, fail, or need no other machinery."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Annotated, Any

import anyio
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import AudioContent, CallToolResult, ContentBlock, EmbeddedResource, ImageContent, TextContent, TextResourceContents
from pydantic import Field

from understudy.mcp.strict import StrictTool
from understudy.mcp.tools import READS

__all__ = ["content_tools", "fixture", "red_dot"]

BEAT_S = 0.05
"""The pause that the suite asks for between two notifications."""

SCHEMA_2020_12: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


def fixture(fn: Any) -> StrictTool:
    """A tool of ours around a fixture function; its docstring is the description."""
    return StrictTool.strict(fn, title=fn.__name__.replace("_", " "), annotations=READS)


def red_dot() -> bytes:
    """A PNG of one red pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


def _silence() -> bytes:
    """A WAV of one silent sample."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    data = struct.pack("<4sIh", b"data", 2, 0)
    return struct.pack("<4sI4s", b"RIFF", 4 + len(form) + len(data), b"WAVE") + form + data


def _image() -> ImageContent:
    return ImageContent(type="image", data=base64.b64encode(red_dot()).decode(), mime_type="image/png")


def _resource(uri: str, mime: str, text: str) -> EmbeddedResource:
    return EmbeddedResource(type="resource", resource=TextResourceContents(uri=uri, mime_type=mime, text=text))


def _text(text: str) -> TextContent:
    return TextContent(type="text", text=text)


def _answer(*blocks: ContentBlock) -> CallToolResult:
    return CallToolResult(content=list(blocks))


async def test_simple_text() -> CallToolResult:
    """Answers with text."""
    return _answer(_text("This is a simple text response for testing."))


async def test_image_content() -> CallToolResult:
    """Answers with an image."""
    return _answer(_image())


async def test_audio_content() -> CallToolResult:
    """Answers with audio."""
    return _answer(AudioContent(type="audio", data=base64.b64encode(_silence()).decode(), mime_type="audio/wav"))


async def test_embedded_resource() -> CallToolResult:
    """Answers with an embedded resource."""
    return _answer(_resource("test://embedded-resource", "text/plain", "This is an embedded resource content."))


async def test_multiple_content_types() -> CallToolResult:
    """Answers with text, an image and a resource."""
    data = _resource("test://mixed-content-resource", "application/json", '{"test":"data","value":123}')
    return _answer(_text("Multiple content types test:"), _image(), data)


async def test_error_handling() -> CallToolResult:
    """Always fails."""
    raise ToolError("This tool intentionally returns an error for testing")


async def test_tool_with_progress(ctx: Context) -> CallToolResult:
    """Reports progress three times."""
    for done in (0, 50, 100):
        await ctx.report_progress(done, 100)
        await anyio.sleep(BEAT_S)
    return _answer(_text("Progress was reported."))


async def test_trigger_tool_change(ctx: Context) -> CallToolResult:
    """Tells subscribers that the tools changed."""
    await ctx.notify_tools_changed()
    return _answer(_text("Subscribers were told."))


async def test_trigger_prompt_change(ctx: Context) -> CallToolResult:
    """Tells subscribers that the prompts changed."""
    await ctx.notify_prompts_changed()
    return _answer(_text("Subscribers were told."))


async def test_custom_headers(
    region: Annotated[str, Field(description="Sent as a header too.", json_schema_extra={"x-mcp-header": "Region"})],
) -> CallToolResult:
    """Has an argument that clients mirror into a header."""
    return _answer(_text(region))


async def json_schema_2020_12_tool(
    name: str = "",
    address: dict[str, str] | None = None,
    contactMethod: str = "",  # noqa: N803 - the suite's name
    phone: str = "",
    email: str = "",
) -> CallToolResult:
    """Has an input schema with conditions and compositions."""
    return _answer(_text(f"{name} {address} {contactMethod} {phone} {email}"))


def content_tools() -> list[StrictTool]:
    """All of them."""
    with_schema = fixture(json_schema_2020_12_tool)
    with_schema.parameters = SCHEMA_2020_12
    plain = (
        test_simple_text,
        test_image_content,
        test_audio_content,
        test_embedded_resource,
        test_multiple_content_types,
        test_error_handling,
        test_tool_with_progress,
        test_trigger_tool_change,
        test_trigger_prompt_change,
        test_custom_headers,
    )
    return [*map(fixture, plain), with_schema]
