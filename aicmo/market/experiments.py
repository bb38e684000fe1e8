"""Experiments: what a holdout does to the market, and what it says (model.md, "What anybody … can see").

Held-out people are shown somebody else's advertisement in place of the campaign's, paid for as ever
(placebo ads; Johnson, Lewis & Nubbemeyer 2017). Spend and the pressure on everybody else stay as they are: a
holdout costs the orders that held-out people do not place: nothing of the money comes back.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def withheld(
    before: Float[np.ndarray, "R C"], share: Float[np.ndarray, "R C"], kept: Float[np.ndarray, "R C"]
) -> Float[np.ndarray, "R C"]:
    """Return the share of a campaign's effect that is missing at the end of a tick, m ← θ m + (1 − θ) f [1].

    *Own form.* People who are held out forget what they have seen with the campaign's carry-over, and learn
    it anew afterwards. So without carry-over all of f is missing at once, and with it the missing share of a
    long holdout ends at f: what a readout misses is the part that held-out people still remember.

    Parameters
    ----------
    before : (R, C) [1]
        m when the tick opens.
    share : (R, C) [1]
        f, part of the segment that is held out from the campaign in this tick; 0 where nobody is.
    kept : (R, C) [1]
        θ = 2^(−dt/half-life).
    """
    missing: np.ndarray = kept * before + (1.0 - kept) * share
    return missing


def missed(mean: Float[np.ndarray, "R C"], missing: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R C"]:
    """Return the expected orders that held-out people did not place, mean · m / (1 − m) [order].

    Parameters
    ----------
    mean : (R, C) [order]
        Expected orders that campaigns caused, those missing not among them.
    missing : (R, C) [1]
        m, below 1.
    """
    lost: np.ndarray = mean * (missing / (1.0 - missing))
    return lost


def standard_error(
    orders: Float[np.ndarray, "*any"],
    dispersion: Float[np.ndarray, "*any"],
    share: float | Float[np.ndarray, "*any"],
    days: float | Float[np.ndarray, "*any"],
) -> Float[np.ndarray, "*any"]:
    """Return the standard error of orders a day in one segment, √(φ (O + Σn) / (D f (1 − f))) [order/day].

    Noise comes from the whole segment's orders, organic ones included, not from the campaign's own: why
    experiments on small campaigns say little (Lewis & Rao 2015).

    Parameters
    ----------
    orders : [order/day]
        All orders of the segment, O + Σn.
    dispersion : [order]
        φ, variance over mean.
    share : [1]
        f, between 0 and 1 exclusive.
    days : [day]
        D, how long orders are counted.
    """
    return np.asarray(np.sqrt(dispersion * orders / (days * share * (1.0 - share))))
