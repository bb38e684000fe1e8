"""sweep and claim, as a shell sees them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from aicmo.cli import exits
from aicmo.cli.sweep import axes
from aicmo.evaluation import cell_runs
from tests.cli.test_compare import SMALL, invoke

FEW = ("--team", "last_year_share", "--replications", "2", "--workers", "1")
GRID = ("--vary", "measurement.latency=1d,1w", "--vary", "market.drift.volatility=0,0.4")


def test_sweep_ends_in_table_finding_map_and_json(tmp_path: Path) -> None:
    target = tmp_path / "numbers.json"
    shown = invoke("sweep", SMALL, *GRID, *FEW, "--out", tmp_path, "--json", target)
    assert shown.exit_code == exits.Exit.DONE, shown.output
    for word in ("1d", "1w", "0.4", "last_year_share", "Rows: measurement.latency"):
        assert word in shown.stdout
    table = shown.stdout.split("\nResults:")[0]
    assert max(cell_len(line) for line in table.splitlines()) <= 80
    assert "4 cells" in shown.stderr
    assert "memory" in shown.stderr
    for name in ("sweep.nc", "sweep.png", "sweep.svg"):
        assert (tmp_path / name).is_file()
    before = target.read_bytes()
    again = invoke("sweep", SMALL, *GRID, *FEW, "--out", tmp_path, "--json", target)
    assert "all of them finished" in again.stderr
    assert target.read_bytes() == before
    assert again.stdout == shown.stdout


def test_three_keys_are_a_long_table(tmp_path: Path) -> None:
    shown = invoke(
        "sweep", SMALL, *GRID, "--vary", "budget.periods.*=x0.5", *FEW, "--out", tmp_path, "--json", "-"
    )
    assert shown.exit_code == exits.Exit.DONE, shown.output
    assert len(json.loads(shown.stdout)["cells"]) == 4
    assert not (tmp_path / "sweep.png").exists()


def test_ctrl_c_says_that_the_sweep_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = cell_runs._run
    ran: list[object] = []

    def interrupted(*given: object) -> object:
        if ran:
            raise KeyboardInterrupt
        ran.append(given)
        return run(*given)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(cell_runs, "_run", interrupted)
    shown = invoke("sweep", SMALL, *GRID, *FEW, "--out", tmp_path)
    assert shown.exit_code == exits.Exit.INTERRUPTED, shown.output
    assert "the same command goes on" in shown.stderr
    assert len(list((tmp_path / "cells").glob("*.nc"))) <= 1


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        (("--vary", "measurement.latencie=1d"), "Did you mean 'latency'"),
        (("--vary", "measurement.latency=1d,1h"), "at least a tick"),
        (("--vary", "measurement.latency"), "--vary"),
        (("--vary", "market.channels.serch.half_life=1d"), "Did you mean 'search'"),
        (("--vary", "measurement.latency=[1d"), "not readable"),
        ((*GRID, *GRID), "given twice"),
        ((*GRID, "--baseline", "last_year_share"), "name another team"),
    ],
)
def test_what_cannot_be_swept_is_told_before_anything_runs(
    vary: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    shown = invoke("sweep", SMALL, *FEW, *vary, "--out", tmp_path)
    assert shown.exit_code == exits.Exit.INVALID, shown.output
    assert said in " ".join(shown.stderr.replace("│", " ").split())
    assert not list(tmp_path.rglob("*.nc"))


def test_values_are_read_as_a_file_writes_them() -> None:
    assert axes(["a.b=1d, 0.5,x2,true", "c=[1, 2],{lognormal: 0.1}"]) == {
        "a.b": ["1d", 0.5, "x2", True],
        "c": [(1, 2), {"lognormal": 0.1}],
    }


def test_claim_answers_on_a_page(tmp_path: Path) -> None:
    text = SMALL.read_text(encoding="utf-8")
    short = tmp_path / "short.yaml"
    short.write_text(
        text.replace("horizon: 26w", "horizon: 4w").replace("[180k, 180k]", "[55k]"), encoding="utf-8"
    )
    shown = invoke("claim", short, "--replications", "2", "--workers", "1", "--out", tmp_path, "--json", "-")
    assert shown.exit_code == exits.Exit.DONE, shown.output
    numbers = json.loads(shown.stdout)
    assert list(numbers["baselines"]) == ["manual_quarterly", "manual_strong", "manual_weak"]
    page = shown.stderr.split("\nResults:")[0]
    assert "15% to 25% better ROI?" in " ".join(page.split())
    assert "misallocation 1.2" in page
    assert len(page.splitlines()) <= 66
    assert max(cell_len(line) for line in page.splitlines()[1:]) <= 80
