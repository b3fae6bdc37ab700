# make demo: see what it does.   make test: check that it does it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
ARGS ?=

IMAGE ?= mailbot
BASE ?=

# Modules without a clock, a socket or Slack: each branch of them is tested.
PURE := bot/domain.py bot/request.py bot/letter.py bot/phrase.py bot/facts.py \
  bot/advice/* bot/catalogue/*.py bot/provider/*.py bot/reply/*.py bot/status/*.py \
  bot/symptoms/*.py bot/network/wire.py \
  $(patsubst %,bot/sweep/%.py,input packed ready result rows compare expect summary charts page report)
empty :=
space := $(empty) $(empty)
comma := ,

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: demo
demo: $(VENV)/.run ## show the main job, on this machine alone
	@$(BIN)/python -m bot.playground.demo $(ARGS)

.PHONY: run
run: $(VENV)/.run ## start the Slack app (mailbot serve)
	@$(BIN)/mailbot serve $(ARGS)

.PHONY: test
test: $(VENV)/.dev ## everything: lint, types, tests, coverage
	tests/install.sh real
	tests/install.sh browser
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest --cov --cov-report= $(ARGS)
	$(BIN)/python -m coverage report --include='$(subst $(space),$(comma),$(PURE))' --fail-under=100

.PHONY: screenshots
screenshots: $(VENV)/.dev ## the pictures of the README, by the tests in a browser
	tests/install.sh browser
	@mkdir -p docs/screenshots
	SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest tests/browser/test_stories.py $(ARGS)

.PHONY: check
check: $(VENV)/.dev ## lint and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile

.PHONY: fmt
fmt: $(VENV)/.dev ## format the code, mend what can be mended
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

.PHONY: soak
soak: $(VENV)/.dev ## the long tests
	$(BIN)/python -m pytest -m soak --timeout=1800 $(ARGS)

.PHONY: bench
bench: $(VENV)/.dev ## measure
	$(BIN)/python -m bench $(ARGS)

.PHONY: lock
lock: $(VENV)-lock/.made ## renew the pins (UPGRADE=--upgrade takes newer versions)
	for set in requirements requirements-build requirements-dev; do \
	  $(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    $(UPGRADE) --output-file $$set.txt $$set.in; \
	done

.PHONY: image
image: ## build the container image (docs/image.md)
	@if docker info >/dev/null 2>&1; then build="docker build"; \
	elif command -v buildah >/dev/null; then build="buildah build --format docker"; \
	else echo "make image: there is neither a running Docker nor buildah here. See docs/image.md." >&2; exit 1; fi; \
	set -x; $$build $(if $(BASE),--build-arg BASE=$(BASE)) $(IMAGE_ARGS) --tag $(IMAGE) .

.PHONY: clean
clean: ## remove all that can be made again
	rm -rf $(VENV) $(VENV)-lock build dist .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find bot tests -name __pycache__ -prune -exec rm -rf {} +

# --- virtual environments: made once, brought up to date when a list of pins changes -----------------------------

define make-venv
@if ! command -v $(PYTHON) >/dev/null; then \
  echo "There is no '$(PYTHON)'. Install Python 3.11 or later, or say which one to use: make PYTHON=/path/to/python3" >&2; exit 1; fi
@if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
  echo "$$($(PYTHON) --version) is too old: mailbot needs Python 3.11 or later. Say which one to use: make PYTHON=/path/to/python3" >&2; exit 1; fi
@rm -rf $(@D)
@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
  package=$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
    echo "Python cannot make virtual environments here; installing $$package."; \
    apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$package >/dev/null; \
  else \
    echo "Python cannot make virtual environments here. Install $$package (Debian: sudo apt-get install $$package) and try again." >&2; exit 1; \
  fi; \
fi
$(PYTHON) -m venv $(@D)
endef

$(VENV)/.made:
	$(make-venv)
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements.txt requirements-build.txt pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements.txt -r requirements-build.txt
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)-lock/.made:
	$(make-venv)
	$(VENV)-lock/bin/python -m pip --disable-pip-version-check install --quiet uv
	@touch $@
