"""Incremental gross profit − spend − costs, without terminal value."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction
from aicmo.evaluation.metrics.costs import Costs
from aicmo.evaluation.metrics.spend import Spend


class Contribution:
    """Incremental gross profit − spend − costs, without terminal value."""

    kind: ClassVar[str] = "contribution"
    unit: ClassVar[str] = "currency"
    direction: ClassVar[Direction] = "higher"
    meaning: ClassVar[str] = "incremental gross profit − spend − costs, without terminal value"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication."""
        outlay = Spend.measure(books) + Costs.measure(books)
        return np.asarray(books.incremental("gross_profit") - outlay)
