"""An A2A agent, as a process that the official SDK serves."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from target_processes import A2A_SERVER, free_port, serving

from understudy.domain.conversation import Reply, Turn
from understudy.domain.errors import TargetError
from understudy.ports import TargetRequest
from understudy.targets import A2ATarget, probe
from understudy.targets.a2a_agent import A2AAgent
from understudy.testing.fake_openai import FakeOpenAI

KEY = "sk-agent-0123456789abcdef"
DECIDING = """
def decide(messages):
    return {"text": " / ".join(m["content"] for m in messages), "state": {"seen": len(messages)}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("a2a")
    (made / "deciding.py").write_text(DECIDING)
    return made


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    port = free_port()
    with serving(A2A_SERVER, port, env={"AGENT_FOLDER": str(folder)}):
        yield f"http://127.0.0.1:{port}"


def opened(url: str, *, env: dict[str, str] | None = None, **settings: Any) -> A2AAgent:
    return A2AAgent("t", A2ATarget.model_validate({"url": url, "state_path": "state", **settings}), env=env or {})


def said(text: str, session: str | None = None) -> TargetRequest:
    return TargetRequest(run_id="run-1", turns=(Turn(index=0, role="user", text=text, at=0.0),), session=session)


async def talk(target: A2AAgent, *texts: str) -> list[Reply]:
    """A conversation, each session handed back with the next call."""
    replies: list[Reply] = []
    for text in texts:
        replies.append(await target.reply(said(text, replies[-1].session if replies else None)))
    await target.aclose()
    return replies


async def failure(target: A2AAgent, text: str = "hi") -> tuple[str, str]:
    with pytest.raises(TargetError) as caught:
        await target.reply(said(text))
    await target.aclose()
    return caught.value.failure.kind, caught.value.failure.detail


both_ways = pytest.mark.parametrize("stream", [True, False])


@both_ways
async def test_a_conversation_is_a_context_that_the_agent_keeps(url: str, stream: bool) -> None:
    first, second = await talk(opened(url, stream=stream), "a", "b")
    assert (first.text, second.text, second.state) == ("a", "a / a / b", {"seen": 3})
    assert first.session == second.session is not None


@both_ways
async def test_artifacts_data_and_the_closing_status_of_a_task_are_the_answer(url: str, stream: bool) -> None:
    (reply,) = await talk(opened(url, stream=stream), "task Tuesday")
    words, _, status = reply.text.partition("\n\n")
    assert (words, status.startswith("(task "), reply.state) == ("Your day: Tuesday", True, {"day": "Tuesday", "count": 3})
    assert "Looking it up" not in reply.text


@both_ways
async def test_the_answer_to_a_question_of_the_agent_goes_to_the_same_task(url: str, stream: bool) -> None:
    question, answer, other = await talk(opened(url, stream=stream), "task ask", "task Friday", "task Monday")
    context, _, task = (question.session or "").partition(" ")
    assert (question.text, task != "") == ("Which day?", True)
    assert answer.text == f"Your day: Friday\n\n(task {task})"
    assert answer.session == context
    assert f"(task {task})" not in other.text


@both_ways
@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("task fail", "crashed", "reported that its task failed. It said: 'fail it is, no key.'."),
        ("task auth", "not_configured", "wants more authentication before it goes on."),
        ("crash", "crashed", "reported an error: the disk is on fire"),
        ("rubbish", "rubbish", "answered something that is not JSON"),
    ],
)
async def test_an_agent_that_fails_is_a_failure(url: str, stream: bool, text: str, kind: str, told: str) -> None:
    found = await failure(opened(url, stream=stream), text)
    assert (found[0], told in found[1]) == (kind, True)


async def test_a_task_that_is_rejected_in_words_is_an_answer(url: str) -> None:
    (reply,) = await talk(opened(url), "task reject")
    assert reply.text == "reject it is, no key."


@both_ways
async def test_an_agent_killed_in_the_middle_is_a_failure_and_is_found_again(folder: Path, stream: bool) -> None:
    port = free_port()
    target = opened(f"http://127.0.0.1:{port}", stream=stream, retries=0)
    with serving(A2A_SERVER, port, env={"AGENT_FOLDER": str(folder)}), pytest.raises(TargetError) as caught:
        await target.reply(said("task die"))
    assert (caught.value.failure.kind, "broke the connection off" in caught.value.failure.detail) == ("reset", True)
    with serving(A2A_SERVER, port, env={"AGENT_FOLDER": str(folder)}):
        assert (await target.reply(said("back?"))).text == "back?"
    await target.aclose()


async def test_an_agent_of_the_protocol_before_is_spoken_to_as_well(folder: Path) -> None:
    port = free_port()
    with serving(A2A_SERVER, port, env={"AGENT_FOLDER": str(folder), "A2A_VERSION": "0.3"}):
        _, second = await talk(opened(f"http://127.0.0.1:{port}"), "a", "b")
    assert second.text == "a / a / b"


async def test_a_card_that_points_to_another_host_gets_no_key_unless_the_settings_say_so(folder: Path) -> None:
    port = free_port()
    with serving(A2A_SERVER, port, env={"AGENT_FOLDER": str(folder), "CARD_URL": f"http://localhost:{port}/rpc"}):
        found = await failure(opened(f"http://127.0.0.1:{port}"))
        assert (found[0], "points to another host, localhost. If that is right, set `endpoint:" in found[1]) == ("not_configured", True)
        (reply,) = await talk(opened(f"http://127.0.0.1:{port}", endpoint=f"http://127.0.0.1:{port}/rpc"), "a")
    assert reply.text == "a"


async def test_the_key_is_sent_and_masked_wherever_the_agent_repeats_it(folder: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/.well-known/agent-card.json"
    with serving(A2A_SERVER, port, env={"AGENT_FOLDER": str(folder), "AGENT_KEY": KEY}):
        (reply,) = await talk(opened(url, env={"K": KEY}, key_env="K"), "task reject")
        assert reply.text == "reject it is, ***."
        told = await failure(opened(url, env={"K": KEY}, key_env="K"), "task fail")
        assert told[1].endswith("'fail it is, ***.'.")
        refused = await failure(opened(url, env={"K": "wrong-key-0123456789"}, key_env="K"))
        assert refused[0] == "http_4xx"
        assert "no entry with Bearer ***" in refused[1]
        assert "Check the key" in refused[1]


async def test_something_that_is_no_a2a_agent_is_told_as_that() -> None:
    async with FakeOpenAI() as server:
        kind, detail = await failure(opened(server.url, retries=0))
    assert kind in ("http_4xx", "wrong_shape")
    assert "agent card" in detail


async def test_without_the_sdk_the_failure_says_how_to_install_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "understudy.targets.a2a_client", raising=False)
    monkeypatch.setitem(sys.modules, "a2a.client", None)
    kind, detail = await failure(opened(url))
    assert (kind, detail) == (
        "not_configured",
        "`kind: a2a` needs the A2A SDK, which is not installed: pip install 'understudy[a2a]'",
    )


async def test_cancelling_a_conversation_leaves_the_others_alone(url: str) -> None:
    target = opened(url)
    calls = [asyncio.create_task(target.reply(said(text))) for text in ("hang", "a")]
    assert (await calls[1]).text == "a"
    calls[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await calls[0]
    assert (await target.reply(said("b"))).text == "b"
    await target.aclose()


async def test_checking_it_tells_what_it_found(url: str) -> None:
    found = await probe("t", A2ATarget.model_validate({"url": url, "state_path": "state"}), env={})
    assert (found.reachable, found.kind, found.sample, found.exposes_state) == (True, "a2a", "Hello", True)
