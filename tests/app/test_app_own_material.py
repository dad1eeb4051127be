"""The user's own topics and personas, what they send back, and what is refused before anything is stored or run."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from understudy.app.context import App
from understudy.app.doctor import check_up
from understudy.app.goals import create_goal, list_goals
from understudy.app.pages import cut_json
from understudy.app.personas import create_persona, get_persona, update_persona
from understudy.app.queries import generate_queries, review_queries
from understudy.app.runs import scenario_for
from understudy.app.targets import check_target
from understudy.app.transcripts import get_transcript
from understudy.domain.errors import BadInput, NotFound
from understudy.settings.model import Settings
from understudy.targets.settings import CommandTarget, OpenAITarget
from understudy.wiring import make_app

TOPICS = """\
- topic: School visits
  example_types:
    - {example_type: Teacher, example_background: Teaches., example_query: Our class comes on Friday. Can we leave bags in a locker?}
    - {example_type: Parent, example_background: Has a child., example_query: My child lost a cap. Where do you keep what is found?}
"""
PACK = """\
pack: museum
personas:
  - id: museum-teacher
    name: Tara
    company: City Museum
    profile: I teach history to children.
    intents: {primary: I want to bring my class.}
"""
MUSEUM: dict[str, Any] = {"title": "T", "steps": [{"id": "buy", "say": "Two tickets for {day}, please."}], "known": {"day": "Sunday"}}


@pytest.fixture
async def app(tmp_path: Path) -> AsyncGenerator[App]:
    made = make_app(Settings(store=tmp_path / "store"), env={})
    yield made
    await made.aclose()


@pytest.fixture
async def museum(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncGenerator[App]:
    (tmp_path / "topics.yaml").write_text(TOPICS, encoding="utf-8")
    (tmp_path / "museum.yaml").write_text(PACK, encoding="utf-8")
    packs = (tmp_path / "museum.yaml",) if getattr(request, "param", True) else ()
    made = make_app(Settings(store=tmp_path / "store", topics=tmp_path / "topics.yaml", personas=packs), env={})
    yield made
    await made.aclose()


async def test_the_topics_of_the_settings_are_found_without_naming_them_and_only_they(museum: App) -> None:
    page = await generate_queries(museum, count=4)
    assert {row.topic for row in page.queries} == {"School visits"}


async def test_queries_on_own_topics_are_asked_by_people_of_the_own_packs(museum: App) -> None:
    batch = await generate_queries(museum, count=6, detail="full")
    asked_by = {ground for row in batch.queries for ground in row.grounded_in if ground.startswith("persona:")}
    assert asked_by == {"persona:museum-teacher"}


@pytest.mark.parametrize("museum", [False], indirect=True)
async def test_queries_on_own_topics_without_own_personas_borrow_none(museum: App) -> None:
    batch = await generate_queries(museum, count=4)
    assert batch.queries
    assert not [ground for row in batch.queries for ground in row.grounded_in if ground.startswith("persona:")]


async def test_a_batch_that_ran_out_of_material_says_so(museum: App) -> None:
    batch = await generate_queries(museum, count=500)
    assert batch.total < 100
    assert f"no more than {batch.total} distinct queries" in batch.note


async def test_a_topic_file_that_holds_none_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "topics.yaml"
    broken.write_text("- topic: Empty\n", encoding="utf-8")
    app = make_app(Settings(store=tmp_path / "store", topics=broken), env={})
    with pytest.raises(BadInput, match=r"topics\.yaml"):
        await generate_queries(app)
    await app.aclose()


async def test_an_unknown_batch_is_not_an_empty_one(app: App) -> None:
    with pytest.raises(NotFound, match="No batch `batch_nope`"):
        await review_queries(app, batch="batch_nope")


async def test_every_goal_can_be_read_whole_and_sent_back(app: App) -> None:
    for goal_id in app.library.goals:
        shown = (await list_goals(app, goal_id=goal_id, detail="full")).goals[0].goal
        assert shown is not None
        made = await create_goal(app, {**json.loads(json.dumps(shown)), "id": f"{goal_id}-2"[-60:]}, based_on=None)
        again = (await list_goals(app, goal_id=made.id, detail="full")).goals[0].goal
        assert {**(again or {}), "id": goal_id} == shown


async def test_every_persona_can_be_read_whole_and_sent_back(app: App) -> None:
    for persona_id in app.library.personas:
        shown = (await get_persona(app, persona_id)).persona
        again = (await create_persona(app, {**shown, "id": f"{persona_id}-2"})).persona
        assert {**again, "id": persona_id} == shown


async def test_a_check_keeps_its_name_and_a_trigger_what_it_does(app: App) -> None:
    goals = [row.goal or {} for id in app.library.goals for row in (await list_goals(app, goal_id=id, detail="full")).goals]
    checks = [criterion["check"] for goal in goals for criterion in goal.get("success", ())]
    assert checks
    assert all("check" in check for check in checks)
    people = [(await get_persona(app, id)).persona for id in app.library.personas]
    triggers = [trigger for persona in people for trigger in persona.get("triggers", ())]
    assert triggers
    assert all("then" in trigger for trigger in triggers)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"steps": [{"id": "a", "say": "Hello {dya}."}]}, r"steps\.0\.say"),
        ({"steps": [{"id": "a", "say": "Hello.", "needs": ["dya"]}]}, r"steps\.0\.needs\.0"),
    ],
)
async def test_a_goal_that_names_an_unknown_fact_is_refused_with_the_nearest(app: App, change: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput, match=rf"^`{field}`.*Did you mean `day`"):
        await create_goal(app, {"id": "tickets", **MUSEUM, **change})
    assert (await list_goals(app, query="tickets")).total == 0


async def test_a_persona_with_an_unknown_goal_is_refused_with_the_nearest(app: App) -> None:
    based = "lunch-break-regular"
    with pytest.raises(BadInput, match="Did you mean `clinic-reschedule`"):
        await create_persona(app, {"id": "mine", "goal": "clinic-reshedule"}, based_on=based)
    with pytest.raises(BadInput, match="there is no goal"):
        await update_persona(app, based, {"goal": "nothing-like-it-at-all"})


async def test_a_trigger_that_can_never_fire_is_refused(app: App) -> None:
    trigger = {"id": "t", "when": "says"}
    with pytest.raises(BadInput, match=r"triggers\.0\.when"):
        await create_persona(app, {"id": "mine", "triggers": [trigger]}, based_on="lunch-break-regular")


async def test_a_language_that_nobody_here_speaks_is_refused_before_the_run_but_not_for_a_script(app: App) -> None:
    await create_persona(app, {"id": "francaise", "language": "fr"}, based_on="lunch-break-regular")
    with pytest.raises(BadInput, match="en, de, es"):
        await scenario_for(app, persona="francaise", target="demo-clinic")
    assert (await scenario_for(app, persona="francaise", target="demo-clinic", script=["Bonjour."])).player == "script"


async def test_an_id_in_the_wrong_form_is_explained_in_words(app: App) -> None:
    with pytest.raises(BadInput, match="lower-case letters, digits, hyphens; at most 64"):
        await create_goal(app, {**MUSEUM, "id": "Not An Id"})


async def test_an_unknown_field_inside_a_step_is_compared_with_the_fields_of_a_step(app: App) -> None:
    with pytest.raises(BadInput, match=r"steps\.0\.answerd_by.*did you mean `answered_by`"):
        await create_goal(app, {**MUSEUM, "id": "x", "steps": [{"id": "a", "say": "Hi.", "answerd_by": ["x"]}]})


async def test_a_run_that_is_not_there_is_compared_with_no_random_id(app: App) -> None:
    from understudy.app.runs import simulate

    run = await simulate(app, await scenario_for(app, persona="lunch-break-regular", target="demo-clinic", script=["Hello."]), wait_s=20)
    near = run.run_id[:-1] + "z"
    with pytest.raises(NotFound) as missing:
        await get_transcript(app, near)
    assert "Did you mean" not in str(missing.value)
    assert f"The newest: {run.run_id}" in str(missing.value)


@pytest.mark.parametrize("text", ["word " * 300_000, '"\n' * 200_000, "\x00" * 100_000])
def test_a_cut_text_keeps_to_its_size_as_json(text: str) -> None:
    short = cut_json(text, 4_000)
    assert len(json.dumps(short, ensure_ascii=False)) - 2 <= 4_000
    assert short.endswith("…")


async def test_an_http_target_that_answers_with_something_else_is_told_from_one_that_is_not_there(tmp_path: Path) -> None:
    import asyncio

    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 14\r\nConnection: close\r\n\r\n<html>hi</html")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(page, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    app = make_app(Settings(store=tmp_path, targets={"mine": OpenAITarget(url=f"http://127.0.0.1:{port}/v1", retries=0)}), env={})
    there = await check_target(app)
    server.close()
    await server.wait_closed()
    gone = await check_target(app)
    await app.aclose()
    assert not there.reachable
    assert "Something answers at http://127.0.0.1" in there.untrusted_finding
    assert "Something answers" not in gone.untrusted_finding


async def test_doctor_tells_programs_from_addresses_and_names_a_missing_key_once(tmp_path: Path) -> None:
    targets = {
        "web": OpenAITarget(url="http://127.0.0.1:9/v1", key_env="MY_KEY"),
        "program": CommandTarget(command=("no-such-program", "-x")),
    }
    app = make_app(Settings(store=tmp_path, targets=targets), env={})
    found = (await check_up(app, env={})).findings
    await app.aclose()
    network = next(f.detail for f in found if f.subject == "network")
    assert network == "only these addresses are ever called: http://127.0.0.1:9/v1/chat/completions; programs run: no-such-program -x"
    assert len([f for f in found if "MY_KEY" in f.detail]) == 1


async def test_a_callable_that_cannot_be_loaded_is_told_in_the_last_line_of_its_traceback(tmp_path: Path) -> None:
    from understudy.targets.settings import PythonTarget

    app = make_app(Settings(store=tmp_path, targets={"mine": PythonTarget(callable="no_such_module:reply", cwd=str(tmp_path))}), env={})
    finding = (await check_target(app)).untrusted_finding
    await app.aclose()
    assert finding.count("No module named 'no_such_module'") == 1
    assert "Traceback" not in finding
    assert "host.py" not in finding
