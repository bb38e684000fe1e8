"""Pages of sweeps and claims say what their files hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aicmo.cli import exits
from aicmo.cli.app import app
from aicmo.evaluation.findings import Findings
from aicmo.report.claim_page import claim_page
from aicmo.report.page import render
from aicmo.report.sweep_page import command, sweep_page
from tests.report.reader import Reader
from tests.report.synthetic_cells import AXES, claim, sweep


def test_the_map_s_numbers_are_those_of_the_cells() -> None:
    found = sweep()
    rows = Reader(render(sweep_page(found))).numbers()["sweep.csv"]
    assert rows[0][:2] == list(AXES)
    uplifts = [cell["teams"]["ai_cmo"]["uplift"]["contribution_relative"] for cell in found.summary["cells"]]
    roi = [cell["teams"]["ai_cmo"]["uplift"]["roi_relative"] for cell in found.summary["cells"]]
    means = [float(row[2]) for row in rows[1:]]
    assert means in ([one["mean"] for one in uplifts], [one["mean"] for one in roi])
    assert [row[:2] for row in rows[1:5]] == [["1d", "0"], ["1d", "0.2"], ["1d", "0.4"], ["1d", "0.8"]]


@pytest.mark.parametrize("keys", [1, 2, 3])
def test_any_number_of_keys_has_a_page_and_two_have_a_map(keys: int) -> None:
    axes = {f"key{n}": [1, 2] for n in range(keys)}
    page = render(sweep_page(sweep(axes)))
    assert Reader(page).open == []
    assert ('class="sweep"' in page) is (keys <= 2)
    assert all(f"--vary {key}=1,2" in page for key in axes)


def test_the_command_repeats_the_sweep() -> None:
    said = command(sweep(scenario="a shop; rm -rf"))
    assert said.startswith("aicmo sweep 'a shop; rm -rf.yaml' --vary measurement.latency=1d,1w,4w")
    assert said.endswith("--baseline manual_quarterly --replications 8 --seed 1")


def test_the_claim_s_page_has_a_row_for_each_baseline_and_variation() -> None:
    found = claim()
    reader = Reader(render(claim_page(found)))
    rows = reader.numbers()["claim.csv"][1:]
    people = ("manual_quarterly", "manual_strong", "manual_weak")
    drift = ("none", "x2", "x4")
    named = [*(f"over {name}" for name in people), *(f"drift {value}" for value in drift)]
    assert [row[0] for row in rows] == named
    first = found.summary["baselines"]["manual_quarterly"]["uplift"]["roi_relative"]["mean"]
    assert float(rows[0][1]) == first
    assert found.sentence in reader.text
    assert "commitments exceed it" in reader.text


@pytest.mark.parametrize(("make", "page"), [(sweep, "sweep.html"), (claim, "claim.html")])
def test_report_writes_them_from_their_files(tmp_path: Path, make: Callable[[], Findings], page: str) -> None:
    path = make().save(tmp_path)
    shown = CliRunner().invoke(app, ["report", str(path)])
    assert shown.exit_code == exits.Exit.DONE, shown.output
    assert "</html>" in (tmp_path / page).read_text(encoding="utf-8")
