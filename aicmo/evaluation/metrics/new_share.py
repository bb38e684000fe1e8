"""Share of orders that are first orders: new against existing customers."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.customers import NO_PEOPLE, over_segments, over_time
from aicmo.evaluation.metrics import Direction


class NewShare:
    """Share of orders that are first orders: new against existing customers."""

    kind: ClassVar[str] = "new_share"
    unit: ClassVar[str] = "1"
    direction: ClassVar[Direction] = "none"
    meaning: ClassVar[str] = "first orders ÷ orders, where people are counted"
    undefined: ClassVar[str] = NO_PEOPLE

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication, NaN where undefined."""
        ledger = books.ledger
        won, orders = over_time(ledger, "customers_won"), over_time(ledger, "orders")
        counted = (won > 0) | (over_time(ledger, "customer_days") > 0)
        total = over_segments(np.where(counted, orders, 0.0))
        share = np.full(total.shape, np.nan)
        return np.asarray(np.divide(over_segments(won), total, out=share, where=total > 0))
