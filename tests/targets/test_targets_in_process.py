"""A callable of this process as the agent under test: every kind of callable, its own failures, and a loop that is never blocked."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from understudy.domain.conversation import Turn
from understudy.domain.errors import BadInput, TargetError
from understudy.ports import TargetRequest
from understudy.targets.base_settings import HandoffRule
from understudy.targets.in_process import InProcess

ASKED = TargetRequest(run_id="run-1", turns=(Turn(index=0, role="user", text="Hello", at=0.0),))
HERE: contextvars.ContextVar[str] = contextvars.ContextVar("here", default="nowhere")


def by_message(message: str, history: list[Any]) -> str:
    return f"{message} after {len(history)}"


def by_messages(messages: list[dict[str, str]]) -> dict[str, Any]:
    return {"text": f"{messages[-1]['content']} after 0", "state": {"at": object}}


async def in_loop(message: str) -> str:
    await asyncio.sleep(0)
    return f"{message} after 0"


def in_pieces(message: str) -> Iterator[str]:
    yield from (message, " after", " 0")


async def in_pieces_later(message: str) -> AsyncIterator[str]:
    for piece in (message, " after", " 0"):
        yield piece


def a_coroutine_from_a_function(message: str) -> Any:
    return in_loop(message)


class AnObject:
    async def __call__(self, message: str) -> str:
        return await in_loop(message)


class WithMethod:
    def chat(self, message: str) -> str:
        return f"{message} after 0"


@pytest.mark.parametrize(
    "agent",
    [
        by_message, by_messages, in_loop, in_pieces, in_pieces_later, a_coroutine_from_a_function, AnObject(), WithMethod().chat,
        functools.partial(by_message, history=[]), functools.partial(in_loop), lambda messages: f"{messages[-1]['content']} after 0",
    ],
    ids=lambda agent: getattr(agent, "__name__", type(agent).__name__),
)  # fmt: skip
async def test_any_kind_of_callable_is_an_agent(agent: Callable[..., Any]) -> None:
    assert (await InProcess("t", agent).reply(ASKED)).text == "Hello after 0"


async def test_a_function_that_takes_its_time_does_not_hold_up_the_loop() -> None:
    go_on = threading.Event()
    answering = asyncio.create_task(InProcess("t", lambda message: str(go_on.wait(5))).reply(ASKED))
    await asyncio.sleep(0)
    go_on.set()  # the loop got here while the function was waiting
    assert (await answering).text == "True"


async def test_many_functions_wait_side_by_side() -> None:
    together = threading.Barrier(40)
    target = InProcess("t", lambda message: str(together.wait(5) >= 0))
    replies = await asyncio.gather(*(target.reply(ASKED) for _ in range(40)))
    assert {reply.text for reply in replies} == {"True"}


async def test_the_context_of_the_caller_is_there_in_the_thread() -> None:
    HERE.set("in the test")
    assert (await InProcess("t", lambda message: HERE.get()).reply(ASKED)).text == "in the test"


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (ValueError("no such slot"), "raised ValueError: no such slot"),
        (SystemExit(3), "raised SystemExit: 3"),
        (TimeoutError("its own"), "raised TimeoutError: its own"),
        (StopIteration(), "raised RuntimeError: StopIteration"),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("asynchronous", [False, True])
async def test_what_it_raises_is_its_failure_with_the_traceback(raised: BaseException, words: str, asynchronous: bool) -> None:
    def agent(message: str) -> str:
        raise raised

    async def agent_in_loop(message: str) -> str:
        return agent(message)

    with pytest.raises(TargetError) as failed:
        await InProcess("t", agent_in_loop if asynchronous else agent).reply(ASKED)
    assert failed.value.failure.kind == "crashed"
    if not (asynchronous and isinstance(raised, StopIteration)):  # Python turns that one into an error of its own
        assert words in failed.value.failure.detail
    assert "in agent" in failed.value.failure.stderr


@pytest.mark.parametrize(("answer", "kind"), [(None, "empty"), (3, "wrong_shape"), ({"txt": "x"}, "wrong_shape"), ([], "wrong_shape")])
async def test_no_answer_is_told_as_such(answer: Any, kind: str) -> None:
    with pytest.raises(TargetError) as failed:
        await InProcess("t", lambda message: answer).reply(ASKED)
    assert failed.value.failure.kind == kind


async def test_a_structure_that_contains_itself_is_no_answer() -> None:
    state: dict[str, Any] = {}
    state["self"] = state
    with pytest.raises(TargetError, match="cannot be written as JSON"):
        await InProcess("t", lambda message: {"text": "x", "state": state}).reply(ASKED)


async def test_a_hand_off_is_seen_by_its_rule() -> None:
    reply = await InProcess("t", lambda message: "I connect you to a colleague", handoff=HandoffRule(pattern="connect you")).reply(ASKED)
    assert reply.handed_off


@pytest.mark.parametrize(
    ("agent", "words"),
    [(3, "is a int, not something that can be called"), (lambda: "x", "takes nothing"), (lambda a, b: "x", "parameter `b`")],
)
def test_what_cannot_be_called_with_a_conversation_is_refused_at_once(agent: Any, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        InProcess("t", agent)


def test_an_agent_that_hangs_does_not_keep_the_process_alive() -> None:
    code = """
import asyncio, threading
from understudy.domain.conversation import Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.targets.in_process import InProcess
asked = TargetRequest(run_id="r", turns=(Turn(index=0, role="user", text="hi", at=0.0),))
try:
    asyncio.run(InProcess("t", lambda message: threading.Event().wait(), timeout_s=0.2).reply(asked))
except TargetError as error:
    print(error.failure.kind)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("timeout\n", "", 0)
