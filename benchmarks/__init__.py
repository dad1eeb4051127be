"""Figures, never tests: ratios against a floor measured in the same run. `python -m benchmarks [name ...]`."""
