# `make app` opens the app, `make test` runs every test; both set up what they need.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8501
# A browser is opened where there is a screen.
SCREEN := $(or $(DISPLAY),$(WAYLAND_DISPLAY),$(filter Darwin,$(shell uname)))

.PHONY: app test check fix browser clean help

app: .venv/app
	$(BIN)/streamlit run streamlit_app.py --server.port $(PORT) \
	  --server.headless $(if $(SCREEN),false,true) --server.showEmailPrompt false

test: check browser
	$(BIN)/pytest -m browser

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/pytest -m "not browser"

fix: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
	  { echo "The browser tests need Chromium: run 'sudo apt-get install chromium', then 'make test' again."; exit 1; }

.venv/app: requirements.txt | .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt requirements.txt | .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/app

.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: name it by 'make app PYTHON=python3.12'."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; } || \
	  { echo "Python's venv is needed: run 'sudo apt-get install python3-venv', then this again."; exit 1; }
	$(PYTHON) -m venv .venv

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache

help:
	@echo "make app    set up and open the app (PORT=8501)"
	@echo "make test   set up and run every check and test, the browser's included"
	@echo "make check  the same without the browser"
	@echo "make fix    format the code and mend what can be mended"
	@echo "make clean  remove what was set up"
