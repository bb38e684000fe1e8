"""Contribution with terminal value counted in full, the objective at w = 1."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction
from aicmo.evaluation.metrics.contribution import Contribution


class LongTermContribution:
    """Contribution with terminal value counted in full, the objective at w = 1."""

    kind: ClassVar[str] = "long_term_contribution"
    unit: ClassVar[str] = "currency"
    direction: ClassVar[Direction] = "higher"
    meaning: ClassVar[str] = "contribution + terminal value, the objective at w = 1 (contribution is w = 0)"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication."""
        return np.asarray(Contribution.measure(books) + books.terminal)
