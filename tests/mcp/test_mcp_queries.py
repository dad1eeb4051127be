"""Queries over the protocol: asked of a target with a handle, and read as lines of JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mcp import Client
from mcp_kit import call, refused, server_on

from understudy.mcp.server import build_server
from understudy.settings.model import Settings
from understudy.testing.fake_llm import FakeLLM
from understudy.wiring import make_app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


async def test_accepted_queries_are_asked_and_compared(folder: Path) -> None:
    async with server_on(folder) as client:
        page = await call(client, "generate_queries", pack="bank", count=2, seed=1)
        decision = {"query_id": page["queries"][0]["id"], "decision": "accept", "expected": {"must_say": ["no agent says this"]}}
        await call(client, "review_queries", decisions=[decision])
        view = await call(client, "run_queries", batch=page["batch"], target="demo-bank", wait_s=20)
        assert (view["finished"], view["mismatches_total"]) == (1, 1)
        assert view["mismatches"][0]["kind"] == "content"
        assert "untrusted_quote" in view["mismatches"][0] or view["mismatches"][0].get("turn") is None
        (content,) = (await client.read_resource(f"queries://{page['batch']}")).contents
        lines = [json.loads(line) for line in content.text.splitlines()]  # type: ignore[union-attr]
        assert [line["review"] for line in lines] == ["accepted", "pending"]
        assert lines[0]["expected"]["must_say"] == ["no agent says this"]


async def test_an_expected_answer_that_does_not_fit_names_the_field(folder: Path) -> None:
    async with server_on(folder) as client:
        page = await call(client, "generate_queries", pack="bank", count=1)
        decision = {"query_id": page["queries"][0]["id"], "decision": "accept", "expected": {"must_sey": ["x"]}}
        text = await refused(client, "review_queries", decisions=[decision])
        assert "must_sey" in text
        assert "did you mean `must_say`" in text


async def test_a_batch_by_a_model_tells_its_progress_and_is_listed_while_it_grows(folder: Path) -> None:
    numbers = iter(range(10_000))
    words = ["alder", "birch", "cedar", "elm", "fir", "hawthorn", "ivy", "jasmine", "larch", "maple"]

    def naive(_: object) -> dict[str, str]:
        n = next(numbers)
        return {"query": " ".join(words[n // 10**i % 10] for i in (0, 1, 0, 1)) + f" costs {n}?" + words[n % 10] * 6}

    told: list[tuple[float, float | None]] = []

    async def progress(done: float, most: float | None, message: str | None) -> None:
        told.append((done, most))

    app = make_app(Settings(store=folder), env={}, models={"generator": FakeLLM(naive)})
    async with Client(build_server(app)) as client:
        result = await client.call_tool(
            "generate_queries", {"pack": "bank", "count": 8, "method": "naive-model", "wait_s": 20}, progress_callback=progress
        )
        assert result.structured_content is not None
        assert result.structured_content["total"] == 8
        assert told[-1] == (8, 8)
        listed = await call(client, "review_queries", batch=result.structured_content["batch"])
        assert listed["made"]["requested"] == 8
