"""`python -m benchmarks [cold-start] [turns] [store] [definitions] [models] [prompts] [scale] [campaign]`: all of them without a name.

Options go to the one benchmark that is named: `python -m benchmarks scale --processes 2`, `python -m benchmarks store --help`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Protocol

from benchmarks import campaign, cold_start, definitions, models, prompts, scale, store, turns


class Benchmark(Protocol):
    """Measures with the options given, and prints a table."""

    def __call__(self, arguments: Sequence[str] = ()) -> None: ...


BENCHMARKS: dict[str, Benchmark] = {
    "definitions": definitions.run,
    "cold-start": cold_start.run,
    "turns": turns.run,
    "store": store.run,
    "models": models.run,
    "prompts": prompts.run,
    "scale": scale.run,
    "campaign": campaign.run,
}


def main(given: list[str]) -> int:
    """Run the benchmarks named and print a table each."""
    names = given[: next((at for at, word in enumerate(given) if word.startswith("-")), len(given))]
    options = given[len(names) :]
    if unknown := [name for name in names if name not in BENCHMARKS]:
        print(f"No benchmark {unknown[0]!r}. Known: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    if options and len(names) != 1:
        print(f"{options[0]} goes to one benchmark; name it: python -m benchmarks scale {options[0]}", file=sys.stderr)
        return 2
    for name in names or list(BENCHMARKS):
        print(f"## {name}\n")
        BENCHMARKS[name](options)
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
