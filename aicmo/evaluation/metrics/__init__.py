"""Metrics: books → one number a replication, read by every output. One file a metric, named by `kind`."""

from __future__ import annotations

from typing import ClassVar, Literal, Protocol

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.books import Books
from aicmo.shelf import Shelf

SHELF = Shelf("aicmo.evaluation.metrics", "metric")

Direction = Literal["higher", "lower", "none"]


class Metric(Protocol):
    """The contract of a metric."""

    kind: ClassVar[str]
    unit: ClassVar[str]
    direction: ClassVar[Direction]
    """Which way is better."""
    meaning: ClassVar[str]

    @staticmethod
    def measure(books: Books) -> Float[np.ndarray, "R"]:
        """Return one number a replication: finite, or NaN where `undefined` says why there is none."""
        ...


def reason(metric: type[Metric]) -> str:
    """Say when a metric is undefined in a world: its `undefined`; empty for one that always is a number."""
    return str(getattr(metric, "undefined", ""))


def measure_all(books: Books) -> dict[str, Float[np.ndarray, "R"]]:
    """Measure every metric on the shelf."""
    return {metric.kind: metric.measure(books) for metric in SHELF}
