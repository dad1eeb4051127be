"""A run whose simulated user misbehaved is played again, with another seed, up to a limit; never twice for the same run.

The rerun has an id that follows from the first one's, and an idempotency key: whoever comes first starts it, and whoever comes again,
after a crash too, finds it.
"""

from __future__ import annotations

from understudy.app.context import App
from understudy.app.verdicts import ensure_verdict
from understudy.domain.conversation import Ending
from understudy.domain.errors import NotFound
from understudy.ports import RunRecord
from understudy.simulation.seeds import derive

__all__ = ["follow_up", "rerun_id"]

_SEED_BITS = 0x7FFF_FFFF


def rerun_id(record: RunRecord) -> str:
    """The id of the run that is played in this one's place: `run_ab12-r1`, then `run_ab12-r2`."""
    first = record.id.removesuffix(f"-r{record.scenario.rerun}") if record.scenario.rerun else record.id
    return f"{first}-r{record.scenario.rerun + 1}"


async def follow_up(app: App, run_id: str) -> str | None:
    """Audit a finished run that a model played, and play it again when it has to be. The id of the rerun, or None. Raises NotFound."""
    store = await app.store()
    record = await store.run(run_id)
    if record is None:
        raise NotFound("run", run_id)
    if record.status != "finished" or record.scenario.player != "model" or record.scenario.by_hand:
        return None
    if (known := await store.run(rerun_id(record))) is not None:
        return known.id
    if record.scenario.rerun >= app.settings.defaults.reruns or not (await ensure_verdict(app, run_id, record)).invalid:
        return None
    played = await store.played(run_id)
    if played is None or not _worth_it(played.ending):
        return None
    from understudy.app.runs import start  # which looks for reruns itself

    scenario = record.scenario
    again = scenario.evolve(
        seed=derive(scenario.seed, "rerun", scenario.rerun + 1) & _SEED_BITS, rerun_of=record.id, rerun=scenario.rerun + 1
    )
    begun = await start(app, again, idempotency_key=f"rerun:{record.id}", run_id=rerun_id(record))
    return begun.id


def _worth_it(ending: Ending) -> bool:
    """A model that cannot be reached, or that will not play the persona, gives nothing the second time either."""
    return ending.kind != "simulator_failed" or not any(kind in ending.detail for kind in ("[unreachable]", "[refused]", "BadInput"))
