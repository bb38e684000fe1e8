"""Results: what is written is read back, half files never, foreign ones with a sentence; JSON as promised."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import xarray as xr

from aicmo.evaluation import Comparison, ResultsError, compare
from tests.evaluation.comparisons import everybody, few
from tests.simulation.worlds import Constant, busy, still

NUMBER = {"type": ["number", "null"]}
M = {
    "type": "object",
    "required": ["mean", "low", "high", "level"],
    "properties": {
        "mean": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "level": {"type": "number"},
        "reason": {"type": "string"},
    },
    "additionalProperties": False,
    "if": {"properties": {"low": {"type": "null"}}},
    "then": {"required": ["reason"]},
}
P = {
    "type": "object",
    "required": ["share", "low", "high", "n"],
    "properties": {
        "share": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "n": {"type": "integer"},
        "reason": {"type": "string"},
    },
    "additionalProperties": False,
}


def exactly(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


COUNTS = {
    name: {"type": "number", "minimum": 0} for name in ("turnover", "interventions", "waivers", "violations")
}
MONEY = ("spend", "incremental_gross_profit", "contribution", "terminal_value", "iroas", "roi", "roi_media")
UPLIFT = exactly(contribution=M, contribution_relative=M, roi_points=M, roi_relative=M, p_better=P)
TEAM = exactly(**dict.fromkeys(MONEY, M), uplift=UPLIFT, headroom_closed=M, **COUNTS)
PROMISED = exactly(
    schema_version={"const": 1},
    scenario={"type": "string"},
    seed={"type": "integer"},
    replications={"type": "integer", "minimum": 1},
    baseline={"type": "string"},
    currency={"type": "string", "pattern": "^[A-Z]{3}$"},
    over={"enum": ["worlds", "luck"]},
    teams={"type": "object", "required": ["dark", "clairvoyant"], "additionalProperties": TEAM},
)


def refuse(constant: str) -> None:
    raise AssertionError(f"JSON holds {constant}")


def promised(comparison: Comparison) -> dict[str, Any]:
    """Read the JSON strictly, check it against the public face, and return it."""
    read: dict[str, Any] = json.loads(comparison.to_json(), parse_constant=refuse)
    jsonschema.validate(read, PROMISED)
    return read


def test_json_is_as_promised() -> None:
    read = promised(everybody())
    assert read == everybody().summary
    assert read["over"] == "worlds"
    assert promised(compare(still(), [], replications=2, workers=1))["over"] == "luck"


def test_what_is_undefined_is_null_with_a_reason() -> None:
    nobody = {"nobody": Constant((0.0,) * 4)}
    teams = promised(compare(busy(guardrails=[]), nobody, replications=3, workers=1))["teams"]
    for name in ("nobody", "dark"):
        assert teams[name]["iroas"]["mean"] is None
        assert "spend" in teams[name]["iroas"]["reason"]
    for ratio in (teams["dark"]["roi"], teams["dark"]["uplift"]["roi_points"]):
        assert ratio["mean"] is None


def test_one_replication_has_means_without_intervals() -> None:
    read = promised(compare(busy(), ["equal_split"], replications=1, workers=1))
    spend = read["teams"]["equal_split"]["spend"]
    assert spend["mean"] > 0
    assert spend["low"] is None


def test_the_table_is_the_summary_in_rows() -> None:
    table, teams = everybody().table(), everybody().summary["teams"]
    assert list(table.index) == list(teams)
    for name, team in teams.items():
        assert table.loc[name, "contribution"] == team["contribution"]["mean"]
        assert table.loc[name, "uplift_low"] == team["uplift"]["contribution"]["low"]
    assert math.isnan(table.loc["dark", "roi"])  # type: ignore[arg-type]  # one cell


def test_totals_add_up() -> None:
    data = everybody().dataset
    np.testing.assert_allclose(data["weekly_spend"].sum(["week", "channel"]), data["spend"], rtol=1e-12)
    earned = data["incremental_gross_profit"] - data["spend"] - data["costs"]
    np.testing.assert_allclose(data["contribution"], earned, rtol=1e-9, atol=1e-6)
    dark = data["gross_profit"].sel(team="dark")
    np.testing.assert_allclose(
        data["incremental_gross_profit"], data["gross_profit"] - dark, rtol=1e-9, atol=1e-6
    )
    table = everybody().summary["teams"]["ai_cmo"]
    own, base = (data["contribution"].sel(team=name) for name in ("ai_cmo", "manual_quarterly"))
    assert table["uplift"]["contribution"]["mean"] == pytest.approx(float((own - base).mean()))


def test_a_file_is_read_back_bit_for_bit(tmp_path: Path) -> None:
    path = few().save(tmp_path / "new" / "folder")
    again = Comparison.read(path)
    xr.testing.assert_identical(again.dataset, few().dataset)
    assert again.to_json() == few().to_json()
    assert again.sentence == few().sentence
    assert [item.name for item in path.parent.iterdir()] == ["results.nc"]


def test_a_writer_that_is_killed_leaves_what_was_there(tmp_path: Path) -> None:
    path = few().save(tmp_path)
    before = path.read_bytes()
    killed = f"""
import os, h5netcdf, xarray
from pathlib import Path
from aicmo.evaluation import results
data = results.read(Path({str(path)!r}))
h5netcdf.File.close = lambda self: os._exit(9)
results.write(data.assign_attrs(seed=99), Path({str(path)!r}))
"""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", killed], cwd=Path.cwd(), env={**os.environ}, check=False
    )
    assert done.returncode == 9
    assert path.read_bytes() == before
    xr.testing.assert_identical(Comparison.read(path).dataset, few().dataset)
    few().save(tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == ["results.nc"]


def test_files_that_hold_no_results_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"no such file\. `aicmo compare SCENARIO --out DIR` writes"):
        Comparison.read(tmp_path / "missing.nc")
    whole = few().save(tmp_path).read_bytes()
    for name, content in {
        "text.nc": b"schema: 1\n",
        "empty.nc": b"",
        "half.nc": whole[: len(whole) // 2],
        "head.nc": whole[:64],
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ResultsError, match=r"not a results file \(netCDF-4\)"):
            Comparison.read(tmp_path / name)
    other = tmp_path / "other.nc"
    for attributes, found in (({}, "None"), ({"schema_version": 2}, "2")):
        xr.Dataset({"a": ("x", [1.0])}, attrs=attributes).to_netcdf(other, engine="h5netcdf")
        with pytest.raises(ResultsError, match=rf"expected results of schema_version 1, got {found}"):
            Comparison.read(other)


def test_a_file_of_the_right_version_without_results_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.nc"
    xr.Dataset({"a": ("x", [1.0])}, attrs={"schema_version": 1}).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(ResultsError):
        Comparison.read(path)
