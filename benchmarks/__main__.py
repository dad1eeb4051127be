"""`python -m benchmarks [cold-start] [turns] [store] [definitions] [models] [prompts]`: all of them without a name."""

from __future__ import annotations

import sys

from benchmarks import cold_start, definitions, models, prompts, store, turns

BENCHMARKS = {
    "definitions": definitions.run,
    "cold-start": cold_start.run,
    "turns": turns.run,
    "store": store.run,
    "models": models.run,
    "prompts": prompts.run,
}


def main(names: list[str]) -> int:
    """Run the benchmarks named and print a table each."""
    if unknown := [name for name in names if name not in BENCHMARKS]:
        print(f"No benchmark {unknown[0]!r}. Known: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or list(BENCHMARKS):
        print(f"## {name}\n")
        BENCHMARKS[name]()
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
