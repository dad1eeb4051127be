"""Counts of one conversation, and rates over many with what they leave out."""

from __future__ import annotations

from typing import Any

import pytest
from judging_builders import agent, entry, goal, transcript, user, verdict_on

from understudy.domain.checks import Completed, NeverEmpty, StateIs
from understudy.domain.conversation import Attempt, Ending, TargetFailure
from understudy.domain.transcript import Transcript
from understudy.domain.verdict import Metrics, Verdict
from understudy.judging.case import Case
from understudy.judging.metrics import measure, percentile
from understudy.judging.rates import aggregate, escalation_rates, newest

RETRY = (Attempt(kind="http_5xx", detail="500", seconds=0.1),)


def test_counts_of_a_conversation() -> None:
    case = transcript(
        agent("Welcome.", latency_ms=10),
        user(frustration=1, rejected=("role flip",)),
        agent("", latency_ms=30, attempts=RETRY),
        user(frustration=3),
        agent("Done.", latency_ms=20, met=("move",), state={"day": "Friday"}),
        user("And the fee?"),
        agent("Bye.", latency_ms=40, state={"day": "Friday"}),
        goal_=goal(StateIs(path="day", equals="Friday"), side=("fee",)),
        entries=(entry(changed_at=4), entry("fee", "asked", side=True)),
    )
    assert measure(Case(case)) == Metrics(
        user_turns=3,
        agent_turns=4,
        steps_met=1,
        steps_total=1,
        side_met=0,
        side_total=1,
        ledger_complete=True,
        state_complete=True,
        turns_to_resolution=2,
        escalation="tn",
        trigger_turn=None,
        handoff_turn=None,
        latency_p50_ms=25.0,
        latency_max_ms=40.0,
        empty_replies=1,
        failed_attempts=1,
        frustration_peak=3,
        guard_rejections=1,
    )


def test_what_has_no_meaning_is_none() -> None:
    found = measure(Case(transcript(user(), agent(no_reply=True), entries=(entry("move", "asked"),))))
    assert (found.turns_to_resolution, found.latency_p50_ms, found.state_complete) == (None, None, None)
    assert found.ledger_complete is False


def test_a_ledger_without_steps_is_not_complete() -> None:
    case = transcript(user(), agent(), entries=(entry("fee", "met", side=True),))
    assert measure(Case(case)).ledger_complete is False


@pytest.mark.parametrize(("values", "share", "wanted"), [([], 0.5, None), ([3], 0.5, 3), ([1, 3], 0.5, 2), ([4, 1, 2, 3], 1.0, 4)])
def test_percentiles(values: list[float], share: float, wanted: float | None) -> None:
    assert percentile(values, share) == wanted


# ---------------------------------------------------------------- rates


def one(run: str, *, met: bool = True, ending: Ending | None = None, at: float = 5.0) -> Verdict:
    status = "met" if met else "asked"
    case: Transcript = transcript(
        user(),
        agent("Done."),
        entries=(entry("move", status, changed_at=1),),
        run_id=run,
        ending=ending or Ending(kind="goal_reached", cause="user"),
    )
    return verdict_on(case, Completed(), NeverEmpty(), StateIs(path="a")).evolve(at=at)


BROKEN = Ending(kind="target_failed", cause="target", failure=TargetFailure(kind="timeout", detail="late"))
SIMULATOR = Ending(kind="simulator_failed", cause="simulator")


def test_rates_never_hide_what_could_not_be_judged() -> None:
    verdicts = [one("a"), one("b", met=False), one("c", ending=BROKEN), one("d", ending=SIMULATOR)]
    found = aggregate(verdicts, persona_of=dict.fromkeys("abcd", "maria"))
    assert (found.outcomes.passed, found.outcomes.failed, found.outcomes.unscored, found.outcomes.error) == (1, 1, 1, 1)
    assert (found.overall.hits, found.overall.total) == (1, 2)
    by_id = {c.criterion: c for c in found.criteria}
    assert [(by_id[i].judged, by_id[i].total, by_id[i].unscored, by_id[i].error) for i in ("completed", "never_empty", "state")] == [
        (2, 4, 1, 1),
        (2, 4, 1, 1),
        (0, 4, 3, 1),
    ]
    assert by_id["state"].rate.value is None
    assert found.criteria[0].criterion == "completed"
    assert found.criteria[-1].criterion == "state"


def test_the_worst_persona_comes_first_and_one_with_nothing_judged_last() -> None:
    verdicts = [one("a"), one("b"), one("c", met=False), one("d"), one("e", met=False), one("f", ending=SIMULATOR)]
    persona_of = {"a": "good", "b": "good", "c": "mixed", "d": "mixed", "e": "bad", "f": "unknown"}
    found = aggregate(verdicts, persona_of=persona_of)
    assert [(s.slice, s.rate.value) for s in found.personas] == [("bad", 0.0), ("mixed", 0.5), ("good", 1.0), ("unknown", None)]
    assert sum(s.outcomes.total for s in found.personas) == found.outcomes.total == 6


def test_a_run_judged_again_counts_once_by_its_newest_verdict() -> None:
    verdicts = [one("a", met=False, at=1), one("a", met=True, at=2), one("b", met=False, at=9)]
    assert [(v.run_id, v.outcome) for v in newest(verdicts)] == [("a", "pass"), ("b", "fail")]
    assert aggregate(verdicts, persona_of={"a": "p", "b": "p"}).outcomes.total == 2


def test_intervals_are_wilsons_and_twenty_of_twenty_is_not_certainty() -> None:
    verdicts = [one(str(i)) for i in range(20)]
    found = aggregate(verdicts, persona_of={v.run_id: "p" for v in verdicts}).overall
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((1 - 0.161, 1.0), abs=5e-4)


def with_class(name: str) -> Metrics:
    body: dict[str, Any] = measure(Case(transcript(user(), agent()))).model_dump()
    return Metrics(**{**body, "escalation": name})


def test_the_published_confusion_matrix_gives_the_published_rates() -> None:
    counts = {"tp": 6, "fn": 10, "fp": 42, "tn": 142, "excluded": 3}
    found = escalation_rates(with_class(name) for name, n in counts.items() for _ in range(n))
    assert found.recall.value == pytest.approx(0.375)
    assert found.precision.value == pytest.approx(0.125)
    assert found.unnecessary.value == pytest.approx(1 - 0.772, abs=5e-4)
    assert found.balanced_accuracy == pytest.approx(0.573, abs=5e-4)
    assert (found.excluded, found.recall.total, found.unnecessary.total) == (3, 16, 184)


def test_a_late_hand_over_lowers_recall_and_rates_without_denominator_are_none() -> None:
    found = escalation_rates([with_class("tp"), with_class("late")])
    assert (found.late, found.recall.value, found.unnecessary.value, found.balanced_accuracy) == (1, 0.5, None, None)


def test_a_median_of_turns_is_given_only_while_few_are_censored() -> None:
    def turns(open_runs: int) -> Any:
        verdicts = [one(f"m{i}") for i in range(8)] + [one(f"o{i}", met=False) for i in range(open_runs)]
        return aggregate(verdicts, persona_of={v.run_id: "p" for v in verdicts}).turns

    assert (turns(2).median, turns(2).censored) == (1, 2)
    assert (turns(3).median, turns(3).resolved, turns(3).censored) == (None, 8, 3)


def test_heard_is_not_needed_to_measure() -> None:
    case = transcript(user(), {**agent(), "heard": None})
    assert measure(Case(case)).agent_turns == 1
