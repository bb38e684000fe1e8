"""Cost of acquiring a customer, over all who were won."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.customers import NO_SPEND, cost_of
from aicmo.evaluation.metrics import Direction


class CacBlended:
    """Cost of acquiring a customer, over all who were won."""

    kind: ClassVar[str] = "cac_blended"
    unit: ClassVar[str] = "currency/person"
    direction: ClassVar[Direction] = "lower"
    meaning: ClassVar[str] = "acquisition spend ÷ all new customers, organic ones included"
    undefined: ClassVar[str] = NO_SPEND

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication, NaN where undefined."""
        return cost_of(books.ledger, "customers_won")
