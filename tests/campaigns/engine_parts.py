"""Scenarios, targets and engines for the tests of the engine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from understudy.campaigns.embedded import Embedded
from understudy.domain.conversation import Reply
from understudy.domain.errors import NotFound
from understudy.domain.goal import Goal, SubGoal
from understudy.domain.persona import Intents, Persona
from understudy.domain.scenario import Scenario
from understudy.ports import Player, Store, Target, TargetRequest
from understudy.simulation.players.script import ScriptPlayer
from understudy.testing.fake_target import FakeTarget

LINES = ("I would like a visit.", "On Monday, please.", "At nine.", "Thank you, bye.")
PERSONA = Persona(id="ana", name="Ana", company="Clinic", profile="I have a sore knee.", intents=Intents(primary="Book a visit"))
GOAL = Goal(id="book", title="Book", steps=(SubGoal(id="visit", say="I would like a visit."),))


def scenario(*lines: str, target: str = "clinic") -> Scenario:
    return Scenario(persona=PERSONA, goal=GOAL, target=target, player="script", script=lines or LINES)


def script_player(_: str, of: Scenario) -> Player:
    return ScriptPlayer(of.script)


class HeldTarget(FakeTarget):
    """Answers at once until call number `hold_at`, and that one and all later ones when it is let go."""

    def __init__(self, hold_at: int = 0, *, needs_session: bool = False) -> None:
        super().__init__(("Hello there.", "Which day?", "What time?", "It is noted."), needs_session=needs_session)
        self.hold_at = hold_at
        self.held = asyncio.Event()
        self.let_go = asyncio.Event()
        self.now = 0
        self.most = 0

    async def reply(self, request: TargetRequest) -> Reply:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            if len(self.calls) >= self.hold_at:
                self.calls.append(request)
                self.held.set()
                await self.let_go.wait()
                self.calls.pop()
            return await super().reply(request)
        finally:
            self.now -= 1


def engine(
    store: Store,
    target: Target | None = None,
    *,
    owner: str = "elsewhere:1:a",
    player_for: Callable[[str, Scenario], Player] = script_player,
    clock: Callable[[], float] = time.time,
    concurrency: int = 64,
    lease_ttl: float = 15.0,
    on_change: Callable[[str], Awaitable[None]] | None = None,
) -> Embedded:
    """An engine that knows one target, `clinic`."""
    the_target = target or FakeTarget()

    async def target_for(name: str) -> Target:
        if name != "clinic":
            raise NotFound("target", name, ["clinic"])
        return the_target

    return Embedded(
        store,
        player_for=player_for,
        target_for=target_for,
        clock=clock,
        owner=owner,
        concurrency=concurrency,
        lease_ttl=lease_ttl,
        on_change=on_change,
    )
