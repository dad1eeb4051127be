"""The driver: records before every step, resumes after a kill, keeps the time limit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import anyio
import pytest
from conversation_kit import BILL, MOVE, Limits, hear, make_goal, make_persona, make_scenario

from understudy.domain.conversation import Brief, Event, Move, Opened, Reply, Stopped, TargetFailure, TargetReplied
from understudy.domain.errors import Fenced, TargetError
from understudy.domain.scenario import Scenario
from understudy.domain.transcript import Transcript
from understudy.ports import TargetRequest
from understudy.simulation import drive as driving
from understudy.simulation.conversation import Conversation, pending, replay, start
from understudy.simulation.drive import drive
from understudy.simulation.players.script import ScriptPlayer

HEARD = [
    {"acts": ["asks_known"], "asked": ["name"]},
    {"acts": ["confirms"], "met": ["move"]},
    {"acts": ["informs"], "met": ["bill"]},
    {"acts": ["closes"]},
]
SCENARIO = make_scenario(make_persona(traits=("changes_mind", "polite")), make_goal(steps=(MOVE, BILL)), seed=4)


class Obedient:
    version = "obedient/1"

    async def play(self, brief: Brief) -> Move:
        return Move(kind=brief.direction.move, message=f"So, {'abcdefgh'[brief.number]} it is, please.")


class Desk:
    """A target that answers from `HEARD` by the length of the history, and remembers what it was asked."""

    name, kind, needs_session = "desk", "fake", False

    def __init__(self) -> None:
        self.requests: list[TargetRequest] = []

    async def reply(self, request: TargetRequest) -> Reply:
        self.requests.append(request)
        n = len(request.turns) // 2
        return Reply(text=f"Answer {n}", state={"heard": HEARD[n]}, session="s-1")

    async def aclose(self) -> None:
        return None


class Log:
    """An event log, that can stop the world before or after an append."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.events: list[Event] = []
        self.stop_after = stop_after

    async def __call__(self, events: Sequence[Event]) -> None:
        self.events.extend(events)
        if self.stop_after is not None and len(self.events) >= self.stop_after:
            raise asyncio.CancelledError


def ticking(step: float = 0.25) -> Callable[[], float]:
    now = [1000.0]

    def clock() -> float:
        now[0] += step
        return now[0]

    return clock


async def run(
    log: Log, *, scenario: Scenario = SCENARIO, player: object = None, target: object = None, clock: Callable[[], float] = lambda: 0.0
) -> Conversation:
    state = replay(scenario, log.events, hear)
    with anyio.fail_after(10):
        return await drive(
            state,
            player or Obedient(),
            target or Desk(),
            run_id="r-1",
            record=log,
            clock=clock,
            hear=hear,  # type: ignore[arg-type]
        )


async def test_a_conversation_runs_to_its_end_and_every_event_is_recorded() -> None:
    log, desk = Log(), Desk()
    end = await run(log, target=desk)
    assert end.ending is not None
    assert end.ending.kind == "goal_reached"
    assert [type(e).__name__ for e in log.events] == ["Opened", *["PlayerMoved", "TargetReplied"] * 4]
    assert replay(SCENARIO, log.events, hear) == end
    assert [r.session for r in desk.requests] == [None, "s-1", "s-1", "s-1"]
    assert [len(r.turns) for r in desk.requests] == [1, 3, 5, 7]
    assert {r.run_id for r in desk.requests} == {"r-1"}


async def test_the_event_is_recorded_before_the_next_step_begins() -> None:
    order: list[str] = []

    class Watched(Desk):
        async def reply(self, request: TargetRequest) -> Reply:
            order.append("target")
            return await super().reply(request)

    class Player(Obedient):
        async def play(self, brief: Brief) -> Move:
            order.append("player")
            return await super().play(brief)

    class Writing(Log):
        async def __call__(self, events: Sequence[Event]) -> None:
            await super().__call__(events)
            await asyncio.sleep(0)
            order.append(type(events[-1]).__name__)

    await run(Writing(), player=Player(), target=Watched())
    assert order == ["Opened", *["player", "PlayerMoved", "target", "TargetReplied"] * 4]


@pytest.mark.parametrize("kill_after", range(1, 10))
async def test_killed_after_any_record_it_goes_on_from_the_log_and_ends_the_same(kill_after: int) -> None:
    whole = Log()
    expected = await run(whole)
    log = Log(stop_after=kill_after)
    with pytest.raises(asyncio.CancelledError):
        await run(log)
    assert len(log.events) == kill_after
    log.stop_after = None
    desk = Desk()
    end = await run(log, target=desk)
    assert end == expected
    assert log.events == whole.events
    # Nothing that was answered before the kill is asked again.
    assert len(desk.requests) == sum(isinstance(e, TargetReplied) for e in whole.events[kill_after:])


async def test_a_finished_conversation_is_left_alone() -> None:
    log = Log()
    end = await run(log)
    before = len(log.events)
    assert await run(log) == end
    assert len(log.events) == before


async def test_a_cancelled_call_leaves_nothing_behind_and_resumes() -> None:
    called = asyncio.Event()

    class Hanging(Desk):
        async def reply(self, request: TargetRequest) -> Reply:
            called.set()
            await anyio.sleep_forever()
            raise AssertionError

    log = Log()
    task = asyncio.create_task(run(log, target=Hanging()))
    with anyio.fail_after(5):
        await called.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [type(e).__name__ for e in log.events] == ["Opened", "PlayerMoved"]
    end = await run(log)
    assert end.ending is not None
    assert end.ending.kind == "goal_reached"


async def test_a_target_error_is_kept_as_a_failure() -> None:
    failure = TargetFailure(kind="refused", detail="http://127.0.0.1:9 refused the connection.")

    class Dead(Desk):
        async def reply(self, request: TargetRequest) -> Reply:
            raise TargetError(failure)

    end = await run(Log(), target=Dead())
    assert end.ending is not None
    assert (end.ending.kind, end.ending.failure) == ("target_failed", failure)


async def test_whatever_a_player_raises_is_the_simulators_failure_with_type_and_message() -> None:
    class Broken(Obedient):
        async def play(self, brief: Brief) -> Move:
            raise KeyError("phrase bank")

    end = await run(Log(), player=Broken())
    assert end.ending is not None
    assert end.ending.kind == "simulator_failed"
    assert end.ending.detail == "KeyError: 'phrase bank'"


async def test_an_error_of_the_log_goes_to_the_caller() -> None:
    async def fenced(events: Sequence[Event]) -> None:
        raise Fenced("store", "another worker has it")

    with pytest.raises(Fenced):
        await drive(start(SCENARIO), Obedient(), Desk(), run_id="r", record=fenced, clock=lambda: 0.0, hear=hear)


async def test_the_time_limit_cuts_the_call_under_way() -> None:
    class Slow(Desk):
        cancelled = False

        async def reply(self, request: TargetRequest) -> Reply:
            try:
                await anyio.sleep_forever()
            except asyncio.CancelledError:
                self.cancelled = True
                raise
            raise AssertionError

    slow, log = Slow(), Log()
    end = await run(log, scenario=SCENARIO.replace(limits=Limits(max_seconds=0.02)), target=slow)
    assert slow.cancelled
    assert end.ending is not None
    assert end.ending.kind == "time_limit"
    assert isinstance(log.events[-1], Stopped)
    assert "`desk`" in end.ending.detail


async def test_time_runs_by_the_clock_that_is_passed_in_and_pauses_while_nobody_drives() -> None:
    log = Log(stop_after=5)
    with pytest.raises(asyncio.CancelledError):
        await run(log, clock=ticking())
    log.stop_after = None
    end = await run(log, clock=ticking(0.5))
    times = [t.at for t in end.turns]
    assert times == sorted(times)
    assert times[-1] < 10
    limited = SCENARIO.replace(limits=Limits(max_seconds=2))
    cut = await run(Log(), scenario=limited, clock=ticking(0.5))
    assert cut.ending is not None
    assert cut.ending.kind == "time_limit"


async def test_last_words_have_their_time_even_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    class Late(Desk):
        async def reply(self, request: TargetRequest) -> Reply:
            now[0] += 3.0
            return await super().reply(request)

    class Thinking(Obedient):
        async def play(self, brief: Brief) -> Move:
            now[0] += 1.0 if brief.direction.move == "satisfied" else 0.0
            return await super().play(brief)

    limited = SCENARIO.replace(limits=Limits(max_seconds=9.5))
    end = await run(Log(), scenario=limited, player=Thinking(), target=Late(), clock=lambda: now[0])
    assert end.ending is not None
    assert end.ending.kind == "goal_reached"
    assert [t.at for t in end.turns[-2:]] == [10.0, 13.0]
    monkeypatch.setattr(driving, "LAST_WORDS_SECONDS", 0.01)

    class Hangs(Desk):
        async def reply(self, request: TargetRequest) -> Reply:
            if len(request.turns) == 7:
                await anyio.sleep_forever()
            return await super().reply(request)

    now[0] = 0.0
    end = await run(Log(), target=Hangs(), scenario=SCENARIO.replace(limits=Limits(max_seconds=0.05)))
    assert end.ending is not None
    assert end.ending.kind == "goal_reached"


async def test_an_agent_that_speaks_first_is_called_with_no_turns() -> None:
    class Greeter(Desk):
        async def reply(self, request: TargetRequest) -> Reply:
            self.requests.append(request)
            heard = {"acts": ["greets"]} if not request.turns else {"acts": ["confirms"], "met": ["move", "bill"]}
            return Reply(text=f"Hello {len(request.turns)}", state={"heard": heard})

    greeter = Greeter()
    end = await run(Log(), scenario=SCENARIO.replace(opens="agent"), target=greeter)
    assert greeter.requests[0].turns == ()
    assert end.turns[0].role == "agent"
    assert end.ending is not None
    assert end.ending.kind == "goal_reached"


async def test_opened_is_recorded_once() -> None:
    log = Log(stop_after=1)
    with pytest.raises(asyncio.CancelledError):
        await run(log)
    log.stop_after = None
    await run(log)
    assert sum(isinstance(e, Opened) for e in log.events) == 1


# ---------------------------------------------------------------- scripts


async def test_a_script_is_played_line_by_line_and_ends_satisfied_after_the_last() -> None:
    scenario = SCENARIO.replace(player="script")
    lines = ("I want to move my check-up to another day", " ", "My order is 99812", "Thanks, bye")
    end = await run(Log(), scenario=scenario, player=ScriptPlayer(lines))
    assert [t.text for t in end.turns if t.role == "user"] == [lines[0], lines[2], lines[3]]
    assert [t.move for t in end.turns if t.role == "user"] == ["continue", "continue", "satisfied"]
    assert end.turns[-1].role == "agent"
    assert end.ending is not None
    assert end.ending.kind == "goal_reached"


async def test_a_scripted_line_counts_for_the_sub_goal_that_it_is_about() -> None:
    scenario = SCENARIO.replace(player="script")
    lines = ("My last bill was so high, why?", "Hello? Anybody there?", "Bye")
    end = await run(Log(), scenario=scenario, player=ScriptPlayer(lines))
    bill = end.ledger.goal("bill")
    assert bill is not None
    assert bill.asked >= 1


async def test_a_recorded_conversation_is_played_with_the_moves_that_were_recorded() -> None:
    recorded = await run(Log())
    transcript = Transcript(
        run_id="r", scenario=SCENARIO, turns=recorded.turns, ledger=recorded.ledger, ending=recorded.ending, started_at=0.0
    )
    again = await run(Log(), scenario=SCENARIO.replace(player="script"), player=ScriptPlayer.from_transcript(transcript))
    assert [(t.text, t.move) for t in again.turns] == [(t.text, t.move) for t in recorded.turns]


@pytest.mark.parametrize("language", ["en", "de", "es"])
async def test_a_script_without_lines_says_goodbye_and_gives_up(language: str) -> None:
    scenario = make_scenario(make_persona(language=language), player="script")
    end = await run(Log(), scenario=scenario, player=ScriptPlayer(()))
    assert end.ending is not None
    assert end.ending.kind == "gave_up"
    assert end.turns[0].text


def test_pending_after_replay_is_the_step_that_was_under_way() -> None:
    state = start(SCENARIO)
    assert pending(replay(SCENARIO, [], hear)) == pending(state)


async def test_last_words_that_the_target_did_not_take_stay_on_record() -> None:
    from understudy.simulation.players.script import ScriptPlayer
    from understudy.testing.fake_target import FakeTarget

    scenario = make_scenario().replace(player="script", script=("Hello", "Bye"))
    recorded: list[Event] = []

    async def record(events: Sequence[Event]) -> None:
        recorded.extend(events)

    target = FakeTarget(["Hi."], failures={1: "http_5xx"})
    state = await drive(start(scenario), ScriptPlayer(["Hello", "Bye"]), target, run_id="r", record=record, clock=lambda: 0.0)
    assert state.ending is not None
    assert state.ending.kind == "goal_reached"
    assert state.ending.failure is not None
    assert "did not take the last words" in state.ending.detail
