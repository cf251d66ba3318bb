# Everything here sets itself up first: see packaging/setup.sh.
PYTHON := .venv/bin/python
SCREEN := -screen 0 1600x1000x24
XVFB := xvfb-run -a -s "$(SCREEN)" env -u WAYLAND_DISPLAY QT_QPA_PLATFORM=xcb
PYTEST_OPTIONS ?=
# Those of the window, and others, so that both processes end at about the same time.
FIRST_TESTS := tests/app tests/gui tests/batch tests/cli tests/packaging

.DEFAULT_GOAL := help
.PHONY: help demo test lint kernels test-first test-rest bench bench-quick bench-series clean setup setup-test

help:
	@echo "make demo         write a demo exposure and open the application on it"
	@echo "make test         lint, types, import contracts and all tests"
	@echo "make lint         the same without the tests"
	@echo "make bench        time against stcal, full frames, and the window"
	@echo "make bench-quick  time against stcal, small frames"
	@echo "make bench-series time and memory for time series of three sizes"
	@echo "make clean        remove what was made here (.venv, demo, caches)"

setup:
	@packaging/setup.sh window

setup-test:
	@packaging/setup.sh test

demo: setup
	@$(PYTHON) packaging/demo.py demo

lint: setup-test
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -c "from importlinter.cli import lint_imports_command as lint; lint()"

# Kernels are compiled beside the linters, once for all processes; then all tests go in two
# processes at once.
BOTH := $(MAKE) --no-print-directory -j2 --output-sync=target
test: setup-test
	@$(BOTH) lint kernels
ifeq ($(strip $(PYTEST_OPTIONS)),)
	@$(BOTH) test-first test-rest
else
	$(XVFB) $(PYTHON) -m pytest $(PYTEST_OPTIONS)
endif

kernels: setup-test
	@$(PYTHON) -c "from rampviewer.model.kernels.warm_up import warm_up; list(warm_up())"

test-first:
	$(XVFB) $(PYTHON) -m pytest -p no:cacheprovider $(FIRST_TESTS)

test-rest:
	$(XVFB:xvfb-run=xvfb-run -n 199) $(PYTHON) -m pytest -p no:cacheprovider tests \
		$(FIRST_TESTS:%=--ignore=%)

bench: setup-test
	@$(PYTHON) -m tests.bench.bench
	@$(XVFB) $(PYTHON) -m tests.bench.window

bench-quick: setup-test
	@$(PYTHON) -m tests.bench.bench --quick

bench-series: setup-test
	@$(PYTHON) -m tests.bench.series

clean:
	rm -rf .venv demo bench-out build dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find rampviewer tests -name __pycache__ -type d -prune -exec rm -rf {} +
