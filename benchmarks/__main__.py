"""`python -m benchmarks [cold-start] [turns] [store] [definitions] [models] [prompts] [scale] [campaign]`: all of them without a name.

Options go to the one benchmark that is named: `python -m benchmarks scale --processes 2`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks import campaign, cold_start, definitions, models, prompts, scale, store, turns

BENCHMARKS: dict[str, Callable[[], None]] = {
    "definitions": definitions.run,
    "cold-start": cold_start.run,
    "turns": turns.run,
    "store": store.run,
    "models": models.run,
    "prompts": prompts.run,
    "scale": scale.run,
    "campaign": campaign.run,
}
WITH_OPTIONS: dict[str, Callable[[list[str]], None]] = {"scale": scale.run, "campaign": campaign.run}


def main(given: list[str]) -> int:
    """Run the benchmarks named and print a table each."""
    if given and given[0] in WITH_OPTIONS and any(word.startswith("-") for word in given):
        WITH_OPTIONS[given[0]](given[1:])
        return 0
    if unknown := [name for name in given if name not in BENCHMARKS]:
        print(f"No benchmark {unknown[0]!r}. Known: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in given or list(BENCHMARKS):
        print(f"## {name}\n")
        BENCHMARKS[name]()
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
