"""Lifetime value over the cost of acquiring a customer by campaigns."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction
from aicmo.evaluation.metrics.cac_paid import CacPaid
from aicmo.evaluation.metrics.ltv import Ltv


class LtvToCac:
    """Lifetime value over the cost of acquiring a customer by campaigns."""

    kind: ClassVar[str] = "ltv_to_cac"
    unit: ClassVar[str] = "1"
    direction: ClassVar[Direction] = "higher"
    meaning: ClassVar[str] = "lifetime value ÷ paid CAC"
    undefined: ClassVar[str] = "nobody was paid for"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication, NaN where undefined."""
        worth, cost = Ltv.measure(books), CacPaid.measure(books)
        return np.asarray(np.divide(worth, cost, out=np.full(cost.shape, np.nan), where=cost > 0))
