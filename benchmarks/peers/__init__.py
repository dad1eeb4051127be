"""Runners of other simulators, one small script each, for `python -m benchmarks scale --peers DIR`.

Each runs under the Python of its own environment (`DIR/openevals`, `DIR/scenario`), knows nothing of Understudy, and prints one line of
JSON. To make one: `python -m venv DIR/openevals && DIR/openevals/bin/pip install openevals langchain-openai`.
"""
