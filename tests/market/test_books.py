"""Books that must balance in every tick, with every mechanism on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aicmo.market.levers import Levers
from aicmo.market.totals import total_by
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.replay import Script, replay
from aicmo.simulation.team import resolve
from tests.market.runs import Run, run, waves
from tests.market.scenarios import everything, read, undated
from tests.simulation.worlds import world_of

LEVERS = Levers(breadth=np.full((3, 4), 0.4), skill=0.7, withheld=np.full((3, 4), 0.1))


def people_of(result: Run) -> np.ndarray:
    """Prospects, customers and lost of the finite segment after every tick, (3, T, R)."""
    heads = [state.people for state in result.states]
    return np.array([[getattr(h, kind)[:, 1] for h in heads] for kind in ("prospects", "customers", "lost")])


def test_whoever_moves_leaves_one_place_for_another() -> None:
    result = run(everything(), waves, levers=LEVERS)
    prospects, customers, lost = people_of(result)
    np.testing.assert_allclose(prospects + customers + lost, 12000.0, rtol=1e-12)
    assert min(prospects.min(), customers.min(), lost.min()) >= 0
    moves = [outcome.movement for outcome in result.outcomes]
    won, driven, left, saved = (
        np.array([getattr(m, kind) for m in moves]) for kind in ("won", "driven", "lost", "saved")
    )
    gained = np.diff(customers, axis=0)
    np.testing.assert_allclose(gained, (won - left)[1:, :, 1], rtol=1e-9, atol=1e-8)
    assert (driven <= won).all()
    assert (saved >= 0).all()
    for moved in (won, driven, left, saved):  # a segment without limit counts nobody
        assert (moved[:, :, 0] == 0).all()


def test_profit_is_orders_times_value_times_margin_and_orders_are_campaigns_and_organic() -> None:
    result = run(everything(), waves, levers=LEVERS)
    market = result.market
    np.testing.assert_array_equal(
        result["orders"], result["organic"] + total_by(result["volume"], market.segment, 2)
    )
    np.testing.assert_array_equal(
        result["gross_profit"], result["orders"] * (np.array([80.0, 60.0]) * np.array([0.4, 0.5]))
    )


def test_the_ledger_spends_what_the_market_took_to_the_minor_unit() -> None:
    written = undated(everything(calendar={"horizon": "14w", "history": "6w"}))
    world, start = world_of(read(written))
    script = Script(start.state)
    kernel = Kernel(world, start, resolve(world.scenario, "ai_cmo"), range(world.brief.ticks), script=script)
    assert kernel.run()
    again = [outcome for _, outcome in replay(world, start.state, script, kernel.ticks)]
    for name in ("spend", "orders", "gross_profit", "penalty"):
        np.testing.assert_array_equal(kernel.ledger[name], [getattr(each, name) for each in again])
    cents = kernel.ledger["spend"] / world.brief.minor_unit
    np.testing.assert_allclose(cents, np.rint(cents), rtol=0, atol=1e-6)
    booked = np.rint(kernel.ledger["spend"].sum(axis=(0, 2)) / world.brief.minor_unit)
    np.testing.assert_array_equal(booked, np.rint(cents).sum(axis=(0, 2)))
    assert (kernel.ledger["spend"] <= np.array(script.planned)).all()


def test_what_a_held_out_share_does_not_order_is_the_share_of_the_response() -> None:
    """Where nobody is finite and nothing is heeded, holding out m takes m of the orders, and no money."""
    written = everything()
    market = {k: v for k, v in written["market"].items() if k not in {"brand", "synergies"}}
    market["noise"] = {"dispersion": 0.0}
    market["segments"] = [
        {k: v for k, v in s.items() if k != "people"} for s in written["market"]["segments"]
    ]
    written = written | {"market": market}
    whole, part = (run(written, waves, levers=replace(LEVERS, withheld=m)) for m in (None, LEVERS.withheld))
    np.testing.assert_array_equal(part["spend"], whole["spend"])
    np.testing.assert_allclose(part["volume"], 0.9 * whole["volume"], rtol=1e-12)
