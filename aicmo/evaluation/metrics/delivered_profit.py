"""What its budgets brought while its expectations were in force."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class DeliveredProfit:
    """What its budgets brought while its expectations were in force."""

    kind: ClassVar[str] = "delivered_profit"
    unit: ClassVar[str] = "currency"
    direction: ClassVar[Direction] = "higher"
    meaning: ClassVar[str] = (
        "gross profit of the orders that campaigns truly caused while these expectations were in force"
    )
    undefined: ClassVar[str] = "whoever decides about budgets states no expectation"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication, NaN where undefined."""
        kept = books.ledger.promises
        return np.asarray(np.where(kept.made > 0, kept.delivered, np.nan))
