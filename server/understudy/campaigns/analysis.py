"""What a campaign says together: rates with intervals that allow for repeats, the worst slice first, and everything left out beside them.

Pure: from the lines of its conversations. Only pass and fail are in a rate; unscored, errors and the simulator's faults are counted apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from typing import Literal

from understudy.campaigns.stats.clusters import ClusteredRate, clustered_rate
from understudy.campaigns.stats.multiplicity import benjamini_hochberg
from understudy.campaigns.stats.reliability import Stability, pass_hat_k, stability
from understudy.campaigns.stats.tables import fisher_exact
from understudy.campaigns.stats.tone import Spoken, ToneConsistency, tone_consistency
from understudy.campaigns.stats.turns import mann_whitney, median_to_resolution, outliers
from understudy.domain.campaign import ConversationLine
from understudy.domain.value import Value
from understudy.domain.verdict import Rate
from understudy.judging.rates import EscalationRates, Outcomes, escalation_rates

__all__ = ["Analysis", "CriterionSlice", "Outlier", "Reliability", "ScenarioLine", "Slice", "SliceKind", "TurnsSlice", "Use", "analyse"]

SliceKind = Literal["persona", "segment", "goal", "target"]
MOST_OUTLIERS = 20


class Slice(Value):
    """How one persona, segment, goal or target came out."""

    kind: SliceKind
    name: str
    passed: ClusteredRate
    """Passed over judged."""
    outcomes: Outcomes
    simulator_faults: int
    p: float | None
    """That it is no different from the rest (Fisher); None when there is no rest or nothing was judged."""
    p_adjusted: float | None
    """For all slices of its kind (Benjamini and Hochberg)."""


class CriterionSlice(Value):
    """How often one criterion held."""

    criterion: str
    gate: bool
    passed: ClusteredRate
    outcomes: Outcomes


class ScenarioLine(Value):
    """A persona with a goal on a target, over its repeats."""

    scenario: str
    target: str
    stability: Stability
    passed: int
    judged: int
    total: int
    run_ids: tuple[str, ...]
    """Failing ones first."""
    reason: str = ""
    """Of the first that failed."""


class Reliability(Value):
    """pass^k: the chance that k runs of a scenario all pass."""

    k: int
    value: float
    scenarios: int
    """Those with at least k judged runs; the others are not in it."""


class Outlier(Value):
    """A conversation that took three times the usual number of turns, or more."""

    run_id: str
    scenario: str
    turns: float
    usual: float


class TurnsSlice(Value):
    """Agent turns to resolution, of all or of one persona."""

    name: str
    median: float | None
    """With the unresolved ones taken as longer (Kaplan and Meier) where they are more than a fifth; None when most were never resolved."""
    resolved: int
    unresolved: int
    ratio: float | None = None
    """To the median of all."""
    p_adjusted: float | None = None
    """That this persona takes as long as the others (Mann and Whitney), adjusted over personas."""


class Use(Value):
    """Time and money."""

    latency_p50_ms: float | None
    """Of the conversations' own medians."""
    latency_p95_ms: float | None
    """Of the slowest reply in each conversation."""
    tokens: int
    usd: float
    unpriced: int
    """Conversations with calls that have no price: they are in no sum."""
    seconds: float


class Analysis(Value):
    """Everything that is said about a set of conversations."""

    conversations: int
    scenarios: int
    outcomes: Outcomes
    simulator_faults: Rate
    """Over all conversations; not in any other rate."""
    unscored: Rate
    """Over all conversations that the simulator did not spoil."""
    infrastructure: Rate
    """Conversations in which the target gave no answer, over those that the simulator did not spoil."""
    reruns: int
    resumed: int
    """Conversations that were gone on with from their last event, after the process that played them had gone away."""
    restarted: int
    """Conversations that were played afresh then, because the target keeps the history itself."""
    passed: ClusteredRate
    """Passed over judged, clustered by scenario and target."""
    passed_if_faults_counted: Rate
    """Sensitivity: with the conversations of a misbehaving simulator counted as they came out."""
    slices: tuple[Slice, ...]
    """By kind, the worst first."""
    criteria: tuple[CriterionSlice, ...]
    """The worst first."""
    endings: dict[str, int]
    escalation: EscalationRates
    turns: TurnsSlice
    turns_by_persona: tuple[TurnsSlice, ...]
    """The longest first."""
    outliers: tuple[Outlier, ...]
    tone: ToneConsistency | None
    """None without repeats of the same goal by two personas."""
    reliability: tuple[Reliability, ...]
    stable: int
    flaky: tuple[ScenarioLine, ...]
    failing: tuple[ScenarioLine, ...]
    unjudged: tuple[ScenarioLine, ...]
    use: Use


def analyse(lines: Iterable[ConversationLine]) -> Analysis:
    """The analysis of these conversations, each of which counts once. Same lines in any order, same analysis."""
    every = sorted(lines, key=lambda line: (line.index, line.run_id))
    sound = [line for line in every if not line.simulator_fault]
    scenarios = _scenarios(sound)
    counted = _outcomes(sound)
    return Analysis(
        conversations=len(every),
        scenarios=len({(line.scenario, line.target) for line in every}),
        outcomes=counted,
        simulator_faults=Rate.of(len(every) - len(sound), len(every)),
        unscored=Rate.of(counted.unscored, len(sound)),
        infrastructure=Rate.of(counted.error, len(sound)),
        reruns=sum(line.rerun for line in every),
        resumed=sum(line.resumed > 0 for line in every),
        restarted=sum(line.restarted > 0 for line in every),
        passed=_rate(sound),
        passed_if_faults_counted=_plain_rate(every),
        slices=tuple(row for kind in _KEYS for row in _slices(kind, every)),
        criteria=_criteria(sound),
        endings=_count(line.ending for line in every),
        escalation=escalation_rates(line.metrics for line in sound),
        turns=_turns("all", _judged(sound)),
        turns_by_persona=_turns_by_persona(_judged(sound)),
        outliers=_outliers(_judged(sound)),
        tone=tone_consistency([Spoken(s.persona, s.goal, s.manner) for s in sound if s.manner is not None]),
        reliability=_reliability(sound),
        stable=sum(s.stability == "stable" for s in scenarios),
        flaky=tuple(s for s in scenarios if s.stability == "flaky"),
        failing=tuple(s for s in scenarios if s.stability == "failing"),
        unjudged=tuple(s for s in scenarios if s.stability == "unjudged"),
        use=_use(every),
    )


# ---------------------------------------------------------------- rates


def _judged(lines: Iterable[ConversationLine]) -> list[ConversationLine]:
    return [line for line in lines if line.outcome in ("pass", "fail")]


def _cluster(line: ConversationLine) -> str:
    return f"{line.scenario}@{line.target}"


def _rate(lines: Iterable[ConversationLine]) -> ClusteredRate:
    return _clustered((_cluster(line), line.outcome == "pass") for line in _judged(lines))


def _clustered(judged: Iterable[tuple[str, bool]]) -> ClusteredRate:
    by_cluster: dict[str, list[bool]] = {}
    for cluster, passed in judged:
        by_cluster.setdefault(cluster, []).append(passed)
    return clustered_rate(by_cluster)


def _plain_rate(lines: Sequence[ConversationLine]) -> Rate:
    judged = _judged(lines)
    return Rate.of(sum(line.outcome == "pass" for line in judged), len(judged))


def _outcomes(lines: Iterable[ConversationLine]) -> Outcomes:
    found = _count(line.outcome for line in lines)
    return Outcomes(
        passed=found.get("pass", 0), failed=found.get("fail", 0), unscored=found.get("unscored", 0), error=found.get("error", 0)
    )


def _count(values: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def worst_first(rate: ClusteredRate, name: str) -> tuple[bool, float, int, str]:
    """Lowest share first, of equal shares the one that rests on more; without a share last."""
    return (rate.value is None, rate.value or 0.0, -rate.rate.total, name)


# ---------------------------------------------------------------- slices

_KEYS: Mapping[SliceKind, Callable[[ConversationLine], str]] = {
    "persona": lambda line: line.persona,
    "segment": lambda line: line.segment,
    "goal": lambda line: line.goal,
    "target": lambda line: line.target,
}


def _slices(kind: SliceKind, every: Sequence[ConversationLine]) -> list[Slice]:
    key = _KEYS[kind]
    members: dict[str, list[ConversationLine]] = {}
    for line in every:
        if name := key(line):
            members.setdefault(name, []).append(line)
    whole = _plain_rate([line for line in every if not line.simulator_fault])
    raw = {name: _p_against_rest(lines, whole) for name, lines in members.items()}
    tested = [name for name, p in raw.items() if p is not None]
    adjusted = dict(zip(tested, benjamini_hochberg([p for p in raw.values() if p is not None]), strict=True))
    rows = [_slice(kind, name, lines, raw[name], adjusted.get(name)) for name, lines in members.items()]
    return sorted(rows, key=lambda row: worst_first(row.passed, row.name))


def _slice(kind: SliceKind, name: str, lines: Sequence[ConversationLine], p: float | None, adjusted: float | None) -> Slice:
    sound = [line for line in lines if not line.simulator_fault]
    return Slice(
        kind=kind,
        name=name,
        passed=_rate(sound),
        outcomes=_outcomes(sound),
        simulator_faults=len(lines) - len(sound),
        p=p,
        p_adjusted=adjusted,
    )


def _p_against_rest(lines: Sequence[ConversationLine], whole: Rate) -> float | None:
    own = _plain_rate([line for line in lines if not line.simulator_fault])
    rest = whole.total - own.total
    return fisher_exact(own.hits, own.total, whole.hits - own.hits, rest) if own.total and rest else None


def _criteria(sound: Sequence[ConversationLine]) -> tuple[CriterionSlice, ...]:
    found: dict[str, list[tuple[str, str]]] = {}
    gates: dict[str, bool] = {}
    for line in sound:
        for result in line.criteria:
            found.setdefault(result.criterion, []).append((_cluster(line), result.outcome))
            gates[result.criterion] = gates.get(result.criterion, False) or result.gate
    rows = [
        CriterionSlice(
            criterion=criterion,
            gate=gates[criterion],
            passed=_clustered((cluster, outcome == "pass") for cluster, outcome in results if outcome in ("pass", "fail")),
            outcomes=Outcomes(
                passed=sum(o == "pass" for _, o in results),
                failed=sum(o == "fail" for _, o in results),
                unscored=sum(o == "unscored" for _, o in results),
                error=sum(o == "error" for _, o in results),
            ),
        )
        for criterion, results in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: worst_first(row.passed, row.criterion)))


# ---------------------------------------------------------------- turns


def _turns(name: str, judged: Sequence[ConversationLine]) -> TurnsSlice:
    resolved, unresolved = _split(judged)
    return TurnsSlice(name=name, median=median_to_resolution(resolved, unresolved), resolved=len(resolved), unresolved=len(unresolved))


def _split(judged: Iterable[ConversationLine]) -> tuple[list[float], list[float]]:
    """Turns to resolution of those that were resolved, and the turns that the others had."""
    resolved: list[float] = []
    unresolved: list[float] = []
    for line in judged:
        turns = line.metrics.turns_to_resolution
        if turns is None:
            unresolved.append(line.metrics.agent_turns)
        else:
            resolved.append(turns)
    return resolved, unresolved


def _turns_by_persona(judged: Sequence[ConversationLine]) -> tuple[TurnsSlice, ...]:
    members: dict[str, list[ConversationLine]] = {}
    for line in judged:
        members.setdefault(line.persona, []).append(line)
    overall = _turns("all", judged).median
    p_values = [mann_whitney(_split(own)[0], _split(x for x in judged if x.persona != name)[0]) for name, own in members.items()]
    rows: list[TurnsSlice] = []
    for (name, own), adjusted in zip(members.items(), benjamini_hochberg(p_values), strict=True):
        row = _turns(name, own)
        ratio = row.median / overall if row.median is not None and overall else None
        rows.append(row.evolve(ratio=ratio, p_adjusted=adjusted if len(members) > 1 else None))
    return tuple(sorted(rows, key=lambda row: (-(row.median or math.inf), row.name)))


def _outliers(judged: Sequence[ConversationLine]) -> tuple[Outlier, ...]:
    resolved = {line.run_id: float(t) for line in judged if (t := line.metrics.turns_to_resolution) is not None}
    scenario_of = {line.run_id: _cluster(line) for line in judged}
    found = outliers(resolved, scenario_of)[:MOST_OUTLIERS]
    return tuple(Outlier(run_id=run, scenario=scenario_of[run], turns=turns, usual=usual) for run, turns, usual in found)


# ---------------------------------------------------------------- repeats


def _scenarios(sound: Sequence[ConversationLine]) -> list[ScenarioLine]:
    members: dict[tuple[str, str], list[ConversationLine]] = {}
    for line in sound:
        members.setdefault((line.scenario, line.target), []).append(line)
    rows = [_scenario(scenario, target, lines) for (scenario, target), lines in members.items()]
    return sorted(rows, key=lambda row: (row.passed / row.judged if row.judged else 1.0, -row.judged, row.scenario, row.target))


def _scenario(scenario: str, target: str, lines: Sequence[ConversationLine]) -> ScenarioLine:
    judged = _judged(lines)
    failed = [line for line in judged if line.outcome == "fail"]
    return ScenarioLine(
        scenario=scenario,
        target=target,
        stability=stability([line.outcome == "pass" for line in judged]),
        passed=len(judged) - len(failed),
        judged=len(judged),
        total=len(lines),
        run_ids=tuple(line.run_id for line in sorted(lines, key=lambda line: (line.outcome != "fail", line.index))),
        reason=failed[0].reason if failed else "",
    )


def _reliability(sound: Sequence[ConversationLine]) -> tuple[Reliability, ...]:
    by_scenario: dict[str, list[bool]] = {}
    for line in _judged(sound):
        by_scenario.setdefault(_cluster(line), []).append(line.outcome == "pass")
    rows: list[Reliability] = []
    for k in range(1, max(map(len, by_scenario.values()), default=0) + 1):
        enough = {name: runs for name, runs in by_scenario.items() if len(runs) >= k}
        value = pass_hat_k(enough, k)
        if value is not None and (k <= 5 or k in (8, 10, 16, 20, 32, 50, 64, 100)):
            rows.append(Reliability(k=k, value=value, scenarios=len(enough)))
    return tuple(rows)


# ---------------------------------------------------------------- use


def _use(every: Sequence[ConversationLine]) -> Use:
    middles = [line.metrics.latency_p50_ms for line in every if line.metrics.latency_p50_ms is not None]
    slowest = sorted(line.metrics.latency_max_ms for line in every if line.metrics.latency_max_ms is not None)
    return Use(
        latency_p50_ms=median(middles) if middles else None,
        latency_p95_ms=slowest[min(len(slowest) - 1, math.ceil(0.95 * len(slowest)) - 1)] if slowest else None,
        tokens=sum(line.tokens for line in every),
        usd=math.fsum(line.usd or 0.0 for line in every),
        unpriced=sum(line.usd is None for line in every),
        seconds=math.fsum(line.seconds for line in every),
    )
