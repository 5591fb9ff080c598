# make demo   install, simulate, import, train, sweep, deliver, measure, then serve http://127.0.0.1:8000
# make test   install, check and test; needs Python 3.11 or newer and make, nothing else
# make deep   the second tier: browser, whole API, fuzz, Spark, notebooks; finds Chromium and Java 17, or gets them by apt-get
# make bench  how long a sweep takes, stage by stage, beside peers
#
# make demo PORT=8080 PEOPLE=50000 ONCE=1 DUMP=folder     make PYTHON=python3.12 test

PYTHON ?= python3
PORT ?= 8000
PEOPLE ?= 20000
BIN := .venv/bin
UV := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
export PORT PEOPLE ONCE DUMP

.PHONY: demo test deep bench check lock clean

demo: .venv/.app
	@$(BIN)/lifeevents demo --port $(PORT) --people $(PEOPLE) $(if $(ONCE),--once) $(if $(DUMP),--dump "$(DUMP)")

test: check
	@$(BIN)/pytest -n 2 --dist loadscope

deep: .venv/.deep
	@$(BIN)/python tests/deep/needs.py
	@$(BIN)/pytest tests/deep -n 2 --dist loadfile

check: .venv/.dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: PEOPLE = 100000
bench: .venv/.app
	@$(BIN)/python -m benchmarks.run --people $(PEOPLE)
	@$(BIN)/python -m benchmarks.live --events 20000 --clients 2

.venv/.tools: tools.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "This Python cannot make virtual environments. On Debian: sudo apt install python3-venv"; exit 1; }
	@echo "Preparing .venv (about a minute, once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tools.lock
	@touch $@

.venv/.app: .venv/.tools requirements.lock pyproject.toml
	@$(UV) --require-hashes -r requirements.lock
	@$(UV) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.app requirements-dev.lock
	@$(UV) --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.deep: .venv/.dev requirements-deep.lock
	@$(UV) --no-build-isolation --require-hashes -r requirements-deep.lock
	@touch $@

# After a change of dependencies in pyproject.toml.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
APP := --extra data --extra serve --extra train
lock: .venv/.tools
	@printf 'setuptools>=77\nuv\n' | $(COMPILE) - -o tools.lock
	@$(COMPILE) $(APP) pyproject.toml -o requirements.lock
	@$(COMPILE) $(APP) --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	@$(COMPILE) $(APP) --extra dev --extra deep --extra spark -c requirements-dev.lock pyproject.toml -o requirements-deep.lock

clean:
	@rm -rf var
