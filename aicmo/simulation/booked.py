"""What the ledger is told of a tick of the market."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from aicmo.market import Market
from aicmo.market.people import Movement
from aicmo.market.step import Outcome
from aicmo.market.totals import total_by
from aicmo.simulation.ledger import CUSTOMERS


def booked(market: Market, outcome: Outcome, planned: Float[np.ndarray, "R C"]) -> dict[str, np.ndarray]:
    """Return the ledger's facts of one tick by name; what belongs to a mechanism only where it is.

    Parameters
    ----------
    planned : (R, C) [currency]
        Money that was ordered.
    """
    facts = {
        "planned": planned,
        "spend": outcome.spend,
        "orders_driven": outcome.volume,
        "driven_revenue": outcome.volume * market.order_value[market.segment],
        "orders": outcome.orders,
        "gross_profit": outcome.gross_profit,
        "revenue": outcome.orders * market.order_value,
    }
    if outcome.penalty is not None:
        facts["penalty"] = outcome.penalty
    return facts if outcome.movement is None else facts | _customers(market, outcome.spend, outcome.movement)


def _customers(
    market: Market, spend: Float[np.ndarray, "R C"], movement: Movement
) -> dict[str, Float[np.ndarray, "R S"]]:
    """Return who moved, and what was spent on winning and on keeping them."""
    people, segment = market.people, market.segment
    if people is None:
        raise RuntimeError("customers move in a market without people")
    counted = np.isfinite(people.prospects)[..., segment]
    wins, size = counted & ~people.retains, len(market.segments)
    money = {
        "acquisition_spend": total_by(spend * wins, segment, size),
        "retention_spend": total_by(spend * people.retains, segment, size),
    }
    return dict(zip(CUSTOMERS, movement, strict=True)) | money
