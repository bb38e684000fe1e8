"""More of what helps never hurts, more of what hurts never helps: one setting at a time, all else equal."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from aicmo.core.noise import Tape
from aicmo.market import build, measure
from aicmo.market.levers import Levers
from aicmo.market.measurement import Stack
from tests.market.runs import run, waves
from tests.market.scenarios import everything, plain, read

Change = Callable[[dict[str, Any], float], None]


def of(place: str, key: str, inner: str | None = None) -> Change:
    """Set a number of every segment, channel or campaign, or within one of its settings."""

    def change(written: dict[str, Any], value: float) -> None:
        for item in written["market"][place]:
            if inner is None:
                item[key] = value
            else:
                item[key] = item.get(key, {}) | {inner: value}

    return change


def mechanism(name: str, key: str) -> Change:
    def change(written: dict[str, Any], value: float) -> None:
        written["market"][name] = written["market"][name] | {key: value}

    return change


def synergy(written: dict[str, Any], value: float) -> None:
    written["market"]["synergies"][0]["lift"] = value


def event(**factors: float) -> Change:
    """An event of two months with a factor of so much."""
    (key,) = factors

    def change(written: dict[str, Any], value: float) -> None:
        when = {"name": "it", "start": "2026-02-02", "duration": "8w", key: value}
        written["market"]["events"] = [*written["market"]["events"], when]

    return change


def curve(key: str) -> Change:
    return of("campaigns", "curve", key)


# setting, a lower and a higher value, and whether more of it means more orders from campaigns
MORE: dict[str, tuple[Change, float, float, bool]] = {
    "price": (event(price=1.0), 1.0, 1.6, False),
    "demand": (event(demand=1.0), 1.0, 1.6, True),
    "effectiveness": (event(effectiveness=1.0), 0.5, 1.0, True),
    "rivals": (event(rivals=1.0), 1.0, 2.0, False),
    "rivalry": (of("channels", "rivalry"), 0.0, 0.5, False),
    "synergy": (synergy, 0.1, 0.5, True),
    "brand building": (of("channels", "brand"), 0.1, 0.6, True),
    "brand elasticity": (mechanism("brand", "elasticity"), 0.05, 0.4, True),
    "wear by exposure": (mechanism("creative", "exposures"), 0.1, 1.0, False),
    "wear exponent": (mechanism("creative", "exponent"), 0.2, 0.8, False),
    "wear floor": (mechanism("creative", "floor"), 0.1, 0.6, True),
    "premium": (of("channels", "targeting", "premium"), 0.0, 0.6, False),
    "concentration": (of("channels", "targeting", "concentration"), 0.2, 0.9, False),
    "learning severity": (of("channels", "learning", "severity"), 0.1, 1.0, False),
    "half saturation": (curve("half_saturation"), 500.0, 900.0, False),
    "ceiling": (curve("ceiling"), 20.0, 40.0, True),
}


def calm(*, wear: bool = False) -> dict[str, Any]:
    """Everything on, without luck; rivals stand a little above their mean, nobody is finite.

    Creative wears out only where asked to: whatever shows it less, a high price say, saves it for later.
    """
    written = copy.deepcopy(everything())
    market = written["market"] | {"drift": None, "noise": {"dispersion": 0.0}}
    market["rivals"] = market["rivals"] | {"volatility": 0.0, "bursts_per_year": 0.0}
    market["events"] = [{"name": "entry", "start": "2026-01-12", "duration": "20w", "rivals": 1.3}]
    still = {"shock": {"volatility": 0.0}}
    market["segments"] = [{k: v for k, v in s.items() if k != "people"} | still for s in market["segments"]]
    if not wear:
        market["creative"] = market["creative"] | {"exponent": 0.0}
    for channel in market["channels"]:
        channel.pop("price", None)
    for item in market["campaigns"]:  # what is cut to supply is no less a response, but whole cents jump
        item.pop("inventory", None)
    return {**written, "market": market, "uncertainty": None}


@pytest.mark.parametrize("name", MORE)
def test_orders_that_campaigns_cause_move_one_way(name: str) -> None:
    change, low, high, rises = MORE[name]
    levers = Levers(breadth=np.full((3, 4), 0.5), skill=0.6)
    results = []
    for value in (low, high):
        written = calm(wear=name.startswith("wear"))
        change(written, value)
        results.append(run(written, waves, levers=levers)["mean"])
    less, more = results if rises else results[::-1]
    # only where rivals lie below their mean would rivalry help; history has none
    assert (more >= less * (1 - 1e-12)).all()
    assert more.sum() > 1.001 * less.sum()


def test_more_money_never_brings_less() -> None:
    """A campaign that gets more in one world gets nothing less from anybody, brand and synergy included.

    The learning phase is left out, since it punishes steps; the three worlds differ in nothing but money.
    """
    written = calm()
    for channel in written["market"]["channels"]:
        channel.pop("learning", None)
    mechanism("creative", "quality")(written, 0.0)
    levels = np.array([[1.0], [1.3], [1.9]])
    mean = run(written, lambda t, m: waves(t, m) * levels)["mean"]
    assert (np.diff(mean, axis=1) >= -1e-12 * mean[:, :-1]).all()
    assert (mean[-1, 2] > mean[-1, 0]).all()


def test_retention_keeps_the_more_the_more_it_prevents() -> None:
    def customers(cut: float) -> np.ndarray:
        written = everything()
        written["market"]["campaigns"][2] |= {"churn_cut": cut}
        return np.array(
            [state.people.customers[:, 1] for state in run(written, waves).states if state.people]
        )

    few, some, many = (customers(cut) for cut in (0.0, 0.4, 0.9))
    assert (few <= some).all()
    assert (some <= many).all()
    assert (many[-1] > few[-1]).all()


def test_governance_prevents_incidents_and_money_makes_them() -> None:
    """Each incident of a well-governed run is one of the ill-governed; half the money likewise."""

    def penalty(governance: float, factor: float) -> np.ndarray:
        return run(everything(), lambda t, m: factor * waves(t, m), levers=Levers(governance=governance))[
            "penalty"
        ]

    ill, well, poor = penalty(0.0, 40.0), penalty(0.7, 40.0), penalty(0.0, 20.0)
    assert ((well > 0) <= (ill > 0)).all()
    assert ((poor > 0) <= (ill > 0)).all()
    assert (ill > 0).sum() > (well > 0).sum() > 0


@pytest.mark.parametrize("setting", ["match_rate", "consent"])
def test_the_better_people_are_known_the_less_is_over_claimed(setting: str) -> None:
    """What unified measurement credits beyond the truth, per order that is seen, falls with identity."""
    result = run(plain(), waves)
    scenario = read(plain())
    market = build(scenario, Tape(7, 3))
    excess = []
    for value in (0.2, 0.5, 0.9):
        stated = scenario.measurement.model_copy(update={setting: value})
        stack = Stack.of(stated)
        _, unified = measure(market, stack, result["volume"], result["saturation"], result["organic"])
        excess.append(unified / stack.signal - result["volume"])
    assert (excess[0] >= excess[1] - 1e-12).all()
    assert (excess[1] >= excess[2] - 1e-12).all()
    assert excess[0].sum() > 1.001 * excess[2].sum()


def test_platforms_claim_more_the_more_they_may() -> None:
    claims = []
    for overclaim in (0.0, 0.3, 0.9):
        written = plain()
        of("channels", "overclaim")(written, overclaim)
        result = run(written, waves)
        stack = Stack.of(read(written).measurement)
        credit = measure(result.market, stack, result["volume"], result["saturation"], result["organic"])
        claims.append(credit[0])
    np.testing.assert_array_equal(claims[0], result["volume"])
    assert (claims[0] <= claims[1]).all()
    assert (claims[1] <= claims[2]).all()
