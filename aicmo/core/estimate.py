"""What a batch of replications says about a number: a mean with an interval, or why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

Json = dict[str, float | int | str | None]


@dataclass(frozen=True)
class Estimate:
    """A mean and its equal-tailed interval; what is undefined is None and has a reason, never NaN.

    Parameters
    ----------
    mean, low, high : float or None
        None where undefined; one replication has a mean without an interval.
    level : float
        Confidence, in (0, 1).
    reason : str, optional
        Why something is None, or what else a reader of the interval must know.

    Raises
    ------
    ValueError
        If a number is not finite, something is None without a reason, or the level is no confidence.

    Examples
    --------
    >>> Estimate(2.0, 1.5, 2.5, level=0.9).to_json()
    {'mean': 2.0, 'low': 1.5, 'high': 2.5, 'level': 0.9}
    >>> Estimate.undefined(0.9, "no spend").to_json()
    {'mean': None, 'low': None, 'high': None, 'level': 0.9, 'reason': 'no spend'}
    """

    mean: float | None
    low: float | None
    high: float | None
    level: float
    reason: str | None = None

    def __post_init__(self) -> None:
        confidence(self.level)
        _defined((self.mean, self.low, self.high), self.reason)

    @classmethod
    def undefined(cls, level: float, reason: str) -> Estimate:
        """Return an estimate of nothing, with the reason."""
        return cls(None, None, None, level, reason)

    @property
    def half_width(self) -> float | None:
        """Half of the interval's length; None without an interval."""
        return None if self.low is None or self.high is None else 0.5 * (self.high - self.low)

    def covers(self, value: float) -> bool:
        """Tell whether `value` lies in the interval; without one, no."""
        return self.low is not None and self.high is not None and self.low <= value <= self.high

    def to_json(self) -> Json:
        """Return the M of the public JSON."""
        numbers: Json = {"mean": self.mean, "low": self.low, "high": self.high, "level": self.level}
        return numbers if self.reason is None else numbers | {"reason": self.reason}


@dataclass(frozen=True)
class Share:
    """A share of `n` replications with its interval; None with a reason where there is no replication.

    Examples
    --------
    >>> Share(0.75, 0.6, 0.85, n=20).to_json()
    {'share': 0.75, 'low': 0.6, 'high': 0.85, 'n': 20}
    """

    share: float | None
    low: float | None
    high: float | None
    n: int
    reason: str | None = None

    def __post_init__(self) -> None:
        _defined((self.share, self.low, self.high), self.reason)

    def to_json(self) -> Json:
        """Return the P of the public JSON."""
        numbers: Json = {"share": self.share, "low": self.low, "high": self.high, "n": self.n}
        return numbers if self.reason is None else numbers | {"reason": self.reason}


def confidence(level: float) -> float:
    """Return `level`, refusing what is no confidence strictly between 0 and 1."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"a confidence level lies strictly between 0 and 1, as 0.9 for 90 %; got {level}")
    return level


def _defined(numbers: tuple[float | None, ...], reason: str | None) -> None:
    if any(number is not None and not math.isfinite(number) for number in numbers):
        raise ValueError(f"an estimate holds finite numbers or None with a reason, got {numbers}")
    if None in numbers and not reason:
        raise ValueError(f"an estimate with undefined parts says why, got {numbers} without a reason")
