"""Orders × order value × margin, organic orders included."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class GrossProfit:
    """Orders × order value × margin, organic orders included."""

    kind: ClassVar[str] = "gross_profit"
    unit: ClassVar[str] = "currency"
    direction: ClassVar[Direction] = "higher"
    meaning: ClassVar[str] = "orders × order value × margin, organic orders included"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication."""
        return books.ledger.total("gross_profit")
