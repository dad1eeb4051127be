"""Target: a tool of an MCP server, over stdio or streamable HTTP, with the official client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mcp.shared.exceptions import MCPError
from mcp.types import CONNECTION_CLOSED, CallToolResult, TextContent
from pydantic import ValidationError

from understudy.domain.conversation import Reply
from understudy.domain.errors import nearest
from understudy.domain.value import JsonObject
from understudy.ports import TargetRequest
from understudy.targets.allow import AllowList
from understudy.targets.answer import as_messages, found_instead, hands_off, state_from, tool_calls_from
from understudy.targets.conversations import Conversations
from understudy.targets.environment import child_environment, unready
from understudy.targets.failure import CallFailed
from understudy.targets.limits import MAX_SESSION, MAX_TEXT, at_most
from understudy.targets.mcp_connection import McpConnection
from understudy.targets.mcp_settings import McpTarget
from understudy.targets.retry import timed_reply
from understudy.targets.template import fill
from understudy.wire.content import at_path, text_of
from understudy.wire.excerpts import excerpt
from understudy.wire.masking import Secrets
from understudy.wire.parsing import TooDeep, is_object, parse_json, tame

__all__ = ["McpTool"]

STILL_THERE_S = 5.0
"""How long a server that let a call hang has to show that it still answers, before it is started anew."""
_SHARED = ""


class McpTool:
    """The adapter of `kind: mcp`. One connection for all conversations, or one for each."""

    kind = "mcp"

    def __init__(
        self,
        name: str,
        settings: McpTarget,
        *,
        env: Mapping[str, str],
        allow: AllowList | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = name
        self.needs_session = settings.needs_session
        self._settings, self._allow, self._sleep = settings, allow, sleep
        self._unready = unready(settings.env_names, env, in_headers=settings.url is not None)
        self._child_env = child_environment(settings.env, env)
        self._headers = settings.headers_from(env)
        # A process gets plain settings by name as well; what goes into a header is always taken for a secret.
        self._secrets = (Secrets if settings.url else Secrets.among)(settings.env_names, env)
        self._connections = Conversations[McpConnection](self._connect, idle_s=settings.idle_s)

    @property
    def running(self) -> int:
        """How many connections are open now."""
        return len(self._connections)

    async def reply(self, request: TargetRequest) -> Reply:
        """The agent's answer. Raises TargetError after the retries that its settings allow; cancelling a call tells the server."""
        if self._unready is not None:
            raise self._unready.as_error()
        return await timed_reply(lambda: self._once(request), retries=self._settings.retries, sleep=self._sleep)

    def forget(self, run_id: str) -> None:
        """The conversation is over: end its connection, if it has one of its own."""
        if self._settings.per_conversation:
            self._connections.drop(run_id)

    async def aclose(self) -> None:
        """End every connection and server process, and wait until they are gone. May be called twice."""
        await self._connections.aclose()

    # ---- one call

    async def _connect(self) -> McpConnection:
        connection = McpConnection(self._settings, env=self._child_env, headers=self._headers, secrets=self._secrets, allow=self._allow)
        try:
            await connection.open()
            self._check_tool(connection)
        except BaseException:
            self._connections.end(connection)
            raise
        return connection

    async def _once(self, request: TargetRequest) -> Reply:
        key = request.run_id if self._settings.per_conversation else _SHARED
        connection: McpConnection | None = None
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                connection = await self._usable(key)
                result = await self._call(connection, request)
            return self._understand(result)
        except TimeoutError:
            raise self._hung(connection) from None
        except CallFailed as error:
            raise await self._explained(error, key, connection) from None
        except asyncio.CancelledError:
            self._mistrust(connection)
            raise
        finally:
            self._rest(key, connection)

    async def _usable(self, key: str) -> McpConnection:
        """A connection that answers: the one there is, or a new one when that is gone."""
        connection = await self._connections.get(key)
        if connection.gone.done() or (connection.doubtful and not await self._still_answers(connection)):
            if (await self._connections.get(key)) is connection:
                self._connections.drop(key)
            connection = await self._connections.get(key)
        connection.in_use += 1
        return connection

    async def _still_answers(self, connection: McpConnection) -> bool:
        try:
            async with asyncio.timeout(min(STILL_THERE_S, self._settings.timeout_s / 2)):
                await connection.still_answers()
        except (TimeoutError, MCPError, CallFailed, ValidationError):
            return False
        return True

    async def _call(self, connection: McpConnection, request: TargetRequest) -> CallToolResult:
        messages = as_messages(request.turns)
        values = {
            "message": messages[-1]["content"] if messages else "",
            "messages": messages,
            "session": request.session,
            "run_id": request.run_id,
        }
        try:
            return await connection.client.call_tool(self._settings.tool, fill(self._settings.arguments, values))
        except MCPError as error:
            if error.code == CONNECTION_CLOSED:
                await connection.broken()
                raise self._closed(connection, error) from None
            failed = connection.failure(error)
            raise failed if failed.kind != "wrong_shape" else self._protocol_error(error) from None
        except (ValidationError, RuntimeError) as error:
            # The client checks results against the protocol and against the tool's own output schema.
            said = excerpt(self._secrets.mask(str(error)))
            raise CallFailed("wrong_shape", f"{self._where} answered what its own schema does not allow: {said}") from None

    def _check_tool(self, connection: McpConnection) -> None:
        tool = connection.tools.get(self._settings.tool)
        if tool is None:
            near = nearest(self._settings.tool, connection.tools)
            known = ", ".join(sorted(connection.tools)[:20]) or "none"
            meant = f" Did you mean `{near}`?" if near else ""
            where = self._settings.address
            raise CallFailed("not_configured", f"`{where}` has no tool `{self._settings.tool}`.{meant} Its tools: {excerpt(known, 600)}.")
        required: list[str] = tool.input_schema.get("required") or []
        given = self._settings.arguments
        if missing := [name for name in required if name not in given]:
            takes = ", ".join(f"`{name}`" for name in tool.input_schema.get("properties", {}))
            raise CallFailed("not_configured", f"{self._where} needs `{missing[0]}`. Name it under `arguments`; it takes {takes}.")

    # ---- what came back

    def _understand(self, result: CallToolResult) -> Reply:
        words = self._secrets.mask(tame("\n".join(block.text for block in result.content if isinstance(block, TextContent))))
        if result.is_error:
            raise CallFailed("crashed", f"{self._where} reported an error: {excerpt(words) or 'it said no more'}")
        settings, where = self._settings, self._where
        body = self._body(result, words)
        calls = tool_calls_from(at_path(body, settings.tool_calls_path), where) if settings.tool_calls_path else ()
        text = self._text(body, words, has_calls=bool(calls))
        at_most(MAX_TEXT, len(text), where, "the text")
        session = at_path(body, settings.session_path) if settings.session_path else None
        if session is not None and not isinstance(session, (str, int)):
            raise CallFailed("wrong_shape", f"{where}: `{settings.session_path}` is {found_instead(session)}, not a session id.")
        at_most(MAX_SESSION, len(str(session or "")), where, "the session")
        state = state_from(at_path(body, settings.state_path), f"{where}, `{settings.state_path}`") if settings.state_path else None
        reply = Reply(
            text=text,
            tool_calls=calls,
            state=state,
            session=None if session is None else str(session),
            handed_off=hands_off(settings.handoff, text, calls, body),
        )
        # Once more: arguments that came in a string are whole only now.
        return self._secrets.mask_reply(reply)

    def _body(self, result: CallToolResult, words: str) -> JsonObject:
        """Where paths lead into: the structured content, else the JSON of the text; empty when no path is set."""
        settings = self._settings
        wanted = (settings.reply_path, settings.tool_calls_path, settings.state_path, settings.session_path, settings.handoff.path)
        if not any(wanted):
            return {}
        try:
            body = tame(result.structured_content) if is_object(result.structured_content) else parse_json(words)
        except TooDeep as error:
            raise CallFailed("wrong_shape", f"{self._where} answered {error}.") from None
        except ValueError:
            raise CallFailed("rubbish", f"{self._where} answered something that is not JSON: {excerpt(words)!r}") from None
        if not is_object(body):
            raise CallFailed("wrong_shape", f"{self._where} answered {found_instead(body)}, not an object.")
        masked: JsonObject = self._secrets.mask_json(body)
        return masked

    def _text(self, body: JsonObject, words: str, *, has_calls: bool) -> str:
        path = self._settings.reply_path
        if path is None:
            return words
        found: Any = at_path(body, path)
        text = text_of(found)
        if text is None or (found is None and not has_calls):
            raise CallFailed("wrong_shape", f"{self._where} has no text at `{path}`; it answered {found_instead(body)}.")
        return text

    # ---- what went wrong

    @property
    def _where(self) -> str:
        return f"The tool `{self._settings.tool}` of `{self._settings.address}`"

    def _closed(self, connection: McpConnection, error: MCPError) -> CallFailed:
        """The connection went away during the call."""
        if connection.process is not None:
            return CallFailed("crashed", "")  # said in full by `_explained`, which waits for its last words
        failed = connection.failure(error)
        return failed if failed.kind != "wrong_shape" else CallFailed("reset", f"{self._where}: the connection broke.", passing=True)

    def _protocol_error(self, error: MCPError) -> CallFailed:
        return CallFailed("crashed", f"{self._where} reported an error: {excerpt(self._secrets.mask(error.message))} (code {error.code})")

    async def _explained(self, error: CallFailed, key: str, connection: McpConnection | None) -> CallFailed:
        """The failure with what the server's process said at its end; a connection that broke is not used again."""
        process = connection.process if connection else None
        if error.kind == "reset" or (connection is not None and connection.gone.done()):
            self._connections.drop(key)
        if process is None:
            return error.masked(self._secrets)
        if not error.detail:
            how = await process.ended()
            last = excerpt(self._secrets.mask_piece(process.stderr).strip().rpartition("\n")[2])
            detail = f"{self._where} gave no answer: the server {how}.{f' Its last words on stderr: {last!r}.' if last else ''}"
            error = CallFailed("crashed", detail)
        failed = CallFailed(error.kind, error.detail, stderr=process.stderr, passing=error.passing, retry_after=error.retry_after)
        return failed.masked(self._secrets)

    def _hung(self, connection: McpConnection | None) -> CallFailed:
        self._mistrust(connection)
        doing = "answer" if connection else "start"
        stderr = connection.process.stderr if connection and connection.process else ""
        detail = f"{self._where} did not {doing} within {self._settings.timeout_s:g} s; the call was cancelled."
        return CallFailed("timeout", detail, stderr=stderr).masked(self._secrets)

    def _mistrust(self, connection: McpConnection | None) -> None:
        if connection is not None:
            connection.doubtful = True

    def _rest(self, key: str, connection: McpConnection | None) -> None:
        if connection is None:
            return
        connection.in_use -= 1
        if connection.doubtful and self._settings.per_conversation:
            self._connections.drop(key)
        elif connection.in_use == 0:
            self._connections.rest(key)
