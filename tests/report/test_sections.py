"""What each section says is what the results file holds, by slow obvious arithmetic."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from aicmo.report import budget_change, checks_table
from aicmo.report.blocks import Items
from aicmo.report.close_up import CloseUp
from aicmo.report.comparison_page import comparison_page
from aicmo.report.evidence import Evidence
from aicmo.report.figures import approvals, effect_shares, pacing
from aicmo.report.page import render
from aicmo.report.sections import decisions
from tests.report.reader import Reader
from tests.report.synthetic import Invented, invented

ORDER = [
    "finding", "scenario", "budget", "teams", "returns", "further", "waterfall", "curves", "effect", "pacing",
    "guardrails", "organisations", "decisions", "diagnostics", "reproduce",
]  # fmt: skip


@cache
def whole() -> Invented:
    return invented()


@cache
def numbers() -> dict[str, list[list[str]]]:
    return Reader(render(comparison_page(whole()))).numbers()


def verdicts(comparison: Invented) -> dict[str, str]:
    table = checks_table.table(Evidence(comparison))
    return {row.name: row.cells[1].value for row in table.rows}


def test_sections_stand_in_the_order_in_which_they_are_read() -> None:
    assert [section.anchor for section in comparison_page(whole()).sections] == ORDER


def test_what_is_not_in_the_file_is_said_with_the_command_that_adds_it() -> None:
    text = Reader(render(comparison_page(invented(bare=True)))).text
    for command in ("aicmo truth", "aicmo guardrails"):
        assert re.search(rf"{command} retailer.yaml .*--seed 1 --into results.nc", text)
    assert re.search(r"aicmo compare retailer.yaml .* --waterfall", text)
    assert "nobody else decided" in text


def test_changes_by_channel_add_up_and_money_only_moves() -> None:
    table = budget_change.by_channel(Evidence(whole()), "ai_cmo")
    spend = whole().dataset["weekly_spend"].sum("week").mean("replication")
    own, base = (spend.sel(team=name).to_numpy() for name in ("ai_cmo", "manual_quarterly"))
    for row, mine, theirs in zip(table.rows, own, base, strict=False):
        assert row.cells[3].value == f"{100 * (mine / theirs - 1):+.1f}%"
        assert row.cells[5].value == f"{100 * mine / own.sum():.1f}%"
    assert table.rows[-1].cells[4].value == table.rows[-1].cells[5].value == "100%"


def test_campaigns_stand_by_how_much_they_differ_with_what_a_unit_brings() -> None:
    close = CloseUp.of(Evidence(whole()))
    assert close is not None
    table = budget_change.by_campaign(close, "EUR")
    differ = np.abs(close.after - close.before)
    assert [row.name for row in table.rows] == [
        close.campaigns[c] for c in np.argsort(-differ, kind="stable")
    ]
    first = close.campaigns.index(table.rows[0].name)
    marginal = whole().beside["close_up"]["true_marginal"].values[:, first] / 0.4
    assert [cell.value for cell in table.rows[0].cells[6:8]] == [f"{value:.2f}" for value in marginal]
    holds = whole().beside["close_up"]["holds"].values[:, 1, first].mean()
    assert table.rows[0].cells[8].value == f"step {holds:.0%}"


def test_curves_can_be_saved_whole() -> None:
    rows, data = numbers()["curves.csv"][1:], whole().beside["close_up"]
    assert len(rows) == data["spend"].size
    np.testing.assert_allclose([float(row[2]) for row in rows], data["true_profit"].values.ravel())
    assert {row[0] for row in rows} == set(data["campaign"].values)


def test_the_waterfall_adds_up_to_the_uplift() -> None:
    steps = [float(row[1]) for row in numbers()["waterfall.csv"][1:]]
    uplift = whole().summary["teams"]["ai_cmo"]["uplift"]["contribution"]["mean"]
    assert sum(steps) == pytest.approx(uplift)


def test_shares_of_spend_and_effect_add_up_to_one() -> None:
    rows = np.array([[float(x) for x in row[1:5]] for row in numbers()["effect-shares.csv"][1:]])
    np.testing.assert_allclose(rows.sum(axis=0), 1.0)


def test_a_channel_that_claims_ten_times_its_effect_shows() -> None:
    found = {row[0]: [float(x) for x in row[1:]] for row in numbers()["effect-shares.csv"][1:]}
    true, claimed = found["search"][4], found["search"][7]
    assert claimed / true == pytest.approx(10.0)
    assert effect_shares.KINDS.keys() == {"claimed", "unified"}


def test_the_plan_spreads_each_budget_evenly_to_its_last_day() -> None:
    plan = pacing.planned(Evidence(whole()))
    budget = whole().dataset["period_budget"].values
    for period, week in enumerate((13, 26, 39, 52)):
        assert plan[week - 1] == pytest.approx(budget[: period + 1].sum())
    np.testing.assert_allclose(np.diff(plan[:13]), budget[0] / 13)


def test_pacing_is_spend_so_far_over_plan_so_far() -> None:
    spend = whole().dataset["weekly_spend"].sel(team="ai_cmo").sum("channel").mean("replication").values
    plan = pacing.planned(Evidence(whole()))
    found = [float(row[1]) for row in numbers()["pacing.csv"][1:]]
    np.testing.assert_allclose(found, [spend[: week + 1].sum() / plan[week] - 1 for week in range(52)])


def test_approvals_are_counted_and_their_absence_is_said() -> None:
    rows = numbers()["approvals.csv"][1:]
    granted = float(whole().dataset["weekly_granted"].sel(team="ai_cmo").mean("replication").sum())
    assert sum(float(row[2]) for row in rows) == pytest.approx(granted)
    data = whole().dataset
    silent = data.assign({f"weekly_{kind}": 0.0 * data[f"weekly_{kind}"] for kind in approvals.KINDS})
    assert "never had to ask" in Reader(render(comparison_page(replace(whole(), dataset=silent)))).text


def test_the_boldest_decision_of_each_period_is_told_and_the_others_are_folded() -> None:
    section = decisions.section(Evidence(whole()))
    told, others = (block.items for block in section.blocks if isinstance(block, Items))
    data = whole().beside["close_up"]
    moved = np.abs(data["after"].values - data["before"].values).sum(axis=1)
    expected = [str(data["day"].values[13 * q + np.argmax(moved[13 * q : 13 * q + 13])]) for q in range(4)]
    assert [day for day, _ in told] == expected
    assert len(told) + len(others) == 52
    assert all("Move" in text or "All rates" in text for _, text in (*told, *others))


def test_what_must_hold_holds_of_sound_results() -> None:
    assert set(verdicts(whole()).values()) <= {checks_table.HOLDS, checks_table.OPEN}


def test_a_budget_that_is_overspent_is_found() -> None:
    data = whole().dataset
    overspent = data.assign(period_spend=1.5 * data["period_spend"])
    found = verdicts(replace(whole(), dataset=overspent))
    assert found["Every team within every period's budget"] == checks_table.LOOK


def test_a_team_that_beats_the_clairvoyant_is_found() -> None:
    data = whole().dataset.copy(deep=True)
    luck = np.random.default_rng(1).uniform(0.9, 1.1, data.sizes["replication"])
    data["objective"].loc[{"team": "ai_cmo"}] *= 2.0 * luck
    found = verdicts(replace(whole(), dataset=data))
    assert found["Clairvoyant beaten beyond 2 standard errors"] == checks_table.LOOK


def test_a_broken_guardrail_and_unequal_spend_want_a_look() -> None:
    broken = invented()
    broken.summary["teams"]["ai_cmo"]["violations"] = 2.0
    broken.summary["teams"]["ai_cmo"]["spend"]["mean"] *= 0.9
    found = verdicts(broken)
    assert found["Guardrails broken"] == checks_table.LOOK
    assert found["Spend as much as the baseline, within 0.5 %"] == checks_table.LOOK
