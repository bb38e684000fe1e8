"""Recorded exceptions where limits collided."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class Waivers:
    """Recorded exceptions where limits collided."""

    kind: ClassVar[str] = "waivers"
    unit: ClassVar[str] = "count"
    direction: ClassVar[Direction] = "none"
    meaning: ClassVar[str] = "recorded exceptions where limits collided"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication."""
        return books.ledger.account.waivers
