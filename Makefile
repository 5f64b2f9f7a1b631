# Two commands on a fresh machine: `make run` and `make test`. Everything they install stays in .venv, and the stamps in
# .make say for which pyproject.toml it was done. Only root's `make test` and `make chaos` reach further: see `system`.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

VENV    := .venv/bin
PYTHONS := $(if $(value PYTHON),"$$PYTHON",python3.13 python3.12 python3.11 python3)
FLOW    ?= refund
STORES  ?= sqlite redis
BENCHES ?= readers_score store_sqlite store_redis run

# The runtime stays small: an SDK, and Redis's, comes with the variable that names what it is for.
telegram_VARIABLE := TELEGRAM_BOT_TOKEN
sms_VARIABLE      := TWILIO_ACCOUNT_SID
slack_VARIABLE    := SLACK_BOT_TOKEN
openai_VARIABLE   := OPENAI_API_KEY
redis_VARIABLE    := REDIS_URL
otel_VARIABLE     := OTEL_EXPORTER_OTLP_ENDPOINT
EXTRAS  := telegram sms slack openai redis otel
WANTED  := $(foreach of,$(EXTRAS),$(if $(value $($(of)_VARIABLE))$(value $($(of)_VARIABLE)_FILE),$(of)))
RUNTIME := .make/run $(WANTED:%=.make/run-%)

INSTALL  = $(VENV)/python -m pip install --quiet --disable-pip-version-check --editable

.PHONY: help run chat draw test check chaos bench pages system clean

help:  ## what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME)  ## the desk with what the environment names; nothing named: all embedded, no keys  [ARGS="--port 9000"]
	@exec $(VENV)/frontdesk serve $(ARGS)

chat: $(RUNTIME)  ## talk to it in the terminal  [ARGS="--flow refund"]
	@exec $(VENV)/frontdesk chat $(ARGS)

draw: $(RUNTIME)  ## a flow's diagram, from its table  [FLOW=refund]
	@exec $(VENV)/frontdesk diagram $(FLOW) $(ARGS)

test: .make/test system  ## every test that passes without keys, on a real Redis and a real browser  [ARGS="-k refund"]
	@$(VENV)/python -m pytest $(ARGS)

check: .make/check  ## format, lint, types, rooms, docs
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy .
	$(VENV)/python -m pytest tests/test_rooms.py tests/test_docs.py

chaos: .make/test system  ## crashes, duplicates, reordering, lost locks, an hour of it  [STORES=redis RIG="--kills 5"; ARGS="-k restart"]
	@CHAOS=all $(VENV)/python -m pytest tests/chaos tests/engine/test_mutations.py \
		tests/conversations/test_promises_under_models.py $(ARGS)
	@$(if $(value ARGS),,for store in $(STORES); do $(VENV)/python -m tests.chaos.rig --store $$store $(RIG) || exit; done)

bench: .make/test  ## the numbers that stand in the docs  [BENCHES=ratio ARGS="--repeats 4"]
	@for bench in $(BENCHES); do echo "== $$bench"; $(VENV)/python -m tests.bench.$$bench $(ARGS) || exit 1; done

pages: $(RUNTIME)  ## the pages of docs that are written from the code: lints, keys, schemas
	@$(VENV)/python -m gateway.reference docs

clean:  ## forget what was installed and cached; conversations in data/ stay
	rm -rf .venv .make build *.egg-info .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis

# What pip cannot bring. Root on a machine with apt-get gets it; anybody else finds it in the table that ends the tests.
# One package at a time: one that is not to be had does not take the other down.
define apt
{ [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || { \
    mkdir -p .make; echo "installing $(1) with apt-get"; \
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(1); \
    } </dev/null >.make/$(1).log 2>&1 || echo "  not to be had here: .make/$(1).log says why"; }; }
endef

system:
	@command -v "$${REDIS_SERVER:-redis-server}" >/dev/null || $(call apt,redis-server)
	@for browser in "$${CHROMIUM:-chromium}" chromium-browser google-chrome; do \
	  command -v "$$browser" >/dev/null && exit; \
	done; $(call apt,chromium)

# pyvenv.cfg is newer than every stamp once the environment has been made anew.
.venv/pyvenv.cfg:
	@for python in $(PYTHONS); do \
	  if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "making .venv with $$("$$python" -V)"; \
	    exec "$$python" -m venv .venv; \
	  fi; \
	done; \
	{ echo "Python 3.11 or newer, with its venv module, was not found; tried:" $(PYTHONS); \
	  echo "  Debian, Ubuntu: apt-get install python3 python3-venv"; \
	  echo "  elsewhere:      install Python 3.11 or newer, then name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; \
	} >&2; exit 1

.make/run: .venv/pyvenv.cfg pyproject.toml
	@mkdir -p .make
	@echo "installing frontdesk into .venv"
	@$(INSTALL) .
	@touch $@

.make/run-%: .make/run
	@echo "installing what $* needs into .venv"
	@$(INSTALL) '.[$*]'
	@touch $@

.make/test: .venv/pyvenv.cfg pyproject.toml
	@mkdir -p .make
	@echo "installing frontdesk and its tests into .venv"
	@$(INSTALL) '.[telegram,sms,slack,openai,redis,otel,test]'
	@touch .make/run $(EXTRAS:%=.make/run-%) $@

.make/check: .venv/pyvenv.cfg pyproject.toml
	@mkdir -p .make
	@echo "installing frontdesk, its tests and its checks into .venv"
	@$(INSTALL) '.[telegram,sms,slack,openai,redis,otel,test,check]'
	@touch .make/run $(EXTRAS:%=.make/run-%) .make/test $@
