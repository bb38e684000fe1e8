"""What the team costs over the horizon: salaries, tools, creatives, experiments, incidents."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction


class Costs:
    """What the team costs over the horizon: salaries, tools, creatives, experiments, incidents."""

    kind: ClassVar[str] = "costs"
    unit: ClassVar[str] = "currency"
    direction: ClassVar[Direction] = "lower"
    meaning: ClassVar[str] = (
        "what the team costs over the horizon: salaries, tools, creatives, experiments, incidents"
    )

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication."""
        ledger = books.ledger
        bought = ledger.total("studio") + ledger.total("experiments")
        owned = ledger.total("penalty") + ledger.total("organisation")
        return np.asarray(books.costs + bought + owned)
