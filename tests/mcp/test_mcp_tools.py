"""The tools over a real server and store, in memory: the main job and what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mcp import Client
from mcp_kit import REGULAR, call, refused, server_on

TOOLS = [
    "list_personas",
    "get_persona",
    "create_persona",
    "update_persona",
    "list_goals",
    "create_goal",
    "generate_queries",
    "review_queries",
    "run_queries",
    "check_target",
    "simulate_conversation",
    "continue_conversation",
    "get_run",
    "cancel_run",
    "get_transcript",
    "search_transcripts",
    "judge_transcript",
    "submit_verdict",
    "plan_campaign",
    "start_campaign",
    "get_campaign",
    "list_campaigns",
    "control_campaign",
    "compare_campaigns",
    "export_campaign",
]

MUSEUM = {
    "id": "museum-tickets",
    "title": "Buy tickets for Sunday",
    "field": "museum",
    "steps": [{"id": "buy", "say": "I'd like two tickets for Sunday, please.", "answered_by": ["{visit_day}"]}],
    "known": {"visit_day": "Sunday"},
    "unknown": ["member_number"],
    "success": [{"id": "day", "description": "Sunday is confirmed.", "check": {"check": "said", "any_of": ["Sunday"]}}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


async def test_the_default_toolset_is_the_twenty_five_tools_each_with_title_hints_and_schemas(folder: Path) -> None:
    async with server_on(folder) as client:
        tools = (await client.list_tools()).tools
    assert [t.name for t in tools] == TOOLS
    for tool in tools:
        hints = tool.annotations
        assert tool.title
        assert hints is not None
        flags = (hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint, hints.open_world_hint)
        assert None not in flags
        assert tool.output_schema
        assert tool.description
        assert "Use " in tool.description or "use " in tool.description
        assert "Returns" in tool.description
        assert all(p.get("description") or "$ref" in p for p in tool.input_schema["properties"].values())


async def test_the_read_only_server_has_only_tools_that_read(folder: Path) -> None:
    async with server_on(folder, read_only=True) as client:
        tools = (await client.list_tools()).tools
    of_one = ["list_personas", "get_persona", "list_goals", "get_transcript", "search_transcripts"]
    assert [t.name for t in tools] == [*of_one, "plan_campaign", "list_campaigns", "compare_campaigns"]
    assert all(t.annotations and t.annotations.read_only_hint for t in tools)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_both_protocol_eras_do_the_main_job(folder: Path, mode: str) -> None:
    async with server_on(folder, mode=mode) as client:
        assert client.protocol_version == ("2026-07-28" if mode == "auto" else "2025-11-25")
        run = await call(client, "simulate_conversation", persona=REGULAR, target="demo-clinic", seed=1)
        assert run["status"] == "finished"
        read = await client.read_resource(run["transcript_uri"])
    assert json.loads(read.contents[0].text)["run_id"] == run["run_id"]


async def test_a_persona_can_be_created_varied_changed_and_archived(folder: Path) -> None:
    async with server_on(folder) as client:
        made = await call(client, "create_persona", id="varied", based_on=REGULAR, emotion="angry")
        assert made["persona"]["emotion"] == "angry"
        changed = await call(client, "update_persona", persona_id="varied", changes={"patience": 1}, expect_version=1)
        assert (changed["persona"]["version"], changed["persona"]["patience"]) == (2, 1)
        assert (await call(client, "get_persona", persona_id="varied", version=1))["persona"]["patience"] == 2
        assert "version 2, not 1" in await refused(client, "update_persona", persona_id="varied", changes={"patience": 2}, expect_version=1)
        await call(client, "update_persona", persona_id="varied", archived=True)
        assert (await call(client, "list_personas", query="varied"))["total"] == 0
        assert (await call(client, "list_personas", query="varied", archived=True))["total"] == 1


async def test_a_library_persona_that_is_changed_keeps_its_own_version_as_the_first(folder: Path) -> None:
    async with server_on(folder) as client:
        changed = await call(client, "update_persona", persona_id=REGULAR, changes={"emotion": "sad"})
        assert changed["persona"]["version"] == 2
        assert changed["source"] == "store"
        first = await call(client, "get_persona", persona_id=REGULAR, version=1)
    assert first["persona"]["emotion"] == "hurried"


async def test_an_old_transcript_keeps_the_persona_that_it_ran_with(folder: Path) -> None:
    async with server_on(folder) as client:
        run = await call(client, "simulate_conversation", persona=REGULAR, target="demo-clinic", script=["Hello"])
        await call(client, "update_persona", persona_id=REGULAR, changes={"name": "Somebody Else"})
        body = json.loads((await client.read_resource(run["transcript_uri"])).contents[0].text)
    assert body["scenario"]["persona"]["name"] == "Priya Raman"


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("get_persona", {"persona_id": "lunch-brake-regular"}, "Did you mean `lunch-break-regular`?"),
        ("create_persona", {"id": "x"}, "`name`: is required"),
        ("create_persona", {"id": "Bad Id", "based_on": REGULAR}, "`id`"),
        ("create_persona", {"id": REGULAR, "based_on": "unsure-newcomer"}, "exists already"),
        ("create_persona", {"id": "x", "based_on": REGULAR, "traits": ["changes_minds"]}, "traits"),
        ("create_persona", {"id": "x", "based_on": REGULAR, "more": {"pationce": 1}}, "did you mean `patience`?"),
        ("update_persona", {"persona_id": REGULAR, "changes": {"id": "y"}}, "cannot be changed"),
        ("list_goals", {"goal_id": "clinic-reshedule"}, "Did you mean `clinic-reschedule`?"),
        ("create_goal", {**MUSEUM, "steps": []}, "`steps`"),
        ("create_goal", {**MUSEUM, "id": "clinic-reschedule"}, "belongs to the library"),
        ("create_goal", {**MUSEUM, "success": [{"id": "a", "description": "b", "check": {"check": "sayd"}}]}, "success.0"),
        ("generate_queries", {"pack": "bnk"}, "Did you mean `bank`?"),
        ("generate_queries", {"topic_ids": ["nothing-like-it"]}, "No topic `nothing-like-it`"),
        ("generate_queries", {"count": 501}, "less than or equal to 500"),
        ("review_queries", {"decisions": [{"query_id": "q", "decision": "reject"}]}, "`decisions.0.reason`"),
        ("review_queries", {"decisions": [{"query_id": "q", "decision": "accept"}]}, "No query `q`"),
        ("review_queries", {"cursor": "zzz"}, "is not a cursor of this list"),
        ("check_target", {"target": "demo-clinik"}, "Did you mean `demo-clinic`?"),
        ("check_target", {}, "there is no default target"),
        ("simulate_conversation", {"persona": REGULAR}, "there is no default target"),
        ("simulate_conversation", {"persona": REGULAR, "target": "http://evil"}, "No target `http://evil`"),
        ("simulate_conversation", {"persona": REGULAR, "target": "demo-clinic", "wait_s": 51}, "less than or equal to 50"),
        ("get_run", {"run_id": "run_nope"}, "No run `run_nope`"),
        ("cancel_run", {"run_id": "run_nope"}, "No run `run_nope`"),
        ("get_transcript", {"run_id": "run_nope"}, "simulate_conversation"),
        ("search_transcripts", {"ending": "goal_reach"}, "Did you mean `goal_reached`?"),
        ("search_transcripts", {"cursor": "WzFd"}, "is not a cursor"),
        ("judge_transcript", {"run_id": "run_nope"}, "No run `run_nope`"),
        ("judge_transcript", {"rubric": "servis", "dry_run": True}, "Did you mean `service`?"),
    ],
)
async def test_a_mistake_comes_back_as_a_tool_error_that_says_what_to_do(
    folder: Path, tool: str, arguments: dict[str, object], words: str
) -> None:
    async with server_on(folder) as client:
        text = await refused(client, tool, **arguments)
    assert words in text
    assert "Traceback" not in text
    assert text.startswith("[")


async def test_the_same_idempotency_key_never_starts_a_second_run(folder: Path) -> None:
    async with server_on(folder) as client:
        once = await call(client, "simulate_conversation", persona=REGULAR, target="demo-clinic", seed=3, idempotency_key="k")
        twice = await call(client, "simulate_conversation", persona=REGULAR, target="demo-clinic", seed=3, idempotency_key="k")
        other = await refused(client, "simulate_conversation", persona=REGULAR, target="demo-clinic", seed=4, idempotency_key="k")
        total = (await call(client, "search_transcripts"))["total"]
    assert once["run_id"] == twice["run_id"]
    assert other.startswith("[conflict]")
    assert total == 1


async def test_a_goal_of_a_field_that_no_phrase_bank_knows_can_be_created_and_played(folder: Path) -> None:
    async with server_on(folder) as client:
        made = await call(client, "create_goal", **MUSEUM)
        run = await call(client, "simulate_conversation", persona=REGULAR, goal=made["id"], target="demo-clinic", seed=1)
        page = await call(client, "get_transcript", run_id=run["run_id"])
    assert any("tickets" in turn.get("user", "") for turn in page["turns"])


async def test_every_answer_stays_under_ten_thousand_characters(folder: Path) -> None:
    async with server_on(folder) as client:
        run = await call(client, "simulate_conversation", persona=REGULAR, target="demo-clinic", seed=1)
        answers = [
            await call(client, "list_personas", detail="full", limit=50),
            await call(client, "list_goals", detail="full", limit=50),
            await call(client, "generate_queries", pack="bank", count=200, detail="full"),
            await call(client, "review_queries", detail="full", limit=50),
            await call(client, "get_transcript", run_id=run["run_id"], detail="full", max_turns=200),
            await call(client, "judge_transcript", run_id=run["run_id"], detail="full"),
            await call(client, "search_transcripts", limit=50),
        ]
    assert max(len(json.dumps(a, ensure_ascii=False)) for a in answers) < 10_000


async def test_pages_hold_every_persona_once(folder: Path) -> None:
    async with server_on(folder) as client:
        seen: list[str] = []
        cursor: str | None = None
        while True:
            page = await call(client, "list_personas", limit=4, **({"cursor": cursor} if cursor else {}))
            seen += [p["id"] for p in page["personas"]]
            cursor = page.get("next_cursor")
            if cursor is None:
                break
    assert len(seen) == len(set(seen)) == page["total"]


async def test_reviews_are_kept_and_counted(folder: Path) -> None:
    async with server_on(folder) as client:
        made = await call(client, "generate_queries", pack="bank", count=4, seed=2)
        first, second, third, _ = (q["id"] for q in made["queries"])
        decisions = [
            {"query_id": first, "decision": "accept"},
            {"query_id": second, "decision": "reject", "reason": "nobody says that"},
            {"query_id": third, "decision": "edit", "text": "How much is a new card?"},
        ]
        await call(client, "review_queries", decisions=decisions)
    async with server_on(folder) as client:
        page = await call(client, "review_queries", batch=made["batch"])
    assert page["counts"] == {"pending": 1, "accepted": 1, "rejected": 1, "edited": 1}
    assert [q["review"] for q in page["queries"]] == ["accepted", "rejected", "edited", "pending"]
    assert page["queries"][2]["query"] == "How much is a new card?"


async def test_a_dry_run_shows_material_and_rubric_and_writes_nothing(folder: Path) -> None:
    async with server_on(folder) as client:
        material = await call(client, "generate_queries", pack="clinic", dry_run=True)
        rubric = await call(client, "judge_transcript", dry_run=True)
        stored = await call(client, "review_queries")
    assert material["queries"]
    assert "batch" not in material
    assert rubric["judged"] == 0
    assert {c["outcome"] for c in rubric["criteria"]} == {"not judged yet"}
    assert stored["total"] == 0


async def test_words_of_the_agent_are_only_ever_in_fields_marked_untrusted(folder: Path) -> None:
    async with server_on(folder) as client:
        run = await call(client, "simulate_conversation", persona=REGULAR, target="demo-clinic", seed=1)
        page = await call(client, "get_transcript", run_id=run["run_id"], detail="full")
        verdict = await call(client, "judge_transcript", run_id=run["run_id"], detail="full")
    agent = [t["untrusted_agent_text"] for t in page["turns"] if "untrusted_agent_text" in t]
    assert agent

    def trusted(node: object, untrusted: bool = False) -> list[str]:
        if isinstance(node, dict):
            return [s for k, v in node.items() for s in trusted(v, untrusted or k.startswith("untrusted_"))]
        if isinstance(node, list):
            return [s for v in node for s in trusted(v, untrusted)]
        return [node] if isinstance(node, str) and not untrusted else []

    for answer in (run, page, verdict):
        assert not [s for s in trusted(answer) if any(len(a) > 20 and a in s for a in agent)]


async def test_a_persona_of_the_library_that_does_not_exist_in_any_pack_is_listed_as_a_problem_of_its_pack(
    folder: Path, tmp_path: Path
) -> None:
    pack = tmp_path / "mine.yaml"
    pack.write_text("pack: mine\ntitle: Mine\npersonas:\n  - id: broken\n    name: B\n    emoton: calm\n", encoding="utf-8")
    async with server_on(folder, personas=(pack,)) as client:
        page = await call(client, "list_personas", limit=2)
    assert any("mine.yaml:6" in p and "emotion" in p for p in page["problems"])
    assert page["personas"]


async def _all(client: Client) -> list[str]:
    uris: list[str] = []
    cursor = None
    while True:
        page = await client.list_resources(cursor=cursor)
        uris += [str(r.uri) for r in page.resources]
        cursor = page.next_cursor
        if cursor is None:
            return uris


async def test_resources_are_listed_page_by_page_and_every_one_can_be_read(folder: Path) -> None:
    async with server_on(folder) as client:
        run = await call(client, "simulate_conversation", persona=REGULAR, target="demo-clinic", seed=1)
        uris = await _all(client)
        assert len(uris) == len(set(uris))
        for kind in ("persona", "goal", "topic", "rubric"):
            uri = next(u for u in uris if u.startswith(f"{kind}://"))
            assert json.loads((await client.read_resource(uri)).contents[0].text)["id"]
        markdown = await client.read_resource(f"transcript://{run['run_id']}/markdown")
    assert uris[-2:] == [run["transcript_uri"], f"{run['transcript_uri']}/markdown"]
    assert markdown.contents[0].mime_type == "text/markdown"
    assert "> " in markdown.contents[0].text


@pytest.mark.parametrize("position", ["[Infinity,1.0,2]", '[Infinity,"x"]', "[" * 5_000, '[1e999,"x"]'])
async def test_a_forged_cursor_is_refused_like_any_other(folder: Path, position: str) -> None:
    import base64

    cursor = base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")
    async with server_on(folder) as client:
        text = await refused(client, "search_transcripts", cursor=cursor)
    assert text.startswith("[bad_input]")
    assert "is not a cursor" in text


async def test_an_error_does_not_give_back_all_that_was_sent(folder: Path) -> None:
    async with server_on(folder) as client:
        for arguments in ({"persona_id": "x" * 500_000}, {"persona_id": REGULAR, "y" * 500_000: 1}):
            assert len(await refused(client, "get_persona", **arguments)) < 2_000


async def test_an_expression_that_never_ends_holds_up_nobody_and_is_not_the_agent_s_fault(folder: Path) -> None:
    slow = "/(?:(?:.|..|[a-z]+)+)+\x01x/"
    evil = {**MUSEUM, "id": "evil", "steps": [{"id": "s", "say": "I want to know.", "kind": "question", "answered_by": [slow]}]}
    async with server_on(folder) as client:
        await call(client, "create_goal", **evil)
        run = await call(client, "simulate_conversation", persona=REGULAR, goal="evil", target="demo-clinic", wait_s=30)
        assert run["status"] == "finished"
        assert (await call(client, "list_goals", query="evil"))["total"] == 1
