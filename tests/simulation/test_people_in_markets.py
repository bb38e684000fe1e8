"""What people make of audiences and creatives in whole markets, where reports are noisy and late."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aicmo.scenario.load import load
from aicmo.scenario.presets import PRESETS
from aicmo.scenario.schema import Scenario
from aicmo.scenario.teams import TeamSpec
from aicmo.simulation.session import Session

SCENARIOS = Path(__file__).parents[2] / "scenarios"
WORLDS = 6


def profit(scenario: Scenario, team: str, **seats: object) -> np.ndarray:
    """Gross profit less spend, penalties and what the studio costs, by world."""
    spec = TeamSpec.model_validate(PRESETS[team] | seats)
    ledger = Session(
        scenario.model_copy(update={"teams": scenario.teams | {"these": spec}}), WORLDS, 1, "these"
    ).run()
    outlay = sum(ledger.total(name) for name in ("spend", "studio", "penalty"))
    return np.asarray(ledger.total("gross_profit") - outlay)


def clearly_above(difference: np.ndarray) -> float:
    """Lower limit of the mean, two standard errors below."""
    return float(difference.mean() - 2.0 * difference.std(ddof=1) / np.sqrt(len(difference)))


@pytest.mark.parametrize("name", ["thin_margins", "privacy_shock", "creative_fatigue"])
def test_people_who_look_do_not_earn_less_than_people_who_do_not(name: str) -> None:
    scenario = load(SCENARIOS / f"{name}.yaml")
    typical, weak = (profit(scenario, team) for team in ("manual_quarterly", "manual_weak"))
    assert clearly_above(weak - typical) <= 0.0


def test_people_who_pause_what_is_worse_hold_response_as_well_as_those_who_refresh_blindly() -> None:
    scenario = load(SCENARIOS / "creative_fatigue.yaml")
    own = profit(scenario, "manual_quarterly")
    blind = profit(scenario, "manual_quarterly", creative=PRESETS["manual_weak"]["creative"])
    assert clearly_above(own - blind) > 0.0
