"""compare and run, as a shell sees them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xarray as xr
from typer.testing import CliRunner, Result

from aicmo.cli import exits
from aicmo.cli.app import app
from tests.market.scenarios import campaign
from tests.simulation.worlds import still

SMALL = Path(__file__).parents[2] / "scenarios" / "small.yaml"
FEW = ("--teams", "last_year_share", "--replications", "3", "--workers", "1")


def invoke(*arguments: str | Path, columns: int = 80) -> Result:
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compared")


@pytest.fixture(scope="module")
def compared(folder: Path) -> Result:
    return invoke("compare", SMALL, *FEW, "--out", folder / "new", "--json", folder / "numbers.json")


def test_compare_ends_in_table_finding_and_paths(compared: Result, folder: Path) -> None:
    assert compared.exit_code == exits.Exit.DONE, compared.output
    assert "last_year_share" in compared.stdout
    joined = compared.stdout.replace("\n", "")
    assert f"Results: {folder / 'new' / 'results.nc'}" in joined
    assert f"{folder / 'new' / 'report.html'}" in joined
    assert "\x1b" not in compared.stdout
    assert compared.stderr == "", "no progress where nobody is looking"


def test_table_page_json_and_results_file_hold_the_same_numbers(compared: Result, folder: Path) -> None:
    assert compared.exit_code == exits.Exit.DONE
    numbers = json.loads((folder / "numbers.json").read_text(encoding="utf-8"))
    team = numbers["teams"]["last_year_share"]
    with xr.open_dataset(folder / "new" / "results.nc", engine="h5netcdf") as results:
        spend = float(results["spend"].sel(team="last_year_share").mean())
    assert team["spend"]["mean"] == pytest.approx(spend)
    page = (folder / "new" / "report.html").read_text(encoding="utf-8")
    uplift = team["uplift"]["contribution_relative"]["mean"]
    shown = f"{uplift:+.1%}" if abs(uplift) < 1 else f"{uplift:+.0%}"
    assert shown in page
    assert shown in compared.stdout


def test_json_on_stdout_is_nothing_but_json(tmp_path: Path) -> None:
    shown = invoke("compare", SMALL, *FEW, "--out", tmp_path, "--json", "-")
    assert set(json.loads(shown.stdout)["teams"]) == {
        "manual_quarterly",
        "last_year_share",
        "clairvoyant",
        "dark",
    }
    assert "last_year_share" in shown.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ("--json", "no/such/folder"),
        ("--teams", "last_year_shar"),
        ("--baseline", "nobody"),
        ("--teams", "dark"),
        ("--out", str(SMALL)),
    ],
    ids=["json", "team", "baseline", "reference", "out"],
)
def test_what_cannot_be_compared_is_told_in_a_sentence(wrong: tuple[str, str], tmp_path: Path) -> None:
    shown = invoke("compare", SMALL, "--replications", "2", "--workers", "1", "--out", tmp_path, *wrong)
    assert shown.exit_code == exits.Exit.INVALID, shown.output
    assert "Traceback" not in shown.output
    assert wrong[1].split("/")[-1] in shown.output


def test_a_run_that_would_not_fit_is_refused_with_the_estimate(tmp_path: Path) -> None:
    shown = invoke("run", SMALL, "--replications", "100000000", "--out", tmp_path)
    assert shown.exit_code == exits.Exit.REFUSED, shown.output
    assert "replications" in shown.output


def test_run_shows_each_quarter_and_keeps_every_field_of_the_ledger(tmp_path: Path) -> None:
    shown = invoke("run", SMALL, "--team", "last_year_share", "--replications", "2", "--out", tmp_path)
    assert shown.exit_code == exits.Exit.DONE, shown.output
    assert "All channels" in shown.stdout
    with xr.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as run:
        assert run["spend"].dims == ("tick", "replication", "campaign")
        assert run["spend"].attrs["units"] == "currency"
        periods = dict.fromkeys(run["period"].values.tolist())
        total = float(run["spend"].sum(("tick", "campaign")).mean())
    assert all(f"{period} " in shown.stdout for period in periods)
    assert total == pytest.approx(360_000, rel=1e-3)


def test_ctrl_c_ends_compare_and_its_workers_cleanly(tmp_path: Path) -> None:
    arguments = ["compare", str(SMALL), "--replications", "512", "--workers", "2", "--out", str(tmp_path)]
    process = subprocess.Popen(  # noqa: S603 - the interpreter that runs this test
        [sys.executable, "-c", "from aicmo.cli import main; main()", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(4)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the command and to its workers
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == exits.Exit.INTERRUPTED, stderr
    assert "Traceback" not in stdout + stderr
    assert stderr.strip() == "Interrupted."


def test_hindsight_that_would_take_too_long_is_refused_with_the_estimate(tmp_path: Path) -> None:
    retailer = SMALL.with_name("retailer.yaml")
    shown = invoke("compare", retailer, "--hindsight", "--out", tmp_path)
    assert shown.exit_code == exits.Exit.REFUSED, shown.output
    assert "minutes" in shown.output
    assert "Take at most" in shown.output.replace("\n", " ")
    capped = invoke("compare", SMALL, "--hindsight", "--precision", "1%", "--cap", "99999", "--out", tmp_path)
    assert capped.exit_code == exits.Exit.REFUSED, "the cap counts, not the first look"


def test_hindsight_joins_the_table_and_no_team_is_above_it(tmp_path: Path) -> None:
    searches = [campaign("new", "search"), {**campaign("new", "search"), "segment": "loyal"}]
    tiny = still(
        calendar={"horizon": "4w", "periods": "quarter"},
        market={"campaigns": searches, "channels": [{"name": "search", "half_life": "1d", "overclaim": 0.3}]},
        budget={"periods": [8_400]},
    )
    file = tmp_path / "tiny.yaml"
    tiny.save(file)
    few = ("--teams", "equal_split", "--replications", "1", "--workers", "1")
    shown = invoke("compare", file, *few, "--hindsight", "--out", tmp_path, "--json", "-", columns=200)
    assert shown.exit_code == exits.Exit.DONE, shown.output
    teams = json.loads(shown.stdout)["teams"]
    assert "hindsight" in shown.stderr
    assert teams["hindsight"]["contribution"]["mean"] >= teams["clairvoyant"]["contribution"]["mean"]
