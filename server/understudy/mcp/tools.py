"""The tools: plain async functions that translate arguments, call `understudy.app` and return its values.

A docstring is what the model reads: when to use the tool, when not, what it costs, what comes back.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal

from mcp.server.mcpserver.tools import Tool
from pydantic import Field

from understudy.app import by_hand as by_hand_app
from understudy.app import goals as goals_app
from understudy.app import personas as personas_app
from understudy.app import queries as queries_app
from understudy.app import query_runs as query_runs_app
from understudy.app import runs as runs_app
from understudy.app import targets as targets_app
from understudy.app import transcripts as transcripts_app
from understudy.app import verdicts as verdicts_app
from understudy.app.by_hand import HandView
from understudy.app.goals import GoalPage, GoalRow
from understudy.app.personas import PersonaPage, PersonaView
from understudy.app.queries import Decision, QueryPage
from understudy.app.query_runs import QueryRunsView
from understudy.app.runs import RunView, StoppedRun
from understudy.app.targets import TargetView
from understudy.app.transcripts import RunPage, TranscriptPage
from understudy.app.validation import validated
from understudy.app.verdicts import SubmittedVerdict, VerdictView
from understudy.domain.conversation import MoveKind, Reply, ToolCall
from understudy.domain.errors import BadInput
from understudy.domain.persona import Clarity, Emotion, Register, SpeechStyle, Trait
from understudy.domain.query import QueryMethod, ReviewState
from understudy.domain.transcript import RunStatus
from understudy.domain.value import JsonObject
from understudy.domain.verdict import Outcome
from understudy.mcp.arguments import Cursor, Detail, Judged, Limit, QueryDecision, RatedTurn, ReplyMore, RunId, Step, Success, WaitS
from understudy.mcp.campaign_tools import CAMPAIGN_TOOLS
from understudy.mcp.cancellation import when_cancelled
from understudy.mcp.client import host_of
from understudy.mcp.offers import ADDS, CALLS_TARGET, CHANGES, PROBES, READS, STOPS, WAITS, Ctx, Offer, app_of
from understudy.mcp.progress import progress_of
from understudy.mcp.strict import StrictTool
from understudy.settings.model import TOOLSETS, Toolset

__all__ = ["TOOLS", "tools_for"]

JUDGING_S = 45.0
"""The longest wait for a model that judges; clients give up on a call after a minute."""


async def list_personas(
    ctx: Ctx,
    query: Annotated[str | None, Field(description="Words that must occur.")] = None,
    tag: Annotated[str | None, Field(description="Only with this tag.")] = None,
    emotion: Annotated[Emotion | None, Field(description="Only in this mood.")] = None,
    language: Annotated[str | None, Field(description="Only speaking it: en, de, es.")] = None,
    archived: Annotated[bool, Field(description="Also archived ones.")] = False,
    detail: Detail = "concise",
    cursor: Cursor = None,
    limit: Limit = 25,
) -> PersonaPage:
    """Find simulated users to test an agent with. Use it before simulate_conversation to choose personas that differ; use
    get_persona for everything about one. Free, reads only. Returns id, summary, mood, language and default goal of each."""
    return await personas_app.list_personas(
        app_of(ctx), query=query, tag=tag, emotion=emotion, language=language, archived=archived, detail=detail, cursor=cursor, limit=limit
    )


async def get_persona(
    ctx: Ctx,
    persona_id: Annotated[str, Field(description="Id from list_personas.")],
    version: Annotated[int | None, Field(description="Default newest.", ge=1)] = None,
) -> PersonaView:
    """Read one persona whole: profile, intents, traits, knowledge, triggers. Use it to understand a run's user or as a model
    for create_persona; to search use list_personas. Free, reads only. Returns the persona and its version."""
    return await personas_app.get_persona(app_of(ctx), persona_id, version=version)


async def create_persona(
    ctx: Ctx,
    id: Annotated[str, Field(description="New id, lower case with hyphens.")],
    name: Annotated[str | None, Field(description="Needed without based_on, as are company, profile, primary_intent.")] = None,
    company: Annotated[str | None, Field(description="Whom they think they talk to.")] = None,
    profile: Annotated[str | None, Field(description="Who they are, first person.")] = None,
    primary_intent: Annotated[str | None, Field(description="What they came for, as spoken.")] = None,
    side_intents: Annotated[list[str] | None, Field(description="Questions they mix in, as spoken.")] = None,
    sayings: Annotated[list[str] | None, Field(description="Lines in their own voice.")] = None,
    goal: Annotated[str | None, Field(description="Default goal id.")] = None,
    traits: Annotated[list[Trait] | None, Field(description="Habits.")] = None,
    emotion: Annotated[Emotion | None, Field(description="Mood at the start.")] = None,
    frustration_threshold: Annotated[int | None, Field(description="Setbacks until frustration shows.", ge=1, le=5)] = None,
    patience: Annotated[int | None, Field(description="1 leaves soon, 5 stays long.", ge=1, le=5)] = None,
    language: Annotated[str | None, Field(description="en, de or es for the offline player.")] = None,
    register: Annotated[Register | None, Field(description="Formality.")] = None,
    style: Annotated[SpeechStyle | None, Field(description="How much they say.")] = None,
    clarity: Annotated[Clarity | None, Field(description="Of what they want.")] = None,
    known: Annotated[JsonObject | None, Field(description="{name: value} or {name: {value, disclose, asked_as}}.")] = None,
    unknown: Annotated[list[str] | None, Field(description="Facts they do not know.")] = None,
    more: Annotated[
        JsonObject | None, Field(description="fluency, dialect, skill, noise, triggers, tags, summary, provenance: as in get_persona.")
    ] = None,
    based_on: Annotated[str | None, Field(description="Persona to vary.")] = None,
) -> PersonaView:
    """Add a simulated user, from a full description or as a variation of another (based_on). Use it when no listed persona
    fits, or to keep a production failure as a regression persona; to change one use update_persona. Free; fails if the id
    exists. Returns the stored persona."""
    given: JsonObject = {
        "id": id, "name": name, "company": company, "profile": profile, "sayings": sayings, "goal": goal, "traits": traits,
        "emotion": emotion, "frustration_threshold": frustration_threshold, "patience": patience, "language": language,
        "register": register, "style": style, "clarity": clarity,
    }  # fmt: skip
    spec = {key: value for key, value in given.items() if value is not None} | (more or {})
    if primary_intent is not None or side_intents is not None:
        spec["intents"] = {"primary": primary_intent, "side": side_intents or []}
    if known is not None or unknown is not None:
        spec["knowledge"] = {"known": known or {}, "unknown": unknown or []}
    return await personas_app.create_persona(app_of(ctx), spec, based_on=based_on)


async def update_persona(
    ctx: Ctx,
    persona_id: Annotated[str, Field(description="Id from list_personas.")],
    changes: Annotated[JsonObject | None, Field(description="Fields to replace, as get_persona shows them.")] = None,
    archived: Annotated[bool | None, Field(description="true hides it, false brings it back.")] = None,
    expect_version: Annotated[int | None, Field(description="Fail unless this is newest.", ge=1)] = None,
) -> PersonaView:
    """Change a persona (a new version; old transcripts keep the one they ran with), or archive it. Use create_persona with
    based_on for a variation that should exist beside it. Free. Returns the persona at its new version."""
    return await personas_app.update_persona(app_of(ctx), persona_id, changes or {}, expect_version=expect_version, archived=archived)


async def list_goals(
    ctx: Ctx,
    goal_id: Annotated[str | None, Field(description="Read only this one.")] = None,
    query: Annotated[str | None, Field(description="Words that must occur.")] = None,
    field: Annotated[str | None, Field(description="Only this field of business: clinic, bank, ...")] = None,
    detail: Detail = "concise",
    cursor: Cursor = None,
    limit: Limit = 25,
) -> GoalPage:
    """Find what simulated users can want. Use it to choose goals for simulate_conversation, or with goal_id and detail full
    to read one whole, as a model for create_goal. Free, reads only. Returns id, title, steps and escalation policy."""
    return await goals_app.list_goals(
        app_of(ctx), goal_id=goal_id, query=query, field=field, detail=detail, cursor=cursor, limit=limit
    )  # fmt: skip


async def create_goal(
    ctx: Ctx,
    id: Annotated[str, Field(description="New id, lower case with hyphens.")],
    title: Annotated[str | None, Field(description="For people. Needed without based_on, as are steps.")] = None,
    steps: Annotated[list[Step] | None, Field(description="What must be met, in order.", min_length=1)] = None,
    field: Annotated[str | None, Field(description="Field of business.")] = None,
    side: Annotated[list[Step] | None, Field(description="Asked along the way; not needed to be satisfied.")] = None,
    known: Annotated[JsonObject | None, Field(description="{name: value} or {name: {value, disclose, asked_as}}.")] = None,
    unknown: Annotated[list[str] | None, Field(description="Facts they do not know.")] = None,
    success: Success = None,
    outcome: Annotated[
        Literal["done", "answered", "refused", "handed_off"] | None, Field(description="What should happen; default done.")
    ] = None,
    escalation: Annotated[
        Literal["must", "must_not", "may"] | None, Field(description="May the agent hand over? Default must_not.")
    ] = None,
    more: Annotated[JsonObject | None, Field(description="complications, detours, settles_for, tags: as in list_goals.")] = None,
    based_on: Annotated[str | None, Field(description="Goal to vary.")] = None,
) -> GoalRow:
    """Describe what a user wants of the agent under test, so that any persona can play it. Use it when list_goals has nothing
    that fits. Without `success` the judge goes by what the user believes. Free. An id of yours gets a new version. Returns the
    stored goal in short."""
    given: JsonObject = {"id": id, "title": title, "field": field, "known": known, "unknown": unknown, "success": success}
    spec = {key: value for key, value in given.items() if value is not None} | (more or {})
    for name, parts in (("steps", steps), ("side", side)):
        if parts is not None:
            spec[name] = [part.model_dump() for part in parts]
    expected = {key: value for key, value in (("outcome", outcome), ("escalation", escalation)) if value is not None}
    return await goals_app.create_goal(app_of(ctx), spec, expected=expected, based_on=based_on)


async def generate_queries(
    ctx: Ctx,
    count: Annotated[int, Field(description="How many.", ge=1, le=500)] = 20,
    pack: Annotated[str | None, Field(description="Material of this pack: clinic, bank, ...")] = None,
    topic_ids: Annotated[list[str] | None, Field(description="Only these topics.")] = None,
    persona_ids: Annotated[list[str] | None, Field(description="Only these personas.")] = None,
    method: Annotated[
        QueryMethod, Field(description="naive: baseline from company context alone. model, naive-model: the configured model writes.")
    ] = "offline",
    seed: Annotated[int | None, Field(description="Same seed, same batch.")] = None,
    detail: Detail = "concise",
    dry_run: Annotated[bool, Field(description="Only show topics and example users.")] = False,
    idempotency_key: Annotated[str | None, Field(description="Your own, or a batch id: goes on with that batch.", max_length=200)] = None,
    wait_s: WaitS = 45,
) -> QueryPage:
    """Make single-message test queries from topics, personas and company facts. Use it for a test set; for whole
    conversations use simulate_conversation. Free without a model; with one it costs a call a query and goes on after wait_s.
    Returns a batch id, counts and the first queries; read on and decide with review_queries."""
    return await queries_app.generate_queries(
        app_of(ctx),
        count=count,
        pack=pack,
        topic_ids=topic_ids,
        persona_ids=persona_ids,
        method=method,
        seed=seed,
        detail=detail,
        dry_run=dry_run,
        idempotency_key=idempotency_key,
        wait_s=wait_s,
        progress=progress_of(ctx),
    )


async def review_queries(
    ctx: Ctx,
    batch: Annotated[str | None, Field(description="Only this batch.")] = None,
    show: Annotated[ReviewState | None, Field(description="Only in this state.")] = None,
    decisions: Annotated[list[QueryDecision] | None, Field(description="To apply first, all or none.")] = None,
    detail: Detail = "concise",
    cursor: Cursor = None,
    limit: Limit = 25,
) -> QueryPage:
    """List generated queries and record an expert's decisions: accept, reject with a reason, edit, what the answer should be.
    Use it after generate_queries; it makes no new ones. Free; the state is kept. Returns queries with their state, and counts by state."""
    made = [validated(Decision, d.model_dump()) for d in decisions or []]
    return await queries_app.review_queries(app_of(ctx), batch=batch, show=show, decisions=made, detail=detail, cursor=cursor, limit=limit)


async def run_queries(
    ctx: Ctx,
    batch: Annotated[str, Field(description="Batch id from generate_queries.")],
    target: Annotated[str | None, Field(description="Target name; check_target lists them.")] = None,
    limit: Annotated[int, Field(description="Most queries.", ge=1, le=500)] = 200,
    seed: Annotated[int | None, Field(description="The same asks nothing twice; another asks anew.")] = None,
    wait_s: WaitS = 45,
) -> QueryRunsView:
    """Ask the agent the accepted and edited queries of a batch, one turn each, and compare with the expected answers. Use it
    after review_queries; call it again to see how it stands. Costs one agent call a query. Returns rates by kind (content,
    tone, accuracy) and mismatches with turn and quote; accuracy without a judge model is unscored."""
    return await query_runs_app.run_queries(
        app_of(ctx), batch, target=target, limit=limit, seed=seed, wait_s=wait_s, progress=progress_of(ctx)
    )  # fmt: skip


async def check_target(
    ctx: Ctx, target: Annotated[str | None, Field(description="Target name; default: the default target.")] = None
) -> TargetView:
    """Say hello to the agent under test. Use it before the first simulate_conversation, and after target_failed. Costs
    two calls of the agent. Returns whether it answers, how fast, who speaks first, settings that fit better, and all target
    names."""
    return await targets_app.check_target(app_of(ctx), target)


async def simulate_conversation(
    ctx: Ctx,
    persona: Annotated[str, Field(description="Persona id.")],
    goal: Annotated[str | None, Field(description="Goal id; default: the persona's own.")] = None,
    target: Annotated[str | None, Field(description="Target name; check_target lists them.")] = None,
    seed: Annotated[int | None, Field(description="Same seed, same user.")] = None,
    max_turns: Annotated[int | None, Field(description="Most user turns.", ge=1, le=100)] = None,
    opens: Annotated[Literal["user", "agent"] | None, Field(description="Who speaks first.")] = None,
    script: Annotated[list[str] | None, Field(description="Say these lines instead of simulating.", max_length=100)] = None,
    player: Annotated[Literal["rules", "model"] | None, Field(description="rules: offline; model: the configured one.")] = None,
    rubric: Annotated[str | None, Field(description="Default `service`.")] = None,
    idempotency_key: Annotated[
        str | None, Field(description="Your own; a repeated call never starts a second run.", max_length=200)
    ] = None,
    wait_s: WaitS = 45,
) -> RunView:
    """Have a persona pursue a goal with the agent under test, then judge the conversation. Use it to find failures; use
    get_run for a run that exists. Costs one agent call a turn (often 4 to 12); player model: a model call too. Returns verdict and findings
    with turn and quote, or `running` and a run_id if not done in wait_s: it goes on, call get_run."""
    app = app_of(ctx)
    scenario = await runs_app.scenario_for(
        app, persona=persona, goal=goal, target=target, seed=seed, max_turns=max_turns, opens=opens, script=script, player=player,
        rubric=rubric,
    )  # fmt: skip
    record = await runs_app.start(app, scenario, idempotency_key=idempotency_key)
    async with when_cancelled(ctx, app, lambda: runs_app.cancel_run(app, record.id)):
        return await runs_app.get_last(app, record.id, wait_s=wait_s, progress=progress_of(ctx))


async def continue_conversation(
    ctx: Ctx,
    run_id: Annotated[str | None, Field(description="To go on; then only step, your words and detail count.")] = None,
    step: Annotated[int | None, Field(description="From the last answer; needed with your words.", ge=1)] = None,
    message: Annotated[str | None, Field(description="What you say as the user.", max_length=8_000)] = None,
    move: Annotated[MoveKind, Field(description="Only continue and a first asks_for_human go on.")] = "continue",
    disclosed: Annotated[list[str] | None, Field(description="Facts the message gives in other words.", max_length=50)] = None,
    reply: Annotated[str | None, Field(description="What you answer as the agent.", max_length=40_000)] = None,
    reply_more: Annotated[ReplyMore | None, Field(description="With reply.")] = None,
    persona: Annotated[str | None, Field(description="To open: persona id.")] = None,
    goal: Annotated[str | None, Field(description="Default: the persona's own.")] = None,
    target: Annotated[str | None, Field(description="Target name; `caller`: you are the agent.")] = None,
    player: Annotated[Literal["caller", "rules", "model"] | None, Field(description="Of the user, with target caller.")] = None,
    seed: Annotated[int | None, Field(description="Same seed, same user.")] = None,
    max_turns: Annotated[int | None, Field(description="Most user turns.", ge=1, le=100)] = None,
    opens: Annotated[Literal["user", "agent"] | None, Field(description="Who speaks first.")] = None,
    rubric: Annotated[str | None, Field(description="Default `service`.")] = None,
    idempotency_key: Annotated[str | None, Field(description="As in simulate_conversation.", max_length=200)] = None,
    detail: Annotated[Literal["concise", "full"], Field(description="full: your brief again.")] = "concise",
    wait_s: WaitS = 45,
) -> HandView:
    """Play the user yourself against the agent, one message a call, without a model of ours; or, with target `caller`, answer
    our user as the agent. Use it when asked to play; simulate_conversation plays by itself. Open with persona (goal, target);
    then pass run_id, step, message and move (or reply). Costs one agent call a message. Returns your brief, what the other side
    said, the next direction and, at the end, the verdict. run_id alone shows where it stands; cancel_run ends it."""
    app = app_of(ctx)
    opening = {
        "persona": persona, "goal": goal, "target": target, "player": player, "seed": seed, "max_turns": max_turns, "opens": opens,
        "rubric": rubric, "idempotency_key": idempotency_key,
    }  # fmt: skip
    given = [name for name, value in opening.items() if value is not None]
    if run_id is None:
        if message is not None or reply is not None or persona is None:
            raise BadInput("run_id", "is missing", "To open, pass persona and no words; to go on, the run_id of the answer to that")
        return await by_hand_app.open_by_hand(
            app, persona=persona, goal=goal, target=target, player=player, seed=seed, max_turns=max_turns, opens=opens, rubric=rubric,
            idempotency_key=idempotency_key, host=host_of(ctx), wait_s=wait_s,
        )  # fmt: skip
    if given:
        raise BadInput(given[0], "is settled when a conversation is opened", "Leave it out together with run_id")
    if reply is None and reply_more is not None:
        raise BadInput("reply_more", "goes with `reply`, which is missing", 'An agent that says nothing passes reply ""')
    more = reply_more or ReplyMore(tool_calls=[])
    answer = None if reply is None else Reply(
        text=reply, tool_calls=tuple(validated(ToolCall, c) for c in more.tool_calls),
        state=more.state, handed_off=more.handed_off, closed=more.closed,
    )  # fmt: skip
    return await by_hand_app.go_on(
        app, run_id, step=step, message=message, move=move, disclosed=tuple(disclosed or ()), reply=answer, full=detail == "full",
        wait_s=wait_s,
    )  # fmt: skip


async def get_run(ctx: Ctx, run_id: RunId, wait_s: WaitS = 0) -> RunView:
    """See how a simulated conversation stands, waiting up to wait_s for its end. Use it when simulate_conversation answered
    `running`, also after a restart: an interrupted run goes on from its last turn. Free. Returns status, ending, verdict and
    findings."""
    return await runs_app.get_run(app_of(ctx), run_id, wait_s=wait_s, progress=progress_of(ctx))


async def cancel_run(ctx: Ctx, run_id: RunId) -> StoppedRun:
    """Stop a simulated conversation that is under way. Use it when asked to stop; a finished run stays as it is. Free; turns
    already made are kept. Returns the run with ending `cancelled`, which counts neither way."""
    return await runs_app.cancel_run(app_of(ctx), run_id)


async def get_transcript(
    ctx: Ctx,
    run_id: RunId,
    from_turn: Annotated[int, Field(description="First turn, counted from 0.", ge=0)] = 0,
    max_turns: Annotated[int, Field(description="Most turns.", ge=1, le=200)] = 40,
    detail: Detail = "concise",
) -> TranscriptPage:
    """Read the turns of a conversation. Use it to check a finding at its turn before reporting it; to find runs use
    search_transcripts. Free, reads only. Returns user words and untrusted agent text by turn; full adds state, latency and
    stage directions. Go on at `next_turn`."""
    return await transcripts_app.get_transcript(app_of(ctx), run_id, from_turn=from_turn, max_turns=max_turns, detail=detail)


async def search_transcripts(
    ctx: Ctx,
    text: Annotated[str | None, Field(description="Words said by either side.")] = None,
    persona: Annotated[str | None, Field(description="Persona id.")] = None,
    goal: Annotated[str | None, Field(description="Goal id.")] = None,
    target: Annotated[str | None, Field(description="Target name.")] = None,
    status: Annotated[RunStatus | None, Field(description="Only in this status.")] = None,
    ending: Annotated[str | None, Field(description="Only with this ending: goal_reached, gave_up, target_failed, ...")] = None,
    outcome: Annotated[Outcome | None, Field(description="Only with this verdict.")] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> RunPage:
    """Find stored conversations, newest first. Use it to list runs or to look up where something was said; read one with
    get_transcript. Free, reads only. Returns run_id, persona, goal, target, ending and verdict of each, and the total."""
    return await transcripts_app.search_transcripts(
        app_of(ctx),
        text=text, persona=persona, goal=goal, target=target, status=status, ending=ending, outcome=outcome, cursor=cursor, limit=limit,
    )  # fmt: skip


async def judge_transcript(
    ctx: Ctx,
    run_id: Annotated[str | None, Field(description="A finished run; may be left out with dry_run.")] = None,
    rubric: Annotated[str | None, Field(description="Rubric id; default: the run's own.")] = None,
    judge: Annotated[
        Literal["auto", "checks", "model", "caller"] | None,
        Field(description="auto: checks, and the model if configured. caller: you."),
    ] = None,
    from_turn: Annotated[int, Field(description="For caller: next_turn.", ge=0)] = 0,
    detail: Detail = "concise",
    dry_run: Annotated[bool, Field(description="Only show the rubric's criteria.")] = False,
) -> VerdictView:
    """Judge a finished conversation. simulate_conversation has done it once; use this for another rubric, every criterion
    (detail full), or again. Free by checks; a model costs its calls. What nobody judged is `unscored`: neither pass nor fail.
    Returns verdict, judged of total, turn and quote of each finding; with judge `caller` a `task` for you: read all pages, then
    submit_verdict."""
    return await verdicts_app.judge_transcript(
        app_of(ctx), run_id, rubric=rubric, judge=judge, from_turn=from_turn, detail=detail, dry_run=dry_run, wait_s=JUDGING_S
    )


async def submit_verdict(
    ctx: Ctx,
    run_id: RunId,
    judging_id: Annotated[str, Field(description="Of the task.")],
    results: Annotated[list[Judged] | None, Field(description="Needed: each criterion once.")] = None,
    turns: Annotated[list[RatedTurn] | None, Field(description="Agent turns.")] = None,
    rubric: Annotated[str | None, Field(description="As in judge_transcript.")] = None,
) -> SubmittedVerdict:
    """Hand in your own judgement. Use it after judge_transcript with judge `caller`, every page read. Free. Quotes and scales are
    checked; what does not fit is named and nothing is kept. Returns the verdict, checks included."""
    from understudy.app import caller_judging as caller_app  # judging is read when something is judged
    from understudy.judging.answers import CriterionAnswer, TurnAnswer

    verdict = await caller_app.submit_verdict(
        app_of(ctx),
        run_id,
        rubric,
        judging=judging_id,
        results=[CriterionAnswer.model_validate(r.model_dump()) for r in results or []],
        turns=[TurnAnswer.model_validate(t.model_dump()) for t in turns or []],
        client=_client(ctx),
    )
    return SubmittedVerdict.of(verdict)


def _client(ctx: Ctx) -> str:
    """Name and version of the program that calls."""
    params = ctx.session.client_params
    return f"{params.client_info.name} {params.client_info.version}" if params else "unnamed client"


TOOLS: tuple[Offer, ...] = (
    Offer(list_personas, "List personas", READS, "core"),
    Offer(get_persona, "Get a persona", READS, "core"),
    Offer(create_persona, "Create a persona", ADDS, "core"),
    Offer(update_persona, "Update a persona", CHANGES, "core"),
    Offer(list_goals, "List goals", READS, "core"),
    Offer(create_goal, "Create a goal", CHANGES, "core"),
    Offer(generate_queries, "Generate queries", ADDS, "queries"),
    Offer(review_queries, "Review queries", CHANGES, "queries"),
    Offer(run_queries, "Run queries", WAITS, "queries"),
    Offer(check_target, "Check a target", PROBES, "core", at_once=True),
    Offer(simulate_conversation, "Simulate a conversation", CALLS_TARGET, "core", at_once=True),
    Offer(continue_conversation, "Play a conversation by hand", CALLS_TARGET, "by-hand"),
    Offer(get_run, "Get a run", WAITS, "core"),
    Offer(cancel_run, "Cancel a run", STOPS, "core"),
    Offer(get_transcript, "Get a transcript", READS, "core"),
    Offer(search_transcripts, "Search transcripts", READS, "core"),
    Offer(judge_transcript, "Judge a transcript", CHANGES, "core"),
    Offer(submit_verdict, "Submit a verdict", CHANGES, "core"),
    *CAMPAIGN_TOOLS,
)


def tools_for(toolsets: Collection[Toolset] = TOOLSETS, *, read_only: bool = False) -> list[Tool]:
    """The tools of these sets, in the order in which they are listed; `core` is always among them. `read_only` leaves out
    those that write or reach a target."""
    wanted = {"core", *toolsets}
    return [_tool(offer) for offer in TOOLS if offer.toolset in wanted and (offer.hints is READS or not read_only)]


def _tool(offer: Offer) -> Tool:
    meta = {"anthropic/alwaysLoad": True} if offer.at_once else None
    return StrictTool.strict(offer.fn, title=offer.title, annotations=offer.hints, meta=meta, brief=offer.brief)
