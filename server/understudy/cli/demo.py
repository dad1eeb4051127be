"""`understudy demo`: the whole main job through a real MCP client, on agents with planted faults and on clean ones."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import PIPE
from typing import Any

import anyio
import click
from anyio.streams.text import TextReceiveStream

from understudy.cli.demo_report import Shown, print_report
from understudy.demo.showcase import CLEAN_SHOWCASE, FAULT_SHOWCASE, Showing
from understudy.domain.errors import UnderstudyError

__all__ = ["demo"]

AT_ONCE = 8
START_S = 20.0


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON on stdout, and nothing else.")
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep the store in this folder, to look at it afterwards.")
@click.option("--open", "open_", is_flag=True, help="Open the report of the campaign in the browser.")
@click.pass_context
def demo(context: click.Context, as_json: bool, keep: Path | None, open_: bool) -> int:
    """Watch the whole job, offline: demo agents with planted faults are served over HTTP, and a real MCP client over stdio lists
    personas, generates queries, simulates conversations, judges them and reads the transcripts back as resources; then a
    small campaign, with its report. Exits with 1 when a planted fault was missed or a clean agent was blamed."""
    context.obj = None
    with tempfile.TemporaryDirectory(prefix="understudy-demo-") as folder:
        shown = anyio.run(_demo, keep or Path(folder), as_json)
        if not as_json:
            _report(keep or Path(folder), keep, open_=open_)
    if as_json:
        click.echo(json.dumps([s.as_json() for s in shown], indent=2, ensure_ascii=False))
    return 0 if all(s.as_planned for s in shown) else 1


def _report(store: Path, keep: Path | None, *, open_: bool) -> None:
    """Play a small campaign and write its report where it stays."""
    from understudy.cli.demo_campaign import campaign_report

    path = campaign_report(store, keep or Path(tempfile.mkdtemp(prefix="understudy-report-")))
    if open_:
        click.launch(path.as_uri())


def _say(text: str, quiet: bool) -> None:
    if not quiet:
        click.echo(text)


async def _demo(folder: Path, quiet: bool) -> list[Shown]:
    began = time.monotonic()
    async with _demo_agent() as url:
        _say(f"{_step(1)} demo agents, some with planted faults, answer at {url}", quiet)
        settings = _write_settings(folder, url)
        async with _client(folder, settings) as client:
            took = (time.monotonic() - began) * 1000
            tools = (await client.list_tools()).tools
            _say(
                f"{_step(2)} MCP client over stdio: protocol {client.protocol_version}, {len(tools)} tools, ready after {took:.0f} ms",
                quiet,
            )
            await _personas_and_queries(client, quiet)
            _say(f"{_step(5)} simulating {len(FAULT_SHOWCASE) + len(CLEAN_SHOWCASE)} conversations, {AT_ONCE} at once", quiet)
            shown = await _play(client, quiet)
            await _read_back(client, shown, quiet)
    if not quiet:
        print_report(shown, seconds=time.monotonic() - began)
    return shown


def _step(number: int) -> str:
    return click.style(f"{number}.", fg="cyan", bold=True)


@asynccontextmanager
async def _demo_agent() -> AsyncGenerator[str]:
    """The demo agents in a process of their own, on a free port; yields the base URL."""
    command = [sys.executable, "-m", "understudy", "demo-agent", "--port", "0"]
    async with await anyio.open_process(command, stdin=None, stdout=PIPE, stderr=PIPE) as process:
        try:
            url = ""
            with anyio.move_on_after(START_S):
                assert process.stdout is not None  # noqa: S101 - it was asked for above
                url = (await TextReceiveStream(process.stdout).receive()).strip().removeprefix("listening on ")
            if not url:
                raise UnderstudyError(f"The demo agents did not start within {START_S:g} s; `understudy demo-agent` alone shows why.")
            yield url
        finally:
            process.terminate()


def _write_settings(folder: Path, url: str) -> Path:
    models = {s.model for s in (*FAULT_SHOWCASE, *CLEAN_SHOWCASE)}
    targets = {
        _target(m): {"kind": "openai", "url": url, "model": m, "state_path": "state", "handoff": {"path": "handed_off"}} for m in models
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "understudy.yaml"
    path.write_text(json.dumps({"targets": targets, "store": str(folder)}), encoding="utf-8")  # JSON is YAML
    return path


def _target(model: str) -> str:
    return model.replace("+", "-with-").replace("=", "-").replace(".", "-")


@asynccontextmanager
async def _client(folder: Path, settings: Path) -> AsyncGenerator[Any]:
    from mcp import Client, StdioServerParameters

    arguments = ["-m", "understudy", "--config", str(settings), "--store", str(folder), "serve"]
    async with Client(StdioServerParameters(command=sys.executable, args=arguments)) as client:
        yield client


async def _call(client: Any, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    if result.is_error:
        raise UnderstudyError(f"{tool} failed: {result.content[0].text}")
    answer: dict[str, Any] = result.structured_content
    return answer


async def _personas_and_queries(client: Any, quiet: bool) -> None:
    page = await _call(client, "list_personas", limit=4)
    _say(f"{_step(3)} list_personas: {page['total']} simulated users, among them", quiet)
    for persona in page["personas"]:
        _say(f"     {persona['name']:<16} {persona['summary']}", quiet)
    made = await _call(client, "generate_queries", pack="bank", count=3, seed=7)
    _say(f"{_step(4)} generate_queries, from topics, personas and company facts:", quiet)
    for query in made["queries"]:
        _say(f"     [{query['topic']}] {query['query']}", quiet)


async def _play(client: Any, quiet: bool) -> list[Shown]:
    shown: list[Shown | None] = [None] * (len(FAULT_SHOWCASE) + len(CLEAN_SHOWCASE))
    limiter = anyio.CapacityLimiter(AT_ONCE)

    async def play(place: int, showing: Showing) -> None:
        async with limiter:
            run = await _call(
                client,
                "simulate_conversation",
                persona=showing.persona,
                goal=showing.goal,
                target=_target(showing.model),
                seed=showing.seed,
                idempotency_key=f"demo-{place}",
            )
            while run["status"] != "finished":
                run = await _call(client, "get_run", run_id=run["run_id"], wait_s=45)
        found = shown[place] = Shown.of(showing, run)
        _say(f"     {found.line()}", quiet)

    async with anyio.create_task_group() as group:
        for place, showing in enumerate((*FAULT_SHOWCASE, *CLEAN_SHOWCASE)):
            group.start_soon(play, place, showing)
    return [s for s in shown if s is not None]


async def _read_back(client: Any, shown: list[Shown], quiet: bool) -> None:
    """Read every transcript as a resource, and show the turns around one finding."""
    pages = 0
    for one in shown:
        contents = (await client.read_resource(one.transcript_uri)).contents
        transcript = json.loads(contents[0].text)
        pages += 1
        one.excerpt = _around(transcript["turns"], one.turn)
    _say(f"{_step(6)} read {pages} transcripts back as resources (transcript://...), and judged each by the rubric `service`", quiet)


def _around(turns: list[dict[str, Any]], turn: int | None) -> list[str]:
    if turn is None:
        return []
    near = turns[max(0, turn - 1) : turn + 1]
    return [f"[{t.get('index', 0)}] {t['role']}: {t['text']}" for t in near]
