"""What a run tells about its models: who judged it, what was called, what it cost, and why a judge gave nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from understudy.app.context import App
from understudy.app.doctor import check_up
from understudy.app.model_use import ModelUse, in_words
from understudy.app.runs import RunView, scenario_for, simulate
from understudy.cli.output import exit_code_of
from understudy.domain.errors import ModelError
from understudy.settings.model import ModelRole, Models, Settings
from understudy.testing.fake_models import FakeModels, Fault, ModelRequest
from understudy.wiring import make_app


def judging(request: ModelRequest) -> Any:
    """Passes everything, without evidence."""
    if "Rate each of these agent turns" in request.last:
        turns = [int(n) for n in request.last.split("at that point: ")[1].split(".")[0].split(", ")]
        rated = {"quote": "", "reasoning": "Seen.", "tone": "pass", "relevance": "pass", "accuracy": "pass"}
        return {"turns": [{"turn": turn, **rated} for turn in turns]}
    ids = request.last.split("each of them once: ")[1].split(".")[0].split(", ")
    return {"results": [{"criterion": i, "evidence": [], "reasoning": "Seen.", "verdict": "pass" if i == "safety" else "5"} for i in ids]}


async def played(folder: Path, server: FakeModels, **role: Any) -> RunView:
    judge = {"provider": "openai_compatible", "model": "fake-judge", "base_url": server.openai_url, "retries": 0, **role}
    app: App = make_app(Settings(store=folder, models=Models.model_validate({"judge": judge})), env={})
    try:
        return await simulate(app, await scenario_for(app, persona="lunch-break-regular", target="demo-clinic", seed=1))
    finally:
        await app.aclose()


async def test_a_run_tells_calls_tokens_cached_share_and_cost_of_each_model(tmp_path: Path) -> None:
    async with FakeModels(judging) as server:
        first = await played(tmp_path / "first", server)
        assert [(use.cached_tokens, use.cost_usd) for use in first.model_use] == [(0, None)]
        view = await played(tmp_path, server, price={"input": 1, "cached_input": 0.1, "output": 10})
        (use,) = view.model_use
        assert (use.role, use.model, use.calls, use.failed, use.unpriced) == ("judge", "openai_compatible:fake-judge", 2, 0, 0)
        assert use.input_tokens > use.cached_tokens > 0
        assert use.cost_usd is not None
        fresh = use.input_tokens - use.cached_tokens
        assert round(use.cost_usd, 8) == round((fresh + use.cached_tokens / 10 + 10 * use.output_tokens) / 1_000_000, 8)
        assert view.verdict is not None
        assert view.verdict.judge.startswith("model/1 judge/1#")
        assert "from the cache" in in_words(use)
        assert in_words(use).endswith(" USD")


async def test_a_model_without_a_price_is_unpriced_and_not_free(tmp_path: Path) -> None:
    async with FakeModels(judging) as server:
        (use,) = (await played(tmp_path, server)).model_use
    assert (use.cost_usd, use.unpriced) == (None, 2)
    assert in_words(use).endswith("out, unpriced")


async def test_calls_that_failed_are_counted_apart_and_the_run_says_why_nobody_judged(tmp_path: Path) -> None:
    async with FakeModels(lambda _: Fault("401")) as server:
        view = await played(tmp_path, server)
    (use,) = view.model_use
    assert (use.calls, use.failed, use.input_tokens) == (2, 2, 0)
    assert in_words(use) == "judge openai_compatible:fake-judge: 2 calls (2 without an answer), 0 tokens in, 0 out, nothing to pay for"
    assert view.verdict is not None
    assert (view.verdict.judged, view.verdict.total) == (9, 12)
    assert any("answered 401" in warning for warning in view.verdict.warnings)


async def test_a_run_without_a_model_has_nothing_to_tell(tmp_path: Path) -> None:
    app = make_app(Settings(store=tmp_path), env={})
    view = await simulate(app, await scenario_for(app, persona="lunch-break-regular", target="demo-clinic", seed=1))
    await app.aclose()
    assert view.model_use == []
    assert view.verdict is not None
    assert (view.verdict.judge, view.verdict.warnings) == ("checks", [])


def test_priced_and_unpriced_calls_of_one_model_are_both_told() -> None:
    use = ModelUse(role="user", model="a:b", calls=3, failed=0, input_tokens=10, cached_tokens=0, output_tokens=5, cost_usd=0.5, unpriced=1)
    assert in_words(use) == "user a:b: 3 calls, 10 tokens in (0% from the cache), 5 out, 0.5000 USD and 1 unpriced calls"


async def test_a_model_that_answers_in_no_shape_is_a_problem_to_doctor(tmp_path: Path) -> None:
    async with FakeModels(["Certainly! I am ready when you are."]) as server:
        judge = ModelRole(provider="openai_compatible", model="fake-judge", base_url=server.openai_url)
        app = make_app(Settings(store=tmp_path, models=Models(judge=judge)), env={})
        found = {f.subject: f for f in (await check_up(app, env={}, call=True)).findings}
        await app.aclose()
    assert found["model judge"].level == "problem"
    assert "not in the shape asked for" in found["model judge"].detail


def test_a_model_that_gave_no_answer_is_no_fault_of_ours_to_the_shell() -> None:
    assert exit_code_of(ModelError("auth", "openai:x", "The key is wrong.")) == 6
