"""check: an own part, a broken part, and files that are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aicmo.cli import exits
from aicmo.cli.app import app

HEAD = """
from dataclasses import dataclass
from typing import Any, ClassVar, Iterator
import numpy as np

@dataclass(frozen=True)
class Mine:
    kind: ClassVar[str] = "mine"
    learns: ClassVar[bool] = False

    @classmethod
    def examples(cls) -> Iterator["Mine"]:
        yield cls()

    def init(self, brief):
        return brief

    def update(self, state, observation):
        return state

"""
KEEP = """
    def act(self, state, observation, draws):
        return observation.current.copy()
"""
TURNED = KEEP.replace(".copy()", ".copy().T")


def check(folder: Path, text: str) -> Result:
    file = folder / "mine.py"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(app, ["check", str(file)])


def test_a_broken_part_is_an_answer_of_no_with_the_contract_that_it_breaks(tmp_path: Path) -> None:
    shown = check(tmp_path, HEAD + TURNED)
    assert shown.exit_code == exits.Exit.NO, shown.output
    assert "BROKEN" in shown.output
    assert "policy 'mine'" in shown.output


def test_a_sound_part_is_an_answer_of_yes(tmp_path: Path) -> None:
    shown = check(tmp_path, HEAD + KEEP)
    assert "BROKEN" not in shown.output, shown.output
    assert shown.exit_code == exits.Exit.DONE


@pytest.mark.parametrize(
    "text",
    ["def (", "raise RuntimeError('no')", "import nosuchmodule", "x = 1"],
    ids=["syntax", "raises", "import", "none"],
)
def test_a_file_that_is_no_part_is_invalid_input(tmp_path: Path, text: str) -> None:
    shown = check(tmp_path, text)
    assert shown.exit_code == exits.Exit.INVALID
    assert "mine.py" in shown.output
    assert "Traceback" not in shown.output


def test_a_missing_file_is_invalid_input(tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, ["check", str(tmp_path / "missing.py")])
    assert shown.exit_code == exits.Exit.INVALID
    assert "missing.py" in shown.output
