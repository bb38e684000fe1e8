"""Revenue beyond the same worlds without marketing."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class IncrementalRevenue:
    """Revenue beyond the same worlds without marketing."""

    kind: ClassVar[str] = "incremental_revenue"
    unit: ClassVar[str] = "currency"
    direction: ClassVar[Direction] = "higher"
    meaning: ClassVar[str] = "revenue beyond the same worlds without marketing"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication."""
        return books.incremental("revenue")
