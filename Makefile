# make demo: set up, extract the sample documents, show them. make test: set up, run all tests.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.set-up

.PHONY: demo test lint model bench clean

$(SETUP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

demo: $(SETUP)
	@mkdir -p out
	$(BIN)/form4 extract samples -o out/samples.jsonl --force --show
	@echo "JSON Lines: out/samples.jsonl"

test: $(SETUP)
	$(BIN)/python -m pytest

lint: $(SETUP)
	$(BIN)/python -m pip install --quiet --editable '.[test,lint]'
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python docs/modules.py --check

# The default model from the repository alone: invented filings, seeded.
model: $(SETUP)
	$(BIN)/form4 synthesize --count 2400 --seed 1 --out out/corpus --workers 2
	$(BIN)/form4 train --annotations out/corpus --out models/default

bench: $(SETUP)
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) out runs build dist
