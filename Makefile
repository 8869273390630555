# make brief   everything from nothing: environment, model, a brief over examples/articles
# make test    the same environment, every test
# make browser Debian's Chromium for the tests of the page, where apt-get and the rights are there
# make screenshot  docs/brief.png: PAGE (out/brief.html) with an article open beside it
# make server  llama-server from the same source, for the tests and benchmarks that want a real one
# make check   format, lint, types, import contracts, tests: what CI runs
# make gate    are merger and validator as good as benchmarks/{merge_floors,baseline}.json say
#              (needs ../shared/bench)
# make doctor  is everything in place, and does the model run here
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
MODEL ?= auto
PAGE ?= out/brief.html

.PHONY: brief test browser screenshot server check gate lint setup doctor schemas lock format clean
.DEFAULT_GOAL := brief

brief: setup
	$(BIN)/summarizer brief examples/articles --output out --model $(MODEL) || [ $$? -eq 3 ]

test: setup $(VENV)/.dev browser
	$(BIN)/python -m pytest

browser: $(VENV)/.python
	@$(BIN)/python tools/install_browser.py

screenshot: setup $(VENV)/.dev browser
	@test -f "$(PAGE)" || $(MAKE) brief
	@$(BIN)/python -m tools.screenshot "$(PAGE)" docs/brief.png

server: setup
	@$(BIN)/python tools/build_server.py

check: lint test

gate: setup
	@$(BIN)/python -m benchmarks.merge_gate
	@$(BIN)/python -m benchmarks.quality_gate

lint: setup $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

doctor: setup
	$(BIN)/summarizer doctor --fetch --model $(MODEL)

schemas: setup
	$(BIN)/python tools/make_schemas.py

setup: $(VENV)/.installed
	@$(BIN)/python tools/build_llama.py

$(VENV)/.python:
	@echo "making a virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.python requirements/runtime.txt requirements/build.txt pyproject.toml
	@echo "installing locked dependencies"
	$(PIP) install -q --require-hashes -r requirements/build.txt
	$(PIP) install -q --require-hashes -r requirements/runtime.txt
	$(PIP) install -q --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed requirements/dev.txt
	$(PIP) install -q --require-hashes -r requirements/dev.txt
	@touch $@

# Needs uv on the PATH; writes no index address.
lock:
	cd requirements && for name in runtime build dev; do \
	  uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --custom-compile-command "make lock" $$name.in -o $$name.txt; done

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) out dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
