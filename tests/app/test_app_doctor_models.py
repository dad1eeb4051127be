"""What doctor says about models: where they are, whether the key is there, what they cost, and whether they answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from understudy.app.doctor import Checkup, Finding, check_up
from understudy.settings.model import ModelRole, Models, Settings
from understudy.testing.fake_models import FakeModels, Fault, ModelRequest, Scripted
from understudy.wiring import make_app

KEY = "sk-very-secret-key-0123456789"


async def checked(tmp_path: Path, *, env: Mapping[str, str], call: bool = True, replay: bool = False, **models: ModelRole) -> Checkup:
    app = make_app(Settings(store=tmp_path, models=Models(**models, replay=replay)), env=env)
    try:
        return await check_up(app, env=env, call=call)
    finally:
        await app.aclose()


def about(found: Checkup, subject: str) -> Finding:
    return next(f for f in found.findings if f.subject == subject)


def openai(url: str, model: str = "gpt-4.1-mini") -> ModelRole:
    return ModelRole(provider="openai", model=model, base_url=url, timeout_s=5)


async def test_a_model_that_answers_is_told_with_address_key_name_latency_and_form(tmp_path: Path) -> None:
    async with FakeModels([{"ready": True}]) as server:
        found = await checked(tmp_path, env={"OPENAI_API_KEY": KEY}, user=openai(server.openai_url))
        said = about(found, "model user")
        assert said.level == "ok"
        for part in (server.openai_url, "OPENAI_API_KEY", "ms", "it holds to a JSON schema", "unpriced"):
            assert part in said.detail
        assert server.openai_url in about(found, "network").detail
        assert len(server.requests) == 1
        assert KEY not in found.model_dump_json()


@pytest.mark.parametrize(("fault", "form"), [("no_schemas", "JSON mode works"), ("no_json", "words alone")])
async def test_the_form_that_works_is_named(tmp_path: Path, fault: str, form: str) -> None:
    refused = {"no_schemas": ("schema",), "no_json": ("schema", "json")}[fault]

    def script(request: ModelRequest) -> Scripted:
        return Fault(fault) if request.form in refused else {"ready": True}  # type: ignore[arg-type]

    async with FakeModels(script) as server:
        model = ModelRole(provider="openai_compatible", model="llama3.2", base_url=server.openai_url)
        assert form in about(await checked(tmp_path, env={}, judge=model), "model judge").detail


async def test_a_model_that_fails_is_a_problem_with_its_reason(tmp_path: Path) -> None:
    async with FakeModels([Fault("401", message=f"bad key {KEY}")]) as server:
        found = await checked(tmp_path, env={"OPENAI_API_KEY": KEY}, user=openai(server.openai_url))
        said = about(found, "model user")
        assert (said.level, found.healthy) == ("problem", False)
        assert "key_env" in said.detail
        assert KEY not in found.model_dump_json()


async def test_without_its_key_a_model_is_not_called(tmp_path: Path) -> None:
    async with FakeModels(["x"]) as server:
        found = await checked(tmp_path, env={"OPENAI_API_KEY": " "}, user=openai(server.openai_url))
        assert "OPENAI_API_KEY" in about(found, "model user").detail
        assert server.requests == []


async def test_without_calls_a_model_is_only_described(tmp_path: Path) -> None:
    model = ModelRole(provider="anthropic", model="claude-haiku-4-5")
    found = await checked(tmp_path, env={"ANTHROPIC_API_KEY": KEY}, call=False, user=model)
    said = about(found, "model user").detail
    assert "1 and 5 USD per million tokens" in said
    assert "not called" in said
    assert "https://api.anthropic.com" in about(found, "network").detail


async def test_replayed_models_are_neither_called_nor_listed_as_called(tmp_path: Path) -> None:
    model = ModelRole(provider="anthropic", model="claude-haiku-4-5")
    found = await checked(tmp_path, env={}, replay=True, user=model)
    assert found.healthy
    assert "recordings" in about(found, "model user").detail
    assert "anthropic" not in about(found, "network").detail
