# Everything here sets itself up first: see packaging/setup.sh.
PYTHON := .venv/bin/python
SCREEN := -screen 0 1600x1000x24
XVFB := xvfb-run -a -s "$(SCREEN)" env -u WAYLAND_DISPLAY QT_QPA_PLATFORM=xcb
PYTEST_OPTIONS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test lint kernels test-from-the-start test-from-the-end bench bench-quick bench-series clean setup setup-test

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

# Kernels are compiled beside the linters, once for all processes; then two processes share
# the files of tests, see tests/sharing.py.
BOTH := $(MAKE) --no-print-directory -j2 --output-sync=target
test: setup-test
	@$(BOTH) lint kernels
ifeq ($(strip $(PYTEST_OPTIONS)),)
	@claims=$$(mktemp -d) && trap 'rm -r "$$claims"' EXIT && \
		$(BOTH) test-from-the-start test-from-the-end CLAIMS="$$claims"
else
	$(XVFB) $(PYTHON) -m pytest $(PYTEST_OPTIONS)
endif

kernels: setup-test
	@$(PYTHON) -c "from rampviewer.model.kernels.warm_up import warm_up; list(warm_up())"

SHARED := $(PYTHON) -m pytest -p no:cacheprovider -p tests.sharing --claims="$(CLAIMS)"
test-from-the-start:
	$(XVFB) $(SHARED)

test-from-the-end:
	$(XVFB:xvfb-run=xvfb-run -n 199) $(SHARED) --from-the-end

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
