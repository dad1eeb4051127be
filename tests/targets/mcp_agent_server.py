"""An agent that is a tool of an MCP server: run by the tests as a process, on stdio or (with a port) on HTTP."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

sys.path.insert(0, os.environ.get("AGENT_FOLDER", "."))
server = MCPServer("agents", log_level="ERROR")


def talk(messages: list[dict[str, str]]) -> dict[str, Any]:
    from deciding import act

    last = messages[-1]["content"] if messages else ""
    if last == "error" or (last == "crash" and len(sys.argv) > 1):
        raise ToolError("the disk is on fire")
    return act(messages)


@server.tool(structured_output=False)
def plain(message: str) -> str:
    """Words for words."""
    return f"You said: {message}"


@server.tool(structured_output=False)
def chat(messages: list[dict[str, str]], session: str | None = None) -> str:
    """The agent; its answer is JSON in a text."""
    if messages and messages[-1]["content"] == "rubbish":
        return "Loading checkpoint shards: 100%"
    return json.dumps({**talk(messages), "session": session or "s-1", "pid": os.getpid()})


@server.tool()
def structured(messages: list[dict[str, str]]) -> dict[str, Any]:
    """The agent; its answer is structured content."""
    if messages and messages[-1]["content"] == "rubbish":
        return {"words": 42}
    return talk(messages)


@server.tool(structured_output=False)
def tells_secrets(message: str) -> str:
    """An agent that repeats its key wherever it can."""
    sys.stderr.write(f"key is {os.environ['AGENT_KEY']}\n")
    sys.stderr.flush()
    if message == "crash":
        os._exit(4)
    if message == "error":
        raise ToolError(f"bad key {os.environ['AGENT_KEY']}")
    return f"My key is {os.environ['AGENT_KEY']}."


if __name__ == "__main__":
    if len(sys.argv) > 1:
        server.run("streamable-http", port=int(sys.argv[1]))
    else:
        sys.stdout.write("a banner on stdout, as careless servers print it\n")
        sys.stdout.flush()
        server.run("stdio")
