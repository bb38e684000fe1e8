"""allocate, as a shell sees it: the plan is lawful, its files agree, and what cannot be is told."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from aicmo.cli import exits
from aicmo.cli.app import app
from aicmo.core.allocate import allocate
from aicmo.core.groups import Group
from aicmo.core.objectives import maximise_profit, minimise_spend, spend_until
from aicmo.importers.curves_csv import read_curves
from aicmo.report.figures import plan as figure

SAMPLES = Path(__file__).parents[2] / "scenarios" / "curves"
CURVES, POINTS, GROUPS = (SAMPLES / f"{name}.csv" for name in ("retailer_curves", "points", "groups"))
GIVEN = read_curves(CURVES)
CURRENT = np.zeros(8) if GIVEN.current is None else GIVEN.current
VIDEO, SEARCH = [5, 6], [0, 1]
LIMITED = ("--bounds", "0.7:1.3", "--groups", str(GROUPS))
CENT = 0.005


def invoke(*arguments: str | Path, columns: int = 100) -> Result:
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(
        app, ["allocate", *(str(argument) for argument in arguments)]
    )


def planned(folder: Path, *arguments: str | Path, curves: Path = CURVES) -> dict[str, Any]:
    """The numbers of a plan; the plot has a test of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figure, "save", lambda *_: ())
        done = invoke(curves, *arguments, "--out", folder, "--json", "-")
    assert done.exit_code == exits.Exit.DONE, done.output
    numbers: dict[str, Any] = json.loads(done.stdout)
    return numbers


def column(numbers: dict[str, Any], key: str) -> np.ndarray:
    return np.array([np.nan if c[key] is None else c[key] for c in numbers["campaigns"]])


def in_cents(amounts: np.ndarray) -> bool:
    return bool(np.allclose(np.round(amounts, 2), amounts, rtol=0.0, atol=1e-7))


@pytest.mark.parametrize("budget", ["1.2M", "1,100,000.37", "1.3e6"])
def test_the_plan_spends_the_budget_to_the_cent_within_every_limit(tmp_path: Path, budget: str) -> None:
    numbers = planned(tmp_path, "--budget", budget, *LIMITED)
    spend = column(numbers, "new")
    assert in_cents(spend)
    assert round(100 * spend.sum()) == round(100 * float(budget.replace(",", "").replace("1.2M", "1.2e6")))
    assert (spend >= np.maximum(0.7 * CURRENT, GIVEN.lower) - CENT).all()
    assert (spend <= np.minimum(1.3 * CURRENT, GIVEN.upper) + CENT).all()
    assert 200_000 <= spend[VIDEO].sum() <= 380_000 + CENT
    assert spend[SEARCH].sum() <= 380_000 + CENT


def test_the_plan_is_the_allocator_s_and_never_below_today_s(tmp_path: Path) -> None:
    numbers = planned(tmp_path, "--budget", "1.2M", *LIMITED)
    groups = [Group(VIDEO, 200_000, 380_000), Group(SEARCH, 0.0, 380_000)]
    lower, upper = np.maximum(0.7 * CURRENT, GIVEN.lower), np.minimum(1.3 * CURRENT, GIVEN.upper)
    best = allocate(GIVEN.curves, 1.2e6, lower, upper, groups)
    np.testing.assert_allclose(column(numbers, "new"), best.spend, rtol=0.0, atol=0.02)
    assert numbers["response"] == pytest.approx(float(best.response), rel=1e-9)
    assert numbers["price"] == pytest.approx(float(best.price), rel=1e-6)
    assert numbers["response"] >= GIVEN.curves.value(CURRENT).sum()
    assert numbers["certificate"]["proven"]


def test_prices_are_what_one_more_euro_brings(tmp_path: Path) -> None:
    base = planned(tmp_path, "--budget", "1.2M", *LIMITED)
    more = planned(tmp_path, "--budget", "1201k", *LIMITED)
    assert more["response"] - base["response"] == pytest.approx(1000 * base["price"], rel=0.01)
    wider = tmp_path / "wider.csv"
    wider.write_text(
        GROUPS.read_text(encoding="utf-8").replace("380k\nvideo,o", "381k\nvideo,o"), encoding="utf-8"
    )
    freed = planned(tmp_path, "--budget", "1.2M", "--bounds", "0.7:1.3", "--groups", wider)
    price = next(group["price"] for group in base["groups"] if group["group"] == "video")
    assert price > 0.0
    assert freed["response"] - base["response"] == pytest.approx(1000 * price, rel=0.01)


def test_unbounded_campaigns_return_the_price_and_bounds_tell_theirs(tmp_path: Path) -> None:
    numbers = planned(tmp_path, "--budget", "1.2M", *LIMITED)
    held = np.array([bool(c["binding"]) for c in numbers["campaigns"]])
    inside = column(numbers, "mroas_new")[~held]
    np.testing.assert_allclose(inside, numbers["price"], rtol=1e-5)
    display = next(c for c in numbers["campaigns"] if c["campaign"] == "display")
    assert display["binding"] == ["minimum"]
    assert display["bound_price"] == pytest.approx(display["mroas_new"] - numbers["price"], rel=1e-6)


def test_profit_stops_where_a_euro_earns_itself(tmp_path: Path) -> None:
    numbers = planned(tmp_path, "--objective", "profit", "--value", "1.1")
    best = maximise_profit(GIVEN.curves, 1.1, 1e7, GIVEN.lower, GIVEN.upper)
    achieved = 1.1 * float(best.response[0]) - float(best.total[0])
    assert numbers["certificate"]["of"] == pytest.approx(achieved, rel=1e-9)
    assert numbers["spend"] == pytest.approx(float(best.total[0]), abs=0.02)
    assert 1.1 * numbers["price"] == pytest.approx(1.0, rel=1e-9)
    assert numbers["budget"] is None


def test_the_target_is_reached_with_the_least_money(tmp_path: Path) -> None:
    numbers = planned(tmp_path, "--objective", "target-response=1.9M", "--budget", "1.5M")
    best = minimise_spend(GIVEN.curves, 1.9e6, 1.5e6, GIVEN.lower, GIVEN.upper)
    assert numbers["response"] >= 1.9e6
    assert numbers["spend"] == pytest.approx(float(best.total[0]), abs=0.1)
    assert numbers["spend"] >= float(best.total[0] - best.gap[0])


def test_a_hurdle_ends_spending_unless_the_budget_does(tmp_path: Path) -> None:
    free = planned(tmp_path, "--objective", "target-mroi 0.9")
    best = spend_until(GIVEN.curves, 0.9, 1e7, GIVEN.lower, GIVEN.upper)
    assert free["spend"] == pytest.approx(float(best.total[0]), abs=0.02)
    tight = planned(tmp_path, "--objective", "target-mroi=0.9", "--budget", "1M")
    assert tight["spend"] == 1e6
    assert tight["price"] > 0.9


def test_money_that_brings_nothing_stays_with_its_reason(tmp_path: Path) -> None:
    numbers = planned(tmp_path, "--budget", "2M", curves=POINTS)
    assert numbers["spend"] == 1_090_000
    assert numbers["unallocated"]["amount"] == 910_000
    assert "flat" in numbers["unallocated"]["reason"]
    capped = planned(tmp_path, "--budget", "2M", "--bounds", "0:1.1", curves=POINTS)
    assert "at the maximum" in capped["unallocated"]["reason"]
    assert capped["spend"] == pytest.approx(1.1 * 800_000)


def test_yen_have_no_cents(tmp_path: Path) -> None:
    spend = column(planned(tmp_path, "--budget", "1000001", "--currency", "JPY"), "new")
    assert (spend == np.round(spend)).all()
    assert spend.sum() == 1_000_001


def test_screen_table_plot_and_json_are_one_plan(tmp_path: Path) -> None:
    file = tmp_path / "numbers.json"
    done = invoke(CURVES, "--budget", "1.2M", *LIMITED, "--out", tmp_path / "new", "--json", file)
    assert done.exit_code == exits.Exit.DONE, done.output
    assert done.stderr == ""
    numbers = json.loads(file.read_text(encoding="utf-8"))
    with (tmp_path / "new" / "plan.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert [float(row["new"]) for row in rows] == column(numbers, "new").tolist()
    assert f"One more euro of budget returns {numbers['price']:.2f}." in done.stdout
    assert "The maximum of group video (€380k) costs" in done.stdout
    assert "Proven optimal" in done.stdout
    assert (tmp_path / "new" / "plan.png").read_bytes().startswith(b"\x89PNG")
    drawn = (tmp_path / "new" / "plan.svg").read_text(encoding="utf-8")
    assert all(name in drawn for name in GIVEN.campaigns)
    assert "#010101" not in drawn, "stand-in colours are for pages"


@pytest.mark.parametrize("columns", [60, 140])
def test_nothing_is_wider_than_the_window(tmp_path: Path, columns: int) -> None:
    done = invoke(CURVES, "--budget", "1.2M", *LIMITED, "--out", tmp_path, columns=columns)
    shown = done.stdout.partition("\nTable:")[0]  # paths stay in one piece
    assert max(cell_len(line) for line in shown.splitlines()) <= columns
    assert "\x1b" not in shown


def test_curves_alone_make_a_plan_without_a_past(tmp_path: Path) -> None:
    file = tmp_path / "bare.csv"
    file.write_text("campaign,kind,scale,exponent\na,power,3,0.5\nb,power,6,0.5\n", encoding="utf-8")
    numbers = planned(tmp_path, "--budget", "500", curves=file)
    np.testing.assert_allclose(column(numbers, "new"), [100.0, 400.0])  # x ∝ scale² where marginals meet
    assert numbers["current"] is None
    assert column(numbers, "current").tolist() == pytest.approx([np.nan, np.nan], nan_ok=True)


def test_a_thousand_campaigns_show_those_that_change_most(tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    rows = "\n".join(f"c{i},logarithmic,{100 + i},50,{i}" for i in range(1000))
    file.write_text(f"campaign,kind,scale,half,current_spend\n{rows}\n", encoding="utf-8")
    done = invoke(file, "--budget", "499500", "--out", tmp_path)
    assert done.exit_code == exits.Exit.DONE, done.output
    assert "… and 960 campaigns that change less" in done.stdout
    with (tmp_path / "plan.csv").open(encoding="utf-8") as table:
        spend = [float(row["new"]) for row in csv.DictReader(table)]
    assert round(100 * sum(spend)) == 49_950_000


def test_limits_that_collide_are_named_with_their_amounts(tmp_path: Path) -> None:
    done = invoke(CURVES, "--budget", "800k", "--bounds", "0.9:1.1", "--out", tmp_path)
    assert done.exit_code == exits.Exit.INFEASIBLE
    named = re.findall(r"campaign '(\w+)' minimum ([0-9,]+)", done.output)
    amounts = [float(amount.replace(",", "")) for _, amount in named]
    assert sum(amounts) > 800_000 >= sum(amounts) - min(amounts), "the smallest set that collides"
    current = dict(zip(GIVEN.campaigns, CURRENT, strict=True))
    assert amounts == pytest.approx([0.9 * current[name] for name, _ in named])
    assert "total budget 800,000" in done.output


def test_groups_and_targets_collide_by_name(tmp_path: Path) -> None:
    file = tmp_path / "groups.csv"
    file.write_text("group,campaign,minimum,maximum\nvideo,tv,,50k\nvideo,online_video,,\n", encoding="utf-8")
    done = invoke(CURVES, "--budget", "1.2M", "--bounds", "0.9:1.1", "--groups", file, "--out", tmp_path)
    assert done.exit_code == exits.Exit.INFEASIBLE
    assert "campaign 'tv' minimum 198,000" in done.output
    assert "group 'video' maximum 50,000" in done.output
    far = invoke(CURVES, "--budget", "1M", "--objective", "target-response=9M", "--out", tmp_path)
    assert far.exit_code == exits.Exit.INFEASIBLE
    assert "target response 9,000,000" in far.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--budget"),
        (("--budget", "0"), "above 0"),
        (("--budget", "-5"), "got '-5'"),
        (("--budget", "lots"), "250k"),
        (("--budget", "1M", "--bounds", "0.9"), "0.7:1.3"),
        (("--budget", "1M", "--bounds", "1.2:0.8"), "low:high"),
        (("--budget", "1M", "--objective", "profitt"), "Did you mean 'profit'?"),
        (("--budget", "1M", "--objective", "profit"), "--value"),
        (("--budget", "1M", "--value", "2"), "only profit"),
        (("--budget", "1M", "--objective", "target-mroi"), "target-mroi=X"),
        (("--budget", "1M", "--objective", "response=3"), "response alone"),
        (("--budget", "1M", "--currency", "EURO"), "ISO 4217"),
        (("--budget", "1M", "--groups", "missing.csv"), "missing.csv"),
        (("--budget", "1M", "--json", "no/such/folder.json"), "folder.json"),
        (("--budget", "1M", "--out", str(CURVES)), "retailer_curves.csv"),
    ],
)
def test_wrong_options_are_told_in_a_sentence(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = invoke(CURVES, "--out", tmp_path, *arguments, columns=200)
    assert done.exit_code == exits.Exit.INVALID, done.output
    assert "Traceback" not in done.output
    assert words in done.output


def test_broken_files_end_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "broken.csv"
    file.write_text("campaign,kind,scale,half\ntv,logaritmic,1,2\nweb,logarithmic,-1,2\n", encoding="utf-8")
    done = invoke(file, "--budget", "1M", "--out", tmp_path)
    assert done.exit_code == exits.Exit.INVALID
    assert f"{file}:2:4 kind" in done.output
    assert f"{file}:3:17 scale" in done.output
    assert invoke(tmp_path / "no.csv", "--budget", "1", "--out", tmp_path).exit_code == exits.Exit.INVALID


def test_what_has_no_end_and_what_has_no_past_are_told(tmp_path: Path) -> None:
    file = tmp_path / "endless.csv"
    file.write_text("campaign,kind,scale,exponent\na,power,3,1\n", encoding="utf-8")
    endless = invoke(file, "--objective", "target-mroi=2", "--out", tmp_path)
    assert endless.exit_code == exits.Exit.INVALID
    assert "budget" in endless.output
    no_past = invoke(file, "--budget", "10", "--bounds", "0.7:1.3", "--out", tmp_path)
    assert no_past.exit_code == exits.Exit.INVALID
    assert "current_spend" in no_past.output
