"""Broken metrics, importers and curves; `broken_parts.py` says which checks have to find them."""

# ruff: noqa: ARG002, ARG004 - the contracts give the arguments, what is broken is what is done with them

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from aicmo.checks import curves
from aicmo.core.curves import Envelope
from aicmo.scenario.load import load
from aicmo.scenario.schema import Scenario

SMALL = Path(__file__).parents[2] / "scenarios" / "small.yaml"


class Spent:
    """A sound metric to break."""

    kind: ClassVar[str] = "broken"
    unit: ClassVar[str] = "currency"
    direction: ClassVar[str] = "lower"
    meaning: ClassVar[str] = "money spent"

    @staticmethod
    def measure(books: Any) -> np.ndarray:
        return np.asarray(books.ledger.total("spend"))


class PointsNowhere(Spent):
    direction: ClassVar[str] = "sideways"


class DividesByNothing(Spent):
    @staticmethod
    def measure(books: Any) -> np.ndarray:
        spend = books.ledger.total("spend")
        return np.where(spend > 0.0, 1.0 / np.maximum(spend, 1e-9), np.nan)


class RanksReplications(Spent):
    @staticmethod
    def measure(books: Any) -> np.ndarray:
        return np.argsort(np.argsort(books.ledger.total("spend"))).astype(np.float64)


class Reads:
    """A sound importer to break: of the house's own format."""

    kind: ClassVar[str] = "broken"

    @staticmethod
    def sample() -> Path:
        return SMALL

    @staticmethod
    def read(path: Path) -> Any:
        return load(path)


class ReadsSomethingElse(Reads):
    @staticmethod
    def read(path: Path) -> Any:
        return dict(load(path))


class ReadsAnything(Reads):
    @staticmethod
    def read(path: Path) -> Scenario:
        return load(SMALL)


class Curve:
    """Sound curves to break, seen as the checks see them."""

    def __init__(self, family: str = "hill") -> None:
        self.sound = curves.families()[family]
        self.kind = self.sound.kind

    def __len__(self) -> int:
        return len(self.sound)

    def value(self, x: np.ndarray) -> np.ndarray:
        return self.sound.value(x)

    def marginal(self, x: np.ndarray) -> np.ndarray:
        return self.sound.marginal(x)

    def inverse_marginal(self, price: np.ndarray) -> np.ndarray:
        return self.sound.inverse_marginal(price)

    def envelope(self, lower: np.ndarray, upper: np.ndarray) -> Envelope:
        return self.sound.envelope(lower, upper)


class StartsAboveZero(Curve):
    def value(self, x: np.ndarray) -> np.ndarray:
        return self.sound.value(x) + 1e-3


class Falls(Curve):
    def value(self, x: np.ndarray) -> np.ndarray:
        return -self.sound.value(x)

    def marginal(self, x: np.ndarray) -> np.ndarray:
        return -self.sound.marginal(x)

    def inverse_marginal(self, price: np.ndarray) -> np.ndarray:
        return self.sound.inverse_marginal(-price)

    def envelope(self, lower: np.ndarray, upper: np.ndarray) -> Envelope:
        end = np.broadcast_to(upper, self.value(upper).shape)
        return Envelope(0.0 * end[..., None], end[..., None], (self.value(upper) / end)[..., None])


class WrongSlope(Curve):
    def marginal(self, x: np.ndarray) -> np.ndarray:
        return 1.1 * self.sound.marginal(x)

    def inverse_marginal(self, price: np.ndarray) -> np.ndarray:
        return self.sound.inverse_marginal(price / 1.1)


class WrongInverse(Curve):
    def inverse_marginal(self, price: np.ndarray) -> np.ndarray:
        return 2.0 * self.sound.inverse_marginal(price)


class DependsOnTheBatch(Curve):
    def value(self, x: np.ndarray) -> np.ndarray:
        return self.sound.value(x) * (1.0 + 1e-15 * (np.ndim(x) == 2))


class PretendsToBeConcave(Curve):
    def envelope(self, lower: np.ndarray, upper: np.ndarray) -> Envelope:
        return Envelope(*(np.zeros_like(part) for part in self.sound.envelope(lower, upper)))
