"""Runners of other simulators, one small script each, for `python -m benchmarks scale --peers DIR`.

Each runs under the Python of its own environment (`DIR/openevals`, `DIR/scenario`, `DIR/deepeval`, `DIR/inspect`), knows nothing of
Understudy, and prints one line of JSON. To make one: `python -m venv DIR/openevals`, then `DIR/openevals/bin/pip install openevals
langchain-openai`; the others need `langwatch-scenario`, `deepeval`, and `inspect-ai openai`.
"""
