"""One market drawn from the priors, as a scenario: the world that a run with its seed meets."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aicmo.core.noise import Tape
from aicmo.market import advance, build, open_state, weather
from aicmo.scenario.library import library
from aicmo.scenario.load import load, loads
from aicmo.scenario.market import LogisticCurve
from aicmo.scenario.schema import Scenario
from aicmo.scenario.uncertainty import Uncertainty
from tests.market.scenarios import everything, read

ROOT = Path(__file__).parents[2] / "scenarios"
TYPICAL: dict[str, Any] = library()["uncertainty"]["typical"]


STACK = {"latency": "2d", "lag_half_life": "1d", "lag_end": "7d"}


def uncertain(**priors: Any) -> Scenario:
    """Every mechanism, under the priors that ship."""
    return read(everything(measurement=STACK) | {"uncertainty": {"preset": "typical", **priors}})


def truth(value: Any) -> dict[str, np.ndarray]:
    """All numbers of a market, by name."""
    found: dict[str, np.ndarray] = {}
    for field in fields(value):
        part = getattr(value, field.name)
        if is_dataclass(part):
            found |= {f"{field.name}.{name}": array for name, array in truth(part).items()}
        elif field.name == "links":
            found["links"] = np.array([lift for _, _, lift in part])
        elif isinstance(part, (np.ndarray, float)):
            found[field.name] = np.asarray(part)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_it_is_the_world_that_a_run_with_the_seed_meets(seed: int) -> None:
    scenario, tape = uncertain(), Tape(seed, 1)
    sample = scenario.sample(seed)
    drawn, fixed = build(scenario, tape), build(sample, tape)
    ours, theirs = truth(drawn), truth(fixed)
    assert ours.keys() == theirs.keys()
    for name in ours:
        if name not in {
            "shape",
            "consent",
        }:  # a logistic curve has no shape; consent is the stack's in a sample
            np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-12, err_msg=name)
    np.testing.assert_array_equal(ours["shape"][~drawn.logistic], theirs["shape"][~drawn.logistic])
    sky, fixed_sky = weather(scenario, drawn, tape), weather(sample, fixed, tape)
    for name in ("price", "demand", "effectiveness", "rivals"):
        np.testing.assert_allclose(getattr(sky, name), getattr(fixed_sky, name), rtol=1e-12, err_msg=name)


def test_money_earns_the_same_in_both() -> None:
    scenario, tape = uncertain(), Tape(5, 1)
    earned = []
    for one in (scenario, scenario.sample(5)):
        market = build(one, tape)
        sky, state, total = weather(one, market, tape), open_state(market), 0.0
        for tick in range(40):
            state, outcome = advance(market, sky, state, np.full(market.ceiling.shape, 300.0), tick)
            total += float(outcome.gross_profit.sum())
        earned.append(total)
    assert earned[0] == pytest.approx(earned[1], rel=1e-12)


@pytest.mark.parametrize("name", ["retailer", "small"])
def test_saved_and_loaded_it_is_the_same_to_the_last_bit(name: str, tmp_path: Path) -> None:
    sample = load(ROOT / f"{name}.yaml").sample(3)
    sample.save(tmp_path / "market.yaml")
    again = load(tmp_path / "market.yaml")
    assert again.model_dump() == sample.model_dump()
    assert again.uncertainty is None
    one, other = truth(build(sample, Tape(1, 2))), truth(build(again, Tape(1, 2)))
    for field in one:
        np.testing.assert_array_equal(one[field], other[field], err_msg=field)


def test_all_mechanisms_survive_saving() -> None:
    sample = uncertain().sample(4)
    assert loads(sample.text).model_dump() == sample.model_dump()


def test_seeds_draw_different_markets_and_the_same_one_again() -> None:
    scenario = load(ROOT / "small.yaml")
    assert scenario.sample(1).market != scenario.sample(2).market
    assert scenario.sample(1).market == scenario.sample(1).market


def test_without_priors_a_scenario_is_sampled_around() -> None:
    scenario = load(ROOT / "small.yaml")
    fixed = scenario.model_copy(update={"uncertainty": None})
    typical = scenario.model_copy(update={"uncertainty": Uncertainty.model_validate(TYPICAL)})
    assert fixed.sample(8).model_dump() == typical.sample(8).model_dump()


def test_at_least_a_third_of_sampled_worlds_lie_outside_the_learners_family() -> None:
    small = load(ROOT / "small.yaml")
    market = build(
        small.model_copy(update={"uncertainty": Uncertainty.model_validate(TYPICAL)}), Tape(1, 2000)
    )
    assert market.carryover is not None
    logistic, late = market.logistic.all(axis=1), (market.carryover.hold > 0).any(axis=1)
    # binomial standard error of a share at 2000 worlds: .011
    assert logistic.mean() == pytest.approx(0.34, abs=0.04)
    assert late.mean() == pytest.approx(0.25, abs=0.04)
    assert (logistic | late).mean() > 1 / 3


def test_a_sampled_logistic_market_is_written_as_one() -> None:
    curves = [uncertain(outside_family=1.0).sample(1).market.campaigns[0].curve]
    assert all(isinstance(curve, LogisticCurve) for curve in curves)


@pytest.mark.parametrize("key", sorted(set(Uncertainty.model_fields) - {"preset"}))
def test_every_prior_that_ships_moves_something(key: str) -> None:
    """A key of `uncertainty:` that changed nothing would promise what it does not do."""
    assert key in TYPICAL, "the priors that ship leave nothing out"
    still = read(everything(measurement=STACK))
    stated = {key: 1.0} if key in {"outside_family", "delayed_peak"} else {key: {"uniform": [1.7, 1.9]}}
    moved = read(everything(measurement=STACK) | {"uncertainty": stated}).sample(1)
    fixed, drawn = still.model_dump(), moved.model_dump()
    changed = [part for part in ("market", "measurement", "knowledge") if fixed[part] != drawn[part]]
    assert changed
    assert {"knowledge"} == set(changed) if key == "misallocation" else "knowledge" not in changed


def test_worlds_of_one_batch_differ_in_every_drawn_mechanism() -> None:
    market = build(uncertain(), Tape(2, 8))
    assert market.people is not None
    assert market.brand is not None
    assert market.targeting is not None
    for drawn in (
        market.people.prospects[:, 1],
        market.people.churn[:, 1],
        market.brand.strength.max(axis=1),
        market.consent[:, 0],
        market.half_life[:, 0],
    ):
        assert len(np.unique(drawn)) == 8


def test_half_lives_are_whole_minutes_so_that_a_file_can_say_them() -> None:
    market = build(uncertain(), Tape(2, 8))
    np.testing.assert_allclose(market.half_life * 1440, np.rint(market.half_life * 1440), atol=1e-9)


def test_a_channel_without_targeting_stays_without_under_every_prior() -> None:
    written = everything(measurement=STACK) | {"uncertainty": TYPICAL}
    del written["market"]["channels"][0]["targeting"]
    market = build(read(written), Tape(2, 8))
    assert market.targeting is not None
    untargeted = market.channel == 0
    assert (market.targeting.concentration[:, untargeted] == 1.0).all()
    assert (market.targeting.concentration[:, ~untargeted] < 1.0).any()
