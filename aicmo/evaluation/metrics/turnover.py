"""Σ|change of rate| over Σ rate per decision: how much of the budget is moved around."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class Turnover:
    """Σ|change of rate| over Σ rate per decision: how much of the budget is moved around."""

    kind: ClassVar[str] = "turnover"
    unit: ClassVar[str] = "1"
    direction: ClassVar[Direction] = "none"
    meaning: ClassVar[str] = (
        "Σ|change of rate| over Σ rate per decision: how much of the budget is moved around"
    )

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication."""
        return books.ledger.account.turnover
