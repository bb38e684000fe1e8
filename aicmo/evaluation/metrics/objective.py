"""What leadership set: contribution and, by its weight of the long term, terminal value."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction
from aicmo.evaluation.metrics.contribution import Contribution


class Objective:
    """What leadership set: contribution and, by its weight of the long term, terminal value."""

    kind: ClassVar[str] = "objective"
    unit: ClassVar[str] = "currency"
    direction: ClassVar[Direction] = "higher"
    meaning: ClassVar[str] = "contribution + w · terminal value, w leadership's weight of the long term"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication."""
        weight = books.ledger.brief.long_term_weight
        return np.asarray(Contribution.measure(books) + weight * books.terminal)
