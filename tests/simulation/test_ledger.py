"""The ledger: declared fields; weeks are the sum of their ticks, channels of their campaigns."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.market.totals import total_by
from aicmo.simulation.ledger import FIELDS, Account, Ledger
from tests.simulation.worlds import busy, run, still, world_of


@pytest.mark.parametrize(
    ("tick", "horizon"), [("1d", "14w"), ("6h", "3w"), ("2d", "8w"), ("1d", "10d"), ("1w", "14w")]
)
def test_weeks_are_the_sum_of_their_ticks(tick: str, horizon: str) -> None:
    world, start = world_of(still(calendar={"tick": tick, "horizon": horizon}), rows=2)
    ticks, weeks = (
        run(world, start, "last_year_share", resolution).ledger for resolution in ("tick", "week")
    )
    brief = world.brief
    opens = np.arange(brief.ticks) * brief.tick_minutes // (7 * 1440)
    for field in FIELDS:
        fine = ticks[field.name]
        fine = total_by(fine, brief.channel, len(brief.channels)) if field.axes.endswith("C") else fine
        rough = np.stack([fine[opens == week].sum(axis=0) for week in range(opens[-1] + 1)])
        np.testing.assert_allclose(weeks[field.name], rough, rtol=1e-12, err_msg=field.name)
        np.testing.assert_allclose(weeks.total(field.name), ticks.total(field.name), rtol=1e-12)
        assert weeks.axes(field.name) == tuple(field.axes.replace("C", "K").split())
    for name in Account.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(weeks.account, name), getattr(ticks.account, name))


def test_every_field_says_what_it_is_and_has_its_axes() -> None:
    world, start = world_of(busy())
    ledger = run(world, start, "manual_quarterly").ledger
    lengths = {"T": world.brief.ticks, "R": 4, "C": 4, "S": 2, "K": 2, "E": 3}
    for field in ledger.fields:
        assert field.unit
        assert field.meaning
        assert ledger[field.name].shape == tuple(lengths[axis] for axis in field.axes.split())
        with pytest.raises(ValueError, match="read-only"):
            ledger[field.name][0] = 0.0


def test_an_unknown_field_is_named_with_those_there_are() -> None:
    world, _ = world_of(still())
    with pytest.raises(KeyError, match="declares no field 'profit'; it has planned, spend"):
        Ledger(world.brief, range(3))["profit"]


def test_orders_money_and_profit_fit_together() -> None:
    world, start = world_of(busy())
    kernel = run(world, start, "ai_cmo")
    ledger, market = kernel.ledger, world.market
    np.testing.assert_array_equal(ledger["revenue"], ledger["orders"] * market.order_value)
    np.testing.assert_allclose(ledger["gross_profit"], ledger["revenue"] * market.margin, rtol=1e-14)
    driven = np.stack(
        [ledger["orders_driven"][:, :, market.segment == s].sum(axis=2) for s in range(2)], axis=2
    )
    organic = kernel.facts.organic[world.brief.history_ticks :]
    np.testing.assert_allclose(ledger["orders"], driven + organic, rtol=1e-12)


def test_turnover_counts_what_decisions_move() -> None:
    world, start = world_of(busy())
    kernel = run(world, start, "ai_cmo")
    before, moved, ordered = start.rate, 0.0, 0.0
    for decision in kernel.ledger.decisions:
        moved = moved + np.abs(decision.rate - before).sum(axis=1)
        ordered = ordered + decision.rate.sum(axis=1)
        before = decision.rate
    assert len(kernel.ledger.decisions) == 14
    np.testing.assert_allclose(kernel.ledger.account.turnover, moved / ordered, rtol=1e-12)
