"""Notebooks run, as a reader would run them, and agree with the scripts that they are written in."""

from __future__ import annotations

import json
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path("notebooks")
SCRIPTS = sorted(FOLDER.glob("*.py"))
"""The source of truth; `jupytext --to ipynb notebooks/*.py` writes the notebooks anew."""


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)  # type: ignore[no-any-return, no-untyped-call]  # untyped


def cells(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def test_there_is_a_notebook_for_each_script_and_no_other() -> None:
    assert {path.stem for path in SCRIPTS} == {path.stem for path in FOLDER.glob("*.ipynb")}
    assert {path.stem for path in SCRIPTS} >= {
        "first_run", "session_by_hand", "own_policy", "allocation_policies", "faster_data",
        "guardrail_prices", "acquisition_retention", "platforms_or_experiments",
    }  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_is_its_script_without_outputs(script: Path) -> None:
    text = script.with_suffix(".ipynb").read_text(encoding="utf-8")
    assert cells(read(script.with_suffix(".ipynb"))) == cells(jupytext.read(script)), (
        f"{script} has changed: run jupytext --to ipynb {script}"
    )
    assert not any(cell.get("outputs") for cell in json.loads(text)["cells"])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_runs(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    notebook = read(script.with_suffix(".ipynb"))
    NotebookClient(notebook, timeout=900, resources={"metadata": {"path": str(FOLDER)}}).execute()
    errors = [
        out
        for cell in notebook.cells
        for out in cell.get("outputs", [])
        if out.output_type == "stream" and out.name == "stderr"
    ]
    assert not errors
