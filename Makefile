# 创城督导机器人. Everything needs only Python >= 3.11 and make; the rest is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOUR ?= 1m
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo smoke test lint types contracts tests-fast tests-slow slow-postgresql slow-sqlite bench clean

demo: $(VENV)/.run       ## the whole system on this machine, with a simulated WeChat (HOUR=10s for quicker clocks)
	@$(BIN)/python run.py demo --hour $(HOUR)

smoke: $(VENV)/.run      ## one whole story over real HTTP, in a system of its own
	@$(BIN)/python run.py smoke

test: lint types contracts tests-fast tests-slow   ## everything that must be green

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy
	$(BIN)/mypy run.py

contracts: $(VENV)/.dev
	$(BIN)/lint-imports --no-cache

tests-fast: $(VENV)/.dev
	$(BIN)/pytest -n 2 -m "not slow"

tests-slow: $(VENV)/.dev  ## starts whole systems and kills parts of them; last, because it takes longest
	@$(MAKE) --no-print-directory -j2 slow-postgresql slow-sqlite

# In the order of the files: the case nobody claims grows late while the others are played.
slow-postgresql:
	$(BIN)/pytest -m slow -p no:randomly -k "postgresql or test_demo"

slow-sqlite:
	$(BIN)/pytest -m slow -p no:randomly -k "not postgresql and not test_demo"

bench: $(VENV)/.bench    ## figures beside what a user would take instead
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.routing
	$(BIN)/python -m benchmarks.console
	$(BIN)/python -m benchmarks.scoring

clean:
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@echo "正在创建虚拟环境 (Python >= 3.11)…"
	@$(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更新 / Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	@# Half a virtual environment would be taken for a whole one by the next make.
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.run: $(VENV)/bin/python requirements.txt
	@echo "正在安装依赖 requirements.txt（第一次约一分钟）…"
	@$(BIN)/pip install -q -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	@echo "正在安装测试依赖 requirements-dev.txt …"
	@$(BIN)/pip install -q -r requirements-dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev benchmarks/requirements.txt
	@$(BIN)/pip install -q -r benchmarks/requirements.txt
	@touch $@
