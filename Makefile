# Everything runs in a virtual environment of its own, made on first use.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test lint unit conformance contracts bench kill clean

demo: $(VENV)/.installed
	@$(BIN)/understudy demo

test: lint unit conformance

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

unit: $(VENV)/.dev
	$(BIN)/pytest -q -n 2 --dist loadfile

conformance: $(VENV)/.dev
	$(BIN)/python tests/conformance/run.py

contracts: $(VENV)/.dev
	$(BIN)/python -m understudy.mcp.contracts tools

# Some minutes: a campaign that is killed fifty times. `make unit` kills it three times.
kill: $(VENV)/.dev
	UNDERSTUDY_KILL_ROUNDS=50 $(BIN)/pytest -q tests/campaigns/test_campaign_kill.py --log-cli-level INFO

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

# Byte code is written when a module is first imported; compiling all of it here would double the time to the first demo.
$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) .tools dist build .understudy .pytest_cache .mypy_cache .ruff_cache .hypothesis
