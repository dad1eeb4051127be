"""Runs the step machine against a player and a target, and records every event before the next step is taken.

Nothing is held here that is not recorded: after a kill or a cancellation, `replay` of the recorded events and `drive`
again go on where it stopped, and only the call that was under way is made a second time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import anyio

from understudy.domain.conversation import (
    AskPlayer,
    Effect,
    Ended,
    Event,
    Opened,
    PlayerFailed,
    PlayerMoved,
    SendToTarget,
    Stopped,
    TargetFailed,
    TargetReplied,
)
from understudy.domain.errors import TargetError
from understudy.ports import Player, Target, TargetRequest
from understudy.simulation.conversation import Conversation, Hear, advance, pending

__all__ = ["LAST_WORDS_SECONDS", "drive"]

LAST_WORDS_SECONDS = 20.0
"""Time that the delivery of a user's last words has at least, when the time limit is near or past."""


async def drive(
    state: Conversation,
    player: Player,
    target: Target,
    *,
    run_id: str,
    record: Callable[[Sequence[Event]], Awaitable[None]],
    clock: Callable[[], float],
    hear: Hear | None = None,
    until: Callable[[Effect], bool] | None = None,
) -> Conversation:
    """Take the conversation to its end, or to the first effect of which `until` holds and which is left to others, and return it.

    `record` has returned before the next step begins; what it raises goes to the caller. `clock` counts seconds from
    anywhere; time while nobody drives does not count against the limit. The time limit cancels the call under way. A
    failing target and a failing player are recorded as events; cancellation goes through, and what was recorded resumes.
    """
    origin = clock() - state.at

    async def take(event: Event) -> tuple[Conversation, Effect]:
        await record((event,))
        after, (effect,) = advance(state, event, hear)
        return after, effect

    effect = pending(state)
    if not state.opened and not isinstance(effect, Ended):
        state, effect = await take(Opened())
    while not isinstance(effect, Ended) and not (until and until(effect)):
        state, effect = await take(await _perform(state, effect, player, target, run_id, lambda: clock() - origin))
    return state


async def _perform(
    state: Conversation, effect: AskPlayer | SendToTarget, player: Player, target: Target, run_id: str, elapsed: Callable[[], float]
) -> Event:
    """Do what the effect asks for, within the time that is left."""
    limit = state.scenario.limits.max_seconds
    left = limit - elapsed()
    if isinstance(effect, SendToTarget) and effect.last_words:
        left = max(left, LAST_WORDS_SECONDS)
    event: Event | None = None
    if left > 0:
        with anyio.move_on_after(left):
            if isinstance(effect, AskPlayer):
                event = await _ask(player, effect, elapsed)
            else:
                event = await _send(state, target, run_id, elapsed)
    if event is not None:
        return event
    whom = "the player" if isinstance(effect, AskPlayer) else f"the target `{target.name}`"
    return Stopped(why="time_limit", detail=f"The limit of {limit:g} seconds was reached while waiting for {whom}.", at=elapsed())


async def _ask(player: Player, effect: AskPlayer, elapsed: Callable[[], float]) -> Event:
    try:
        move = await player.play(effect.brief)
    except Exception as e:  # the boundary of a player: whatever it raises is the simulator's failure, kept as a value
        return PlayerFailed(detail=f"{type(e).__name__}: {e}", at=elapsed())
    return PlayerMoved(move=move, at=elapsed())


async def _send(state: Conversation, target: Target, run_id: str, elapsed: Callable[[], float]) -> Event:
    try:
        reply = await target.reply(TargetRequest(run_id=run_id, turns=state.turns, session=state.session))
    except TargetError as e:
        return TargetFailed(failure=e.failure, at=elapsed())
    return TargetReplied(reply=reply, at=elapsed())
