"""Rows for which no price was found at which their limits hold: moved onto them, with the bound that is left.

Prices are searched in 64-bit numbers and in finitely many passes. Where they lie too many orders of magnitude
apart for that, the plan is the nearest one within all limits, and all that is known of it is what the
campaigns could bring without sharing their money: a wide gap, but a true one.
"""

import numpy as np
from numpy.typing import NDArray

from aicmo.core.curves import Curves
from aicmo.core.feasibility import Limits
from aicmo.core.groups import Group
from aicmo.core.project import project

Floats = NDArray[np.float64]


def mend(curves: Curves, limits: Limits, spend: Floats, response: Floats, gap: Floats) -> None:
    """Replace plans whose gap is infinite, in place.

    Parameters
    ----------
    curves : Curves
    limits : Limits
        What the plans were to keep to.
    spend, response, gap : (R, C) [currency], (R,) [response], (R,) [response]
        The solver's outputs.
    """
    broken = ~np.isfinite(gap)
    everyone = Group(
        np.arange(spend.shape[1]), limits.total if limits.exact else 0.0, limits.total, "total budget"
    )
    rough = np.where(np.isfinite(spend), spend, 0.0)
    near = project(rough, limits.lower, limits.upper, limits.total, [*limits.groups, everyone])
    room = (limits.total - limits.lower.sum(axis=1))[:, None]
    most = np.minimum(limits.upper, limits.lower + np.maximum(room, 0.0))
    value, ceiling = (np.atleast_2d(curves.value(x)).sum(axis=1) for x in (near, most))
    spend[broken], response[broken] = near[broken], value[broken]
    bounded = np.isfinite(ceiling)
    gap[broken] = np.maximum(np.where(bounded, ceiling, np.inf) - np.where(bounded, value, 0.0), 0.0)[broken]
