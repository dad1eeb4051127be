"""The official MCP client's messages over the stdin and stdout of a process of ours, which ends with all that it has started.

The client's own transport waits seconds for a server to end, and loses what it wrote to stderr.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.shared.message import SessionMessage
from mcp.types import jsonrpc_message_adapter

from understudy.targets.failure import CallFailed
from understudy.targets.process import ProcessEnded, TargetProcess

__all__ = ["over_pipes"]

# What the client cannot read it logs in full, with whatever secrets the server wrote there.
logging.getLogger("mcp.client").setLevel(logging.CRITICAL)

Incoming = MemoryObjectReceiveStream[SessionMessage | Exception]
Outgoing = MemoryObjectSendStream[SessionMessage]


@asynccontextmanager
async def over_pipes(process: TargetProcess) -> AsyncGenerator[tuple[Incoming, Outgoing]]:
    """The streams of a connection; the process is ended when it is left."""
    to_client, incoming = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    outgoing, from_client = anyio.create_memory_object_stream[SessionMessage](0)

    async def read() -> None:
        async with to_client:
            try:
                while True:
                    await _hand_over(await process.read_line(), to_client)
            except (ProcessEnded, CallFailed, anyio.BrokenResourceError, anyio.ClosedResourceError):
                return

    async def write() -> None:
        async with from_client:
            async for message in from_client:
                process.write(message.message.model_dump_json(by_alias=True, exclude_unset=True).encode())

    async with to_client, incoming, outgoing, from_client, anyio.create_task_group() as tasks:
        tasks.start_soon(read)
        tasks.start_soon(write)
        try:
            yield incoming, outgoing
        finally:
            process.kill()
            tasks.cancel_scope.cancel()


async def _hand_over(line: bytes, to_client: MemoryObjectSendStream[SessionMessage | Exception]) -> None:
    """One line of stdout. What is no message is passed over, as every MCP host does: banners are common there."""
    try:
        message = jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValueError:
        return
    await to_client.send(SessionMessage(message))
