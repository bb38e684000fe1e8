"""truth, as a shell sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from aicmo.cli import exits
from tests.cli.test_compare import SMALL, invoke

FEW = ("--team", "last_year_share", "--replications", "2", "--workers", "1")


@pytest.mark.parametrize("width", [60, 80, 160])
def test_truth_fits_the_window_and_ends_in_the_finding(width: int, tmp_path: Path) -> None:
    shown = invoke("truth", SMALL, *FEW, "--out", tmp_path, columns=width)
    assert shown.exit_code == exits.Exit.DONE, shown.output
    table = shown.stdout.split("\nResults:")[0]
    assert max(cell_len(line) for line in table.splitlines()) <= width
    assert "\x1b" not in shown.stdout
    assert "Farthest from the truth" in table
    for word in ("search", "social", "email", "all channels", "Interaction residual"):
        assert word in table
    assert (tmp_path / "truth.nc").is_file()


def test_all_columns_that_matter_fit_into_80() -> None:
    shown = invoke("truth", SMALL, *FEW, columns=80).stdout
    heading = shown.split("─")[0].split()
    assert [word for word in heading if word.startswith("(")] == [
        "(total)", "(%)", "(ratio)", "(ratio)", "(ratio)", "(ratio)", "(factor)",
    ]  # fmt: skip


def test_quarters_on_request_and_json_on_stdout_alone(tmp_path: Path) -> None:
    shown = invoke("truth", SMALL, *FEW, "--quarters", "--json", "-", "--out", tmp_path)
    assert list(json.loads(shown.stdout)["windows"]) == ["horizon", "Q1", "Q2"]
    assert "Q2" in shown.stderr
    assert "is credited to it" in " ".join(shown.stderr.split())


def test_an_unknown_team_is_refused_in_words(tmp_path: Path) -> None:
    shown = invoke("truth", SMALL, "--team", "ai_cmoo", "--workers", "1", "--out", tmp_path)
    assert shown.exit_code == exits.Exit.INVALID
    assert "Did you mean 'ai_cmo'" in shown.stderr
