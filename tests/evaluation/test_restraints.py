"""What guardrails cost: nothing where they never bind, and exactly the paired difference where they do."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from aicmo.cli import exits
from aicmo.cli.app import app
from aicmo.evaluation.block import run_team
from aicmo.evaluation.restraints import ALL, NoGuardrailsError, Restraints, price_guardrails
from aicmo.report.restraints import show
from aicmo.simulation.team import resolve
from tests.simulation.worlds import busy, world_of

LOOSE = {"kind": "step", "per_decision": 50.0, "per_week": 50.0, "floor": 1.0}
SCENARIO = busy(guardrails=[{"kind": "budget"}, LOOSE, {"kind": "approval", "share": 0.05}])


@pytest.fixture(scope="module")
def found() -> Restraints:
    return price_guardrails(SCENARIO, "ai_cmo", replications=3, seed=3, workers=1)


def test_a_guardrail_that_never_binds_costs_exactly_nothing(found: Restraints) -> None:
    step = found.dataset.sel(guardrail="step")
    assert not step["binding"].any()
    np.testing.assert_array_equal(step["contribution_without"], found.dataset["contribution"])
    told = found.summary["guardrails"]["step"]
    assert told["cost"]["mean"] == 0.0
    assert told["binding"] == 0.0


def test_what_binds_costs_the_difference_to_a_run_without_it(found: Restraints) -> None:
    one = found.dataset.sel(guardrail="approval")
    assert one["binding"].all()
    world, start = world_of(SCENARIO, 3)
    free = busy(guardrails=[{"kind": "budget"}, LOOSE])
    earned = []
    for scenario in (free, SCENARIO):
        ledger = run_team(world, start, resolve(scenario, "ai_cmo")).ledger
        earned.append(ledger.total("gross_profit") - ledger.total("spend"))
    cost = np.asarray(one["contribution_without"] - found.dataset["contribution"])
    np.testing.assert_allclose(cost, earned[0] - earned[1], rtol=1e-6)
    assert cost.any()


def test_blocks_and_workers_change_no_number(found: Restraints) -> None:
    again = price_guardrails(SCENARIO, "ai_cmo", replications=3, seed=3, workers=2)
    for name, values in found.dataset.data_vars.items():
        np.testing.assert_array_equal(values, again.dataset[name], err_msg=str(name))


def test_the_table_the_json_and_the_sentence_tell_the_same(found: Restraints) -> None:
    console = Console(width=120, record=True, file=None, force_terminal=False)
    show(found, console)
    text = console.export_text()
    assert all(name in text for name in ("budget", "step", "approval", ALL))
    assert json.loads(found.to_json()) == found.summary


def test_the_command_says_what_there_is_nothing_to_price(tmp_path: Path) -> None:
    with pytest.raises(NoGuardrailsError, match="no guardrails"):
        price_guardrails(busy(guardrails=[]))
    missing = CliRunner().invoke(app, ["guardrails", str(tmp_path / "none.yaml")])
    assert missing.exit_code == exits.Exit.INVALID
