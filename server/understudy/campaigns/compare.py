"""Two campaigns, or two targets of one, on the same scenarios: what newly fails, what newly passes, and whether it can be chance.

Pure. Scenarios are the pairs: each side's share of passes in a scenario, over the same persona, goal and seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from understudy.campaigns.stats.clusters import clustered_rate, wilson
from understudy.campaigns.stats.multiplicity import benjamini_hochberg
from understudy.campaigns.stats.paired import EProcess, bootstrap_mean, mcnemar_exact, sign_flip, within_scenarios
from understudy.campaigns.stats.power import needed_paired, smallest_difference
from understudy.domain.campaign import ConversationLine
from understudy.domain.errors import BadInput, Conflict
from understudy.domain.value import Value
from understudy.domain.verdict import Interval, Rate

__all__ = ["MUST_AGREE", "Comparison", "ComparisonVerdict", "Difference", "ScenarioChange", "SliceChange", "check_comparable", "compare"]

ComparisonVerdict = Literal["regressed", "improved", "no evidence", "underpowered"]
"""no evidence: a difference beyond the margin is excluded; underpowered: it is not, and none was shown either."""

MUST_AGREE = ("player", "user_model", "user_prompt", "rubric", "judge")
"""Versions that decide a score beside the agent: where they differ, the agents are not what is compared."""
ALPHA = 0.05
USUAL_DISCORDANCE = 0.2


class ScenarioChange(Value):
    """One scenario that came out differently."""

    scenario: str
    before: Rate
    after: Rate
    run_ids: tuple[str, ...]
    """Of the second side; failing ones first."""
    reason: str = ""
    """Of its first failure."""


class Difference(Value):
    """The second side's rate less the first's, over paired scenarios."""

    value: float
    interval: Interval
    """Between -1 and 1."""
    p: float
    test: Literal["mcnemar", "sign-flip"]


class SliceChange(Value):
    """The difference within one persona, goal or criterion."""

    kind: Literal["persona", "goal", "criterion"]
    name: str
    before: Rate
    after: Rate
    p: float
    p_adjusted: float
    """Over all slices of its kind (Benjamini and Hochberg)."""


class Comparison(Value):
    """What differs between two sides."""

    verdict: ComparisonVerdict
    margin: float
    """The difference that matters."""
    before: Rate
    after: Rate
    """Over the paired scenarios only."""
    difference: Difference | None
    """None when no scenario was judged on both sides."""
    pairs: int
    unpaired: int
    """Scenarios that only one side has, or has judged."""
    newly_failing: tuple[ScenarioChange, ...]
    newly_passing: tuple[ScenarioChange, ...]
    slices: tuple[SliceChange, ...]
    """Largest loss first."""
    smallest_difference: float | None
    """What so many pairs would show four times in five; None when they would show none."""
    pairs_needed: int
    """To see the margin."""
    evidence: float
    """That the second side is worse, as an e-value that may be looked at at any time; 20 is as strong as p = 0.05."""
    warnings: tuple[str, ...] = ()
    worse_on_these: float | None = None
    """The p-value that the second side does no worse on these very scenarios; None when nothing is paired. The verdict is about more:
    whether the agent does worse on scenarios like these."""
    stopped_early: str = ""
    """The evidence by which the second side was stopped before its end: the verdict is its. Interval and p-value do not hold then."""

    @property
    def shown_on_these(self) -> bool:
        """Whether the repeats show that the second side does worse on these very scenarios. One-sided, so at half of the level."""
        return self.worse_on_these is not None and self.worse_on_these < ALPHA / 2 and not self.stopped_early


def check_comparable(before: Mapping[str, str], after: Mapping[str, str], *, allow: bool = False) -> tuple[str, ...]:
    """What differs beside the agent, as warnings. Raises Conflict, naming each, unless `allow`."""
    differing = [name for name in MUST_AGREE if before.get(name) != after.get(name)]
    warnings = tuple(f"{name.replace('_', ' ')}: {before.get(name, 'none')} before, {after.get(name, 'none')} after" for name in differing)
    if warnings and not allow:
        raise Conflict(
            f"The two differ in more than the agent: {'; '.join(warnings)}. A changed score would not be the agent's. "
            "Run both again with the same, or compare all the same with allow_different"
        )
    return warnings


def compare(
    before: Iterable[ConversationLine],
    after: Iterable[ConversationLine],
    *,
    margin: float = 0.05,
    warnings: tuple[str, ...] = (),
    stopped_early: str = "",
    seed: int = 0,
) -> Comparison:
    """The comparison of two sides; `stopped_early` is the evidence by which the second was stopped for being worse.

    Raises BadInput for a margin outside 0 to 1, and when the sides share no scenario.
    """
    if not 0 < margin < 1:
        raise BadInput("margin", f"{margin} is no difference of rates", "Give a share between 0 and 1, such as 0.05")
    first, second = _by_scenario(before), _by_scenario(after)
    shared = sorted(first.keys() & second.keys())
    if not shared:
        raise BadInput("after", "the two have no scenario (persona and goal) in common", "Compare runs of the same personas and goals")
    judged = [name for name in shared if _judged(first[name]) and _judged(second[name])]
    pairs = [(_judged(first[name]), _judged(second[name])) for name in judged]
    difference = _difference(pairs, seed) if pairs else None
    changes = [_change(name, first[name], second[name]) for name in judged]
    wins = _discordant(pairs)
    return Comparison(
        verdict="regressed" if stopped_early else _verdict(difference, margin),
        margin=margin,
        before=_pooled(a for a, _ in pairs),
        after=_pooled(b for _, b in pairs),
        difference=difference,
        pairs=len(pairs),
        unpaired=len(first.keys() | second.keys()) - len(judged),
        newly_failing=_newly(changes, worse=True),
        newly_passing=_newly(changes, worse=False),
        slices=_slices(judged, first, second),
        smallest_difference=smallest_difference(len(pairs), discordant=_discordance(pairs)),
        pairs_needed=needed_paired(margin, discordant=max(margin, _discordance(pairs))),
        evidence=EProcess().add(wins),
        worse_on_these=within_scenarios(pairs) if pairs else None,
        warnings=warnings,
        stopped_early=stopped_early,
    )


# ---------------------------------------------------------------- scenarios


def _by_scenario(lines: Iterable[ConversationLine]) -> dict[str, list[ConversationLine]]:
    found: dict[str, list[ConversationLine]] = {}
    for line in sorted(lines, key=lambda line: (line.index, line.run_id)):
        if not line.simulator_fault:
            found.setdefault(line.scenario, []).append(line)
    return found


def _judged(lines: Sequence[ConversationLine]) -> list[bool]:
    return [line.outcome == "pass" for line in lines if line.outcome in ("pass", "fail")]


def _share(runs: Sequence[bool]) -> float:
    return sum(runs) / len(runs)


def _pooled(runs: Iterable[Sequence[bool]]) -> Rate:
    """Over all runs, with the interval that their scenarios leave: the same as the campaign's own where all of it is paired."""
    found = clustered_rate({str(number): one for number, one in enumerate(runs)})
    return found.rate.evolve(interval=found.interval)


def _change(name: str, before: Sequence[ConversationLine], after: Sequence[ConversationLine]) -> ScenarioChange:
    was, now = _judged(before), _judged(after)
    failed = [line for line in after if line.outcome == "fail"]
    ordered = sorted(after, key=lambda line: (line.outcome != "fail", line.index))
    return ScenarioChange(
        scenario=name,
        before=Rate.of(sum(was), len(was)),
        after=Rate.of(sum(now), len(now)),
        run_ids=tuple(line.run_id for line in ordered),
        reason=failed[0].reason if failed else "",
    )


def _newly(changes: Sequence[ScenarioChange], *, worse: bool) -> tuple[ScenarioChange, ...]:
    """Scenarios in which most runs passed before and do not now, or the other way round; the largest change first."""

    def mostly(rate: Rate) -> bool:
        return (rate.value or 0.0) > 0.5

    crossed = [c for c in changes if mostly(c.before) is worse and mostly(c.after) is not worse]
    return tuple(sorted(crossed, key=lambda c: (-abs((c.after.value or 0.0) - (c.before.value or 0.0)), c.scenario)))


# ---------------------------------------------------------------- the difference


def _difference(pairs: Sequence[tuple[list[bool], list[bool]]], seed: int) -> Difference:
    differences = [_share(b) - _share(a) for a, b in pairs]
    value = sum(differences) / len(differences)
    low, high = _interval(differences, seed)
    interval = Interval(low=low, high=high)
    if all(len(a) == len(b) == 1 for a, b in pairs):
        p = mcnemar_exact(sum(d < 0 for d in differences), sum(d > 0 for d in differences))
        return Difference(value=value, interval=interval, p=p, test="mcnemar")
    return Difference(value=value, interval=interval, p=sign_flip(differences, seed=seed), test="sign-flip")


def _interval(differences: Sequence[float], seed: int) -> tuple[float, float]:
    """The bootstrap's; never narrower than what so many pairs without any change leave open (Wilson's bound of zero in n)."""
    low, high = bootstrap_mean(differences, seed=seed)
    middle = sum(differences) / len(differences)
    # What no pair showed may still happen in a share of them.
    open_share = wilson(0.0, len(differences)).high
    return max(-1.0, min(low, middle - open_share)), min(1.0, max(high, middle + open_share))


def _verdict(difference: Difference | None, margin: float) -> ComparisonVerdict:
    if difference is None:
        return "underpowered"
    if difference.p < ALPHA:
        return "regressed" if difference.value < 0 else "improved"
    within = -margin < difference.interval.low and difference.interval.high < margin
    return "no evidence" if within else "underpowered"


def _discordant(pairs: Iterable[tuple[list[bool], list[bool]]]) -> list[bool]:
    """For each pair that differs, whether the second side did worse; in the order of the scenarios' names."""
    return [_share(b) < _share(a) for a, b in pairs if _share(a) != _share(b)]


def _discordance(pairs: Sequence[tuple[list[bool], list[bool]]]) -> float:
    """The share of scenarios that differ, at least what is usual: few pairs show little of it."""
    return max(USUAL_DISCORDANCE, len(_discordant(pairs)) / len(pairs)) if pairs else USUAL_DISCORDANCE


# ---------------------------------------------------------------- slices


def _slices(
    judged: Sequence[str], first: Mapping[str, Sequence[ConversationLine]], second: Mapping[str, Sequence[ConversationLine]]
) -> tuple[SliceChange, ...]:
    keys: dict[Literal["persona", "goal", "criterion"], Callable[[ConversationLine], list[tuple[str, bool]]]] = {
        "persona": lambda line: _whole(line, line.persona),
        "goal": lambda line: _whole(line, line.goal),
        "criterion": lambda line: [(c.criterion, c.outcome == "pass") for c in line.criteria if c.outcome in ("pass", "fail")],
    }
    rows: list[SliceChange] = []
    for kind, key in keys.items():
        found: dict[str, list[tuple[list[bool], list[bool]]]] = {}
        for name in judged:
            was, now = _grouped(first[name], key), _grouped(second[name], key)
            for slice_name in was.keys() & now.keys():
                found.setdefault(slice_name, []).append((was[slice_name], now[slice_name]))
        names = sorted(found)
        p_values = [sign_flip([_share(b) - _share(a) for a, b in found[name]]) for name in names]
        for name, p, adjusted in zip(names, p_values, benjamini_hochberg(p_values), strict=True):
            before, after = _pooled(a for a, _ in found[name]), _pooled(b for _, b in found[name])
            rows.append(SliceChange(kind=kind, name=name, before=before, after=after, p=p, p_adjusted=adjusted))
    return tuple(sorted(rows, key=lambda row: ((row.after.value or 0.0) - (row.before.value or 0.0), row.kind, row.name)))


def _whole(line: ConversationLine, name: str) -> list[tuple[str, bool]]:
    return [(name, line.outcome == "pass")] if line.outcome in ("pass", "fail") else []


def _grouped(lines: Iterable[ConversationLine], key: Callable[[ConversationLine], list[tuple[str, bool]]]) -> dict[str, list[bool]]:
    found: dict[str, list[bool]] = {}
    for line in lines:
        for name, passed in key(line):
            found.setdefault(name, []).append(passed)
    return found
