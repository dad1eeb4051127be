"""Target: a callable of the test's own process. A coroutine function runs in the loop of whoever calls, any other in a thread."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import functools
import inspect
import json
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

from understudy.domain.conversation import FailureKind, Reply
from understudy.domain.errors import BadInput
from understudy.ports import TargetRequest
from understudy.targets.answer import as_messages, reply_from_line
from understudy.targets.base_settings import HandoffRule
from understudy.targets.failure import CallFailed
from understudy.targets.host import NoAnswer, as_answer, collect, joined, plan_call
from understudy.wire.parsing import parse_json

__all__ = ["Agent", "InProcess"]

Agent = Callable[..., Any]
"""Filled by the names of its parameters as a `kind: python` target is (docs/targets.md): `messages`, or `message` and `history`, ..."""

Result = TypeVar("Result")
_TRACEBACK = 4096
_NO_RULE = HandoffRule()


class InProcess:
    """An agent under test that is called here. It is handed the whole history with every call."""

    kind = "in process"
    needs_session = False

    def __init__(self, name: str, agent: Agent, *, timeout_s: float = 60.0, handoff: HandoffRule = _NO_RULE) -> None:
        """`timeout_s` for one answer: a thread that takes longer is left behind, a coroutine is cancelled. Raises BadInput for what
        cannot be called with a conversation."""
        self.name = name
        self._timeout_s, self._handoff = timeout_s, handoff
        self._where = f"`{name_of(agent)}`"
        if not callable(agent):
            raise BadInput("agent", f"is a {type(agent).__name__}, not something that can be called", "Give a function, or a target's name")
        try:
            self._fill = plan_call(agent)
        except TypeError as error:
            raise BadInput("agent", f"{self._where} cannot be called with a conversation: {error}") from None
        self._call: Agent = agent
        self._in_loop = _is_async(agent)

    async def reply(self, request: TargetRequest) -> Reply:
        """The agent's answer. Raises TargetError for an exception of its own, no answer, one of the wrong shape, and one too late."""
        body = {"run_id": request.run_id, "messages": as_messages(request.turns), "session": request.session}
        positional, named = self._fill(body)
        started = time.perf_counter()
        limit = asyncio.timeout(self._timeout_s)
        try:
            async with limit:
                answer = await self._answered(functools.partial(self._call, *positional, **named))
            reply = self._understood(answer)
        except TimeoutError as error:
            if not limit.expired():
                raise self._crashed(error).as_error() from error
            detail = f"{self._where} did not answer within {self._timeout_s:g} s."
            raise CallFailed("timeout", detail).as_error() from None
        except NoAnswer as error:
            kind: FailureKind = "empty" if error.kind == "empty" else "wrong_shape"
            raise CallFailed(kind, f"{self._where} gave no answer: {error}").as_error() from None
        except CallFailed as error:
            raise error.as_error() from None
        except (Exception, SystemExit) as error:  # the boundary to the user's code: whatever it raises is its failure
            raise self._crashed(error).as_error() from error
        return reply.evolve(latency_ms=round((time.perf_counter() - started) * 1000, 3))

    def forget(self, run_id: str) -> None:
        """Nothing is kept of a conversation."""

    async def aclose(self) -> None:
        """Nothing to free."""

    async def _answered(self, call: Callable[[], Any]) -> dict[str, Any]:
        """The answer object, from whatever the callable gave back."""
        result = call() if self._in_loop else await in_thread(lambda: _drained(call()))
        if inspect.isawaitable(result):
            result = await result
        if hasattr(result, "__aiter__"):
            return joined(await collect(result))
        return joined(result.parts) if isinstance(result, _Parts) else as_answer(result)

    def _understood(self, answer: dict[str, Any]) -> Reply:
        """The reply in it. What has no JSON form becomes text, as with a callable in a process of its own; raises CallFailed."""
        try:
            body = parse_json(json.dumps(answer, default=str))
        except (ValueError, TypeError, RecursionError) as error:
            raise CallFailed("wrong_shape", f"{self._where} answered what cannot be written as JSON: {error}.") from None
        return reply_from_line(body, self._handoff, self._where)

    def _crashed(self, error: BaseException) -> CallFailed:
        text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        return CallFailed("crashed", f"{self._where} raised {type(error).__name__}: {error}", stderr=text[-_TRACEBACK:])


class _Parts:
    """What a generator has yielded: it is drained in its own thread."""

    def __init__(self, parts: list[Any]) -> None:
        self.parts = parts


def _drained(result: Any) -> Any:
    if inspect.isgenerator(result) or (hasattr(result, "__next__") and hasattr(result, "__iter__")):
        return _Parts(list(result))
    return result


def _is_async(agent: Agent) -> bool:
    """Whether calling it only makes a coroutine or an async generator, which takes no time."""
    inner: Any = agent
    while isinstance(inner, functools.partial):
        inner = inner.func  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - a partial of anything
    candidates: list[Any] = [inner, getattr(inner, "__call__", None)]  # noqa: B004 - the method is looked at, not asked for
    return any(inspect.iscoroutinefunction(one) or inspect.isasyncgenfunction(one) for one in candidates)


def name_of(agent: object) -> str:
    """How messages call it."""
    while isinstance(agent, functools.partial):
        agent = agent.func  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - a partial of anything
    return str(getattr(agent, "__qualname__", None) or type(agent).__qualname__)  # pyright: ignore[reportUnknownArgumentType] - any object


async def in_thread(work: Callable[[], Result]) -> Result:
    """What `work` returns or raises, from a thread that nobody waits for when this is cancelled and the process ends.

    The pool of asyncio would be waited for at the end of the loop: an agent that hangs must not hang the test's whole session.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()
    context = contextvars.copy_context()

    def settle(set_it: Callable[[Any], None], value: Any) -> None:
        if not done.done():
            set_it(value)

    def body() -> None:
        set_it: Callable[[Any], None]
        value: Any
        try:
            set_it, value = done.set_result, context.run(work)
        except StopIteration as error:  # no future takes this one
            set_it, value = done.set_exception, RuntimeError("StopIteration")
            value.__cause__ = error
        except BaseException as error:  # whatever ends the thread is told to whoever waits
            set_it, value = done.set_exception, error
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
            loop.call_soon_threadsafe(settle, set_it, value)

    threading.Thread(target=body, name="understudy-agent", daemon=True).start()
    return await done
