"""What command and Python targets share: the line protocol, one process for a conversation, and every way it can fail."""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping

from understudy.domain.conversation import Reply
from understudy.domain.value import JsonObject
from understudy.ports import TargetRequest
from understudy.targets.answer import as_messages, found_instead, reply_from_line
from understudy.targets.conversations import Conversations
from understudy.targets.environment import child_environment, unready
from understudy.targets.failure import CallFailed
from understudy.targets.only_try import only_try
from understudy.targets.process import STDERR_KEPT, ProcessEnded, TargetProcess, start
from understudy.targets.settings import CommandTarget, PythonTarget
from understudy.wire.excerpts import excerpt
from understudy.wire.masking import Secrets
from understudy.wire.parsing import TooDeep, is_object, parse_json

__all__ = ["LineTarget"]


class LineTarget(ABC):
    """A target that answers each JSON line on its stdin with one on its stdout."""

    kind = "command"
    per_turn = False

    def __init__(self, name: str, settings: CommandTarget | PythonTarget, *, env: Mapping[str, str]) -> None:
        self.name = name
        self.needs_session = settings.needs_session
        self._settings = settings
        self._env = child_environment(settings.env_names, env)
        self._unready = unready(settings.env_names, env)
        self._secrets = Secrets.among(settings.env_names, env)
        self._conversations = Conversations[TargetProcess](self._start, idle_s=settings.idle_s)

    @abstractmethod
    def argv(self) -> tuple[str, ...]:
        """Program and arguments to start."""

    @property
    def where(self) -> str:
        """How messages call it."""
        return f"`{self._settings.address}`"

    @property
    def running(self) -> int:
        """How many conversations have a process now."""
        return len(self._conversations)

    async def reply(self, request: TargetRequest) -> Reply:
        """The agent's answer. Raises TargetError; its process is ended on every failure, and when the call is cancelled."""
        turn = self._one_turn if self.per_turn else self._converse
        return await only_try(lambda: turn(request), self._unready, self._secrets)

    def forget(self, run_id: str) -> None:
        """The conversation is over: end its process now, without waiting for it to fall idle."""
        self._conversations.drop(run_id)

    async def aclose(self) -> None:
        """End every process and wait until they are gone. May be called twice."""
        await self._conversations.aclose()

    async def _start(self) -> TargetProcess:
        return await start(self.argv(), cwd=self._settings.cwd, env=self._env)

    async def _converse(self, request: TargetRequest) -> Reply:
        """One turn with the conversation's own process."""
        in_step = False
        process: TargetProcess | None = None
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                process = await self._conversations.get(request.run_id)
                async with process.turn:
                    body = self._object_in(await self._exchange(process, request))
            in_step = True
            return self._understand(body)
        except ProcessEnded:
            raise await self._crashed(process) from None
        except TimeoutError:
            raise self._hung(process) from None
        except CallFailed as error:
            raise self._with_stderr(error, process) from None
        finally:
            # Also on cancellation, where nothing may be awaited any more. A process that did not answer a line with a
            # line is ended: nobody could tell whose answer comes next.
            if in_step:
                self._conversations.rest(request.run_id)
            else:
                self._conversations.drop(request.run_id)

    async def _one_turn(self, request: TargetRequest) -> Reply:
        """One turn with a process that exits after it."""
        process: TargetProcess | None = None
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                process = await self._start()
                process.write(_request_line(request), last=True)
                lines = await _two_lines(process)
                if len(lines) > 1:
                    raise self._rubbish(lines[1] if _is_object(lines[0]) else lines[0])
                await process.gone
            if process.returncode or not lines:
                raise await self._crashed(process)
            return self._understand(self._object_in(lines[0]))
        except TimeoutError:
            raise self._hung(process) from None
        except CallFailed as error:
            raise self._with_stderr(error, process) from None
        finally:
            if process is not None:
                self._conversations.end(process)

    async def _exchange(self, process: TargetProcess, request: TargetRequest) -> bytes:
        if (unasked := process.unread()) is not None:
            raise self._rubbish(unasked)
        process.write(_request_line(request))
        while not (line := await process.read_line()).strip():
            pass
        return line

    def _understand(self, body: JsonObject) -> Reply:
        return reply_from_line(body, self._settings.handoff, self.where)

    def _object_in(self, line: bytes) -> JsonObject:
        """The answer in a line, without secrets before anything of it is told or cut."""
        try:
            body = self._secrets.mask_json(parse_json(line))
        except TooDeep as error:
            raise CallFailed("wrong_shape", f"{self.where} answered {error}.") from None
        except ValueError:
            raise self._rubbish(line) from None
        if not is_object(body):
            raise CallFailed("wrong_shape", f"{self.where} answered {found_instead(body)}, not an object with `text`.")
        return body

    def _rubbish(self, line: bytes) -> CallFailed:
        said = self._secrets.mask_piece(line.decode(errors="replace"))
        fix = "Stdout is for one JSON line per request; send everything else to stderr."
        return CallFailed("rubbish", f"{self.where} printed a line that is not its answer: {excerpt(said)!r}. {fix}")

    async def _crashed(self, process: TargetProcess | None) -> CallFailed:
        how = await process.ended() if process else "did not start"
        fix = " If it answers one line and exits, set `per_turn: true`." if how.endswith("code 0") and not self.per_turn else ""
        last = excerpt(self._secrets.mask_piece(process.stderr).strip().rpartition("\n")[2]) if process else ""
        said = f" Its last words on stderr: {last!r}." if last else ""
        return CallFailed("crashed", f"{self.where} {how} without an answer.{said}{fix}", stderr=process.stderr if process else "")

    def _hung(self, process: TargetProcess | None) -> CallFailed:
        detail = f"{self.where} did not answer within {self._settings.timeout_s:g} s and was stopped."
        return CallFailed("timeout", detail, stderr=process.stderr if process else "")

    @staticmethod
    def _with_stderr(error: CallFailed, process: TargetProcess | None) -> CallFailed:
        return CallFailed(error.kind, error.detail, stderr=(error.stderr or (process.stderr if process else ""))[-STDERR_KEPT:])


def _request_line(request: TargetRequest) -> bytes:
    body = {"run_id": request.run_id, "messages": as_messages(request.turns), "session": request.session}
    return json.dumps(body).encode()


async def _two_lines(process: TargetProcess) -> list[bytes]:
    """All lines up to the end of stdout, but no more than show that there are too many."""
    lines: list[bytes] = []
    try:
        while len(lines) < 2:
            if (line := await process.read_line()).strip():
                lines.append(line)
    except ProcessEnded:
        pass
    return lines


def _is_object(line: bytes) -> bool:
    try:
        return is_object(parse_json(line))
    except ValueError:
        return False
