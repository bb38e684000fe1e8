"""Brand index at the end of the horizon."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class BrandIndex:
    """Brand index at the end of the horizon."""

    kind: ClassVar[str] = "brand_index"
    unit: ClassVar[str] = "1"
    direction: ClassVar[Direction] = "higher"
    meaning: ClassVar[str] = "brand index at the end, segments by organic orders; 1 without marketing"
    undefined: ClassVar[str] = "the market has no brand"

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication, NaN where undefined."""
        return books.brand
