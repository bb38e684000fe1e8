"""Measurement: what platforms claim and what the CDP credits, beside the truth (model.md)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from aicmo.market.attention import attention
from aicmo.market.world import Market
from aicmo.messages import Terms
from aicmo.scenario.measurement import Measurement


@dataclass(frozen=True)
class Stack:
    """A team's data stack.

    Attributes
    ----------
    latency_minutes : int [minute]
        From the end of a tick to the arrival of its data.
    match_rate, consent : float [1]
        Share of people recognised across platforms, and of those the share who allow it.
    signal_loss : float [1]
        Share of conversions lost where nobody can be matched.
    lag_half_life_minutes, lag_end_minutes : int [minute]
        Conversion lag: half of the conversions are credited within the half-life, the last at the end.
    experiments : Terms
        Which holdouts it can run.
    """

    latency_minutes: int
    match_rate: float
    consent: float
    signal_loss: float
    lag_half_life_minutes: int
    lag_end_minutes: int
    experiments: Terms = field(default_factory=Terms)

    @classmethod
    def of(cls, stated: Measurement) -> Stack:
        """Read the scenario's measurement, or that of a team."""
        return cls(
            latency_minutes=stated.latency,
            match_rate=stated.match_rate,
            consent=stated.consent,
            signal_loss=stated.signal_loss,
            lag_half_life_minutes=stated.lag_half_life,
            lag_end_minutes=stated.lag_end,
            experiments=Terms() if stated.experiments is None else Terms(**dict(stated.experiments)),
        )

    @property
    def identity(self) -> float:
        """Share of people whose path is known, i = match rate × consent [1]."""
        return self.match_rate * self.consent

    def identity_of(self, consent: Float[np.ndarray, "R 1"]) -> Float[np.ndarray, "R"]:
        """Return i in worlds whose people consent `consent` times as often as stated, at most all [1]."""
        return self.match_rate * np.minimum(self.consent * consent[:, 0], 1.0)

    def signal_of(self, identity: ArrayLike) -> NDArray[np.float64]:
        """Share of conversions that are seen at all, τ(i) = 1 − signal loss · (1 − i) [1]."""
        return np.asarray(1.0 - self.signal_loss * (1.0 - np.asarray(identity)))

    @property
    def signal(self) -> float:
        """τ at the stack's own identity [1]."""
        return float(self.signal_of(self.identity))


def measure(
    market: Market,
    stack: Stack,
    volume: Float[np.ndarray, "*lead R C"],
    saturation: Float[np.ndarray, "*lead R C"],
    organic: Float[np.ndarray, "*lead R S"],
    consent: Float[np.ndarray, "*lead"] | Float[np.ndarray, "*lead R"] | float = 1.0,
) -> tuple[Float[np.ndarray, "*lead R C"], Float[np.ndarray, "*lead R C"]]:
    """Credit orders to campaigns, as platforms do and as identity resolution does, before any lag.

    With n the orders that a segment × channel pair caused, N and O the caused and organic orders of the
    segment, ω the over-claim, h the pair's `attention` and i the stack's identity, a pair is credited

    - claimed: n + ω h (O + N − n): at most the segment's total, though the sum of claims may exceed it;
    - unified: τ(i) · [n + ω h · O / max(1, Σ ω h) + (1 − i) ω h (N − n)].

    Identity resolution removes what other channels did, never organic credit: only experiments do. What a
    pair is credited beyond its own orders is shared among its campaigns in proportion to their part of its
    response.

    Parameters
    ----------
    consent : (...,) or (..., R) [1]
        Factor on the stack's consent in each tick, from the weather: one figure for all worlds, or one for
        each, where an organisation joins only some of the profiles.

    Returns
    -------
    claimed, unified : (..., R, C) [order]
    """
    from aicmo.market.kernels.credit import pair_credit, share_out  # noqa: PLC0415 - Numba only when credited

    heard = _rows(attention(market, saturation))
    usable = stack.identity_of(market.consent)
    factor = np.asarray(consent)
    by_world = factor.ndim == volume.ndim - 1
    ticks = factor if by_world else np.broadcast_to(factor, volume.shape[:-2])[..., None]
    known = (ticks * usable).reshape(-1)
    rows = [_rows(values) for values in (volume, saturation, organic)]
    claim, credit = np.empty(heard.shape), np.empty(heard.shape)
    pair_credit(claim, credit, heard, rows[0], rows[2], market.overclaim, market.pair, 1.0 - known)
    claimed, unified = np.empty(volume.shape), np.empty(volume.shape)
    signal = stack.signal_of(known)
    share_out(
        _rows(claimed),
        _rows(unified),
        claim,
        credit,
        rows[0],
        rows[1],
        market.pair_share,
        market.pair,
        signal,
    )
    return claimed, unified


def _rows(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ticks and worlds as one axis, worlds running fastest."""
    return np.ascontiguousarray(values).reshape(-1, values.shape[-1])


def maturation(stack: Stack, tick_minutes: int) -> Float[np.ndarray, "L"]:
    """Share of a tick's conversions that is credited 1, 2, … L ticks after it opened; the last is 1.

    Exponential lag 1 − 2^(−age/half-life), cut at its end and made whole (references.md, "conversion lag").

    Returns
    -------
    (L,) [1]
    """
    ticks = max(1, math.ceil(stack.lag_end_minutes / tick_minutes))
    age = np.arange(1, ticks + 1) * float(tick_minutes)
    if stack.lag_half_life_minutes == 0:
        return np.ones(ticks)
    share = -np.expm1(-math.log(2.0) * age / stack.lag_half_life_minutes)
    return np.asarray(share / share[-1])
