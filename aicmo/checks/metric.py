"""The contract of a metric (`aicmo.evaluation.metrics.Metric`), one function a clause."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np

from aicmo.checks import fixtures
from aicmo.checks.contract import require, require_shape
from aicmo.evaluation.books import Books
from aicmo.evaluation.metrics import Direction, reason
from aicmo.messages import Decision, Intervention, Proposal, Waiver
from aicmo.simulation.ledger import FIELDS, Ledger


def declares_what_it_is(metric: Any) -> None:
    """Require a unit, a meaning in words, and which way is better."""
    who = f"metric {metric.kind!r}"
    for name in ("unit", "meaning"):
        require(isinstance(getattr(metric, name, None), str), f"{who}: {name} must be a text")
    known = get_args(Direction)
    direction = getattr(metric, "direction", None)
    require(direction in known, f"{who}: direction must be one of {known}, got {direction!r}")


def one_finite_number_a_replication(metric: Any) -> None:
    """Require (R,) numbers, also of a run in which nothing was spent or earned.

    Finite ones, or NaN where the metric's `undefined` says why a world has none.
    """
    for books in (_books([0, 1, 2]), _books([0, 1, 2], scale=0.0)):
        value = metric.measure(books)
        who = f"metric {metric.kind!r}"
        require_shape(f"{who}: measure()", "its result", value, (3,), "(R,)")
        missing = np.isnan(value) & bool(reason(metric))
        require(bool((np.isfinite(value) | missing).all()), f"{who}: must be finite, got {value.tolist()}")


def rows_independent(metric: Any) -> None:
    """Require that the order and company of replications does not matter."""
    batch = np.asarray(metric.measure(_books([0, 1, 2])))
    for ids in ([0], [1], [2], [2, 0]):
        require(
            batch[ids].tobytes() == np.asarray(metric.measure(_books(ids))).tobytes(),
            f"metric {metric.kind!r}: a replication measures otherwise in other company; nothing may mix "
            "the axis R",
        )


def _books(ids: list[int], scale: float = 1.0) -> Books:
    """Make up the books of a short run of some replications; their numbers depend on the id alone."""
    rngs = [np.random.default_rng((12, i)) for i in ids]
    facts = [scale * np.array([rng.uniform(1.0, 2.0) for rng in rngs]) for _ in range(4)]
    return Books(_ledger(rngs, scale), _ledger(rngs, 0.3 * scale), *facts)


def _ledger(rngs: list[np.random.Generator], scale: float) -> Ledger:
    brief = fixtures.brief(replications=len(rngs), history_weeks=0, weeks=2)
    ledger = Ledger(brief, range(brief.ticks))
    campaigns = brief.shape[1]

    def drawn(size: int) -> np.ndarray:
        return scale * np.stack([rng.uniform(1.0, 2.0, size) for rng in rngs])

    for tick in range(brief.ticks):
        ledger.write(tick, {item.name: drawn(ledger[item.name].shape[2]) for item in FIELDS})
    moved = drawn(1)[:, 0]
    record = ((Intervention("step", 0, moved),), (Waiver("step", 0, moved),))
    rate = drawn(campaigns)
    everywhere = np.ones(len(rate), dtype=bool)
    decision = Decision(0, Proposal("budget", rate), drawn(campaigns), rate, everywhere, rate, *record)
    ledger.decide(decision, np.floor(2.0 * moved))
    return ledger
