"""Simulated users for a test of your own agent: run it against them in this very process, then assert on rates with intervals.

    result = Understudy().run_sync(my_agent, pack="clinic", repeats=3)
    result.assert_pass_rate(at_least=0.9)

The pytest plugin hands out one `Understudy` a test; a program can make its own.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from understudy.app.campaign_views import SpecGiven
from understudy.app.campaigns import ExportFormat, analysis_of, comparison_of, export_campaign, set_baseline, start_campaign
from understudy.app.context import App
from understudy.app.gating import finished
from understudy.app.quotes import first_trouble, verdicts_of_failures
from understudy.app.transcripts import as_markdown, load
from understudy.app.validation import validated
from understudy.campaigns.analysis import Analysis
from understudy.campaigns.compare import Comparison, check_comparable, compare
from understudy.campaigns.gate import GateResult, GateRules, gate
from understudy.domain.campaign import Campaign, ConversationLine
from understudy.domain.errors import BadInput, CallerError
from understudy.domain.verdict import Rate, Verdict
from understudy.ports import Target
from understudy.report.failures import Failure, failures_of
from understudy.settings.locate_store import locate_store
from understudy.settings.model import Settings
from understudy.targets.base_settings import HandoffRule
from understudy.targets.in_process import Agent, InProcess, name_of
from understudy.wiring import make_app, settings_from

__all__ = ["Failed", "Result", "Understudy"]

TRANSCRIPTS = "transcripts"
"""The folder beside the store."""
MOST_TRANSCRIPTS = 100
MOST_TOLD = 5

Value = TypeVar("Value")


class Failed(Failure):
    """A conversation that was judged as failed."""

    transcript: Path | None = None
    """Markdown; None beyond the first hundred."""

    def __str__(self) -> str:
        return super().__str__() + (f"\n    transcript: {self.transcript}" if self.transcript else "")


class Understudy:
    """Runs agents against simulated users. Nothing is kept open between runs."""

    def __init__(
        self, *, settings: Settings | None = None, store: str | Path | None = None, given: Mapping[str, Any] | None = None
    ) -> None:
        """`settings` default to those of the nearest understudy.yaml; `store` is the folder of the store, in the place of theirs;
        `given` is what every run takes when it does not say. Raises BadFile."""
        found = settings_from(None) if settings is None else settings
        self.settings = found if store is None else found.evolve(store=Path(store).absolute())
        self._given = dict(given or {})
        self.results: list[Result] = []

    async def run(
        self, agent: Agent | str | None = None, *, timeout_s: float = 60.0, handoff: HandoffRule | None = None, **given: Any
    ) -> Result:
        """Play the conversations, each to its end and judged.

        `agent` is a callable, which runs here (an `async` one in this loop, any other in a thread), or the name of a target; None
        is the default target. `timeout_s` and `handoff` (how an answer shows that a human takes over) are for callables. The rest
        says which conversations: personas, pack, tag, goals, repeats, sampling, size, seed, player, rubric, max_turns, max_usd,
        max_tokens, max_seconds, max_conversations, concurrency, name, agent_version. Raises NotFound and BadInput.
        """
        wanted, agents = {**self._given, **given}, dict[str, Target]()
        if isinstance(agent, str):
            wanted["targets"] = [agent]
        elif agent is not None:
            target = InProcess(_free_name(agent, self.settings), agent, timeout_s=timeout_s, handoff=handoff or HandoffRule())
            agents, wanted["targets"] = {target.name: target}, [target.name]
        result = await _with_app(self.settings, lambda app: _played(app, self.settings, validated(SpecGiven, wanted)), agents)
        self.results.append(result)
        return result

    def run_sync(self, agent: Agent | str | None = None, **given: Any) -> Result:
        """As `run`, from code that is not `async`. Raises CallerError where a loop is running."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(self.run(agent, **given))
        raise CallerError("`run_sync` was called where an event loop is running. Write `await understudy.run(...)`.")


class Result:
    """What came of a run. Every assertion is red, too, when too much was unscored, spoiled by the simulated user, never played, or
    met no answer: the limits are those of `gate` in the settings, and can be given."""

    def __init__(
        self,
        settings: Settings,
        campaign: Campaign,
        lines: list[ConversationLine],
        analysis: Analysis,
        verdicts: Mapping[str, Verdict],
        transcripts: Mapping[str, Path],
        trouble: str,
    ) -> None:
        self._settings, self._trouble = settings, trouble
        self.campaign, self.lines, self.analysis = campaign, lines, analysis
        self.failures: list[Failed] = [
            Failed(**failure.model_dump(), transcript=transcripts.get(failure.run_id)) for failure in failures_of(lines, verdicts)
        ]
        """Every conversation that counts and failed, in the plan's order."""
        self.asserted = False
        """Whether an assertion has looked at it."""

    def __repr__(self) -> str:
        return f"<Result {self.campaign.id}: {self}>"

    def __str__(self) -> str:
        counts, faults = self.analysis.outcomes, self.analysis.simulator_faults.hits
        return (
            f"{self.analysis.conversations} of {self.campaign.total} conversations: {counts.passed} passed, {counts.failed} failed, "
            f"{counts.unscored} unscored, {counts.error} without an answer, {faults} spoiled by the simulated user"
        )

    @property
    def passed(self) -> Rate:
        """Passed over judged, with an interval that allows for repeats of the same scenario. What was not judged is in neither: use
        the assertions, which are red when that is too much."""
        return self.analysis.passed.rate.evolve(interval=self.analysis.passed.interval)

    # ---- assertions

    def assert_pass_rate(
        self,
        at_least: float | None = None,
        *,
        low: float | None = None,
        worst_persona: float | None = None,
        criteria: Mapping[str, float] | None = None,
        **limits: Any,
    ) -> None:
        """The share that passed is `at_least` this, the lower end of its interval `low`, and so on; each between 0 and 1.

        `limits` are max_unscored, max_simulator_faults, max_infrastructure, max_missing and min_judged. Raises AssertionError, and
        CallerError for a limit that there is not.
        """
        __tracebackhide__ = True
        asked = {"min_pass_rate": at_least, "min_pass_rate_low": low, "min_worst_persona": worst_persona, "criteria": criteria}
        self._hold(self._rules({**{name: value for name, value in asked.items() if value is not None}, **limits}))

    def assert_judged(self, **limits: Any) -> None:
        """Not too much was silent; nothing is asked about what passed. Raises AssertionError."""
        __tracebackhide__ = True
        self._hold(self._rules(limits))

    def assert_gate(self) -> None:
        """Everything that `gate` in the settings asks for, its baseline included. Raises AssertionError."""
        __tracebackhide__ = True
        settings = self._settings.gate
        rules = GateRules(**{name: getattr(settings, name) for name in GateRules.model_fields})
        self._hold(rules, self._against(settings.baseline) if settings.baseline else None)

    def assert_no_regression(
        self, baseline: str | Result, *, margin: float = 0.05, newly_failing: bool = False, allow_different: bool = False, **limits: Any
    ) -> None:
        """Nothing shows that it is worse than a baseline of this store, a campaign, or another result; with `newly_failing`, no
        scenario may fail that passed there. Raises AssertionError, NotFound, and Conflict when more than the agent differs."""
        __tracebackhide__ = True
        comparison = self._against(baseline, margin=margin, allow_different=allow_different)
        self._hold(self._rules({**limits, "no_regression": True, "no_newly_failing": newly_failing}), comparison)

    def _rules(self, asked: Mapping[str, Any]) -> GateRules:
        """The settings' limits on silence, and what is asked for; not what the settings ask of the rates."""
        settings = self._settings.gate
        kept = ("max_unscored", "max_simulator_faults", "max_infrastructure", "max_missing", "min_judged")
        return validated(GateRules, {**{name: getattr(settings, name) for name in kept}, **asked})

    def _hold(self, rules: GateRules, comparison: Comparison | None = None) -> None:
        __tracebackhide__ = True
        self.asserted = True
        found = gate(self.analysis, rules, comparison, planned=self.campaign.total)
        if not found.green:
            raise AssertionError(self._told(found, comparison))

    def _told(self, found: GateResult, comparison: Comparison | None) -> str:
        red = [check for check in found.checks if not check.green]
        rows = [f"RED {check.name}: {check.detail}" for check in red]
        rows.append(str(self))
        if self.campaign.why:
            rows.append(f"the campaign {self.campaign.status}: {self.campaign.why}")
        if broken := next((line for line in self.lines if line.outcome in ("error", "unscored")), None):
            rows.append(f"first without a verdict: {broken.scenario} [{broken.run_id}] {broken.reason}")
        if self._trouble:
            rows.append(f"no answer: {self._trouble}")
        worst = next((s for s in self.analysis.slices if s.kind == "persona" and s.passed.value is not None), None)
        if worst is not None and worst.passed.value != 1.0:
            rows.append(f"worst persona: {worst.name} {worst.passed.rate.evolve(interval=worst.passed.interval)}")
        if comparison is not None and comparison.newly_failing:
            rows.append(f"newly failing: {', '.join(c.scenario for c in comparison.newly_failing[:MOST_TOLD])}")
        if self.failures:
            rows.append(f"first of {len(self.failures)} failures: {self.failures[0]}")
        return "\n".join(rows)

    # ---- baselines and reports

    def save_baseline(self, name: str) -> None:
        """From now on `name` means this run, in this store. Raises BadInput for a name that is no slug."""
        self._in_app(lambda app: set_baseline(app, name, self.campaign.id))

    def report_html(self, path: str | Path) -> Path:
        """Write the report, one file that opens in a browser without a network; the path. Raises OSError."""
        return self._export(path, "html")

    def report_junit(self, path: str | Path) -> Path:
        """Write JUnit XML. Raises OSError."""
        return self._export(path, "junit")

    def report_markdown(self, path: str | Path) -> Path:
        """Write a summary in Markdown. Raises OSError."""
        return self._export(path, "markdown")

    def _export(self, path: str | Path, format: ExportFormat) -> Path:
        text = self._in_app(lambda app: export_campaign(app, self.campaign.id, format))
        file = Path(path)
        file.write_text(text, encoding="utf-8")
        return file

    def _against(self, baseline: str | Result, *, margin: float = 0.05, allow_different: bool = False) -> Comparison:
        if isinstance(baseline, Result):
            warnings = check_comparable(baseline.campaign.versions, self.campaign.versions, allow=allow_different)
            return compare(baseline.lines, self.lines, margin=margin, warnings=warnings)

        async def found(app: App) -> Comparison:
            return (await comparison_of(app, baseline, self.campaign.id, margin=margin, allow_different=allow_different))[2]

        return self._in_app(found)

    def _in_app(self, work: Callable[[App], Awaitable[Value]]) -> Value:
        """Do `work` over the store, in a thread with a loop of its own: this may be called where a loop is running."""
        done: list[Value] = []
        failed: list[BaseException] = []

        def body() -> None:
            try:
                done.append(asyncio.run(_with_app(self._settings, work, {})))
            except BaseException as error:  # whatever it is, it is raised where it was asked for
                failed.append(error)

        thread = threading.Thread(target=body, name="understudy-result")
        thread.start()
        thread.join()
        if failed:
            raise failed[0]
        return done[0]


async def _with_app(settings: Settings, work: Callable[[App], Awaitable[Value]], agents: Mapping[str, Target]) -> Value:
    app = make_app(settings, agents=agents)
    try:
        return await work(app)
    finally:
        await app.aclose()


async def _played(app: App, settings: Settings, given: SpecGiven) -> Result:
    started = await start_campaign(app, given)
    await finished(app, started.id)
    campaign, lines, analysis = await analysis_of(app, started.id)
    verdicts = await verdicts_of_failures(app, lines)
    failed = [failure.run_id for failure in failures_of(lines, verdicts)][:MOST_TRANSCRIPTS]
    folder = locate_store(settings) / TRANSCRIPTS
    written = {run_id: await _written(app, run_id, verdicts.get(run_id), folder) for run_id in failed}
    return Result(settings, campaign, lines, analysis, verdicts, written, await first_trouble(app, lines))


async def _written(app: App, run_id: str, verdict: Verdict | None, folder: Path) -> Path:
    text, file = as_markdown(await load(app, run_id), verdict), folder / f"{run_id}.md"
    await asyncio.to_thread(_write, file, text)
    return file


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _free_name(agent: Agent, settings: Settings) -> str:
    """A name for the agent as a target, other than those of the settings."""
    if not callable(agent):
        raise BadInput("agent", f"is a {type(agent).__name__}, not something that can be called", "Give a function, or a target's name")
    name = re.sub(r"[^a-z0-9_-]+", "-", name_of(agent).rpartition(".")[2].lower()).strip("-_")[:48] or "agent"
    while name in settings.targets:
        name += "-here"
    return name
