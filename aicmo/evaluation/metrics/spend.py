"""Money delivered by the media."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class Spend:
    """Money delivered by the media."""

    kind: ClassVar[str] = "spend"
    unit: ClassVar[str] = "currency"
    direction: ClassVar[Direction] = "none"
    meaning: ClassVar[str] = "money delivered by the media"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication."""
        return books.ledger.total("spend")
