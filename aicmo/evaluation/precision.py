"""How precisely an uplift shall be known, and when enough worlds have been seen."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from jaxtyping import Float

from aicmo.core.estimate import Estimate
from aicmo.core.sequential import Look, StoppingRule
from aicmo.evaluation.summary import LEAST_BASE, LEVEL

if TYPE_CHECKING:
    import xarray as xr

Rows = Float[np.ndarray, "R"]
Measure = Literal["roi_points", "contribution_relative"]
UNITS: dict[str, Measure] = {"pp": "roi_points", "%": "contribution_relative"}
CAP = 1024


class PrecisionError(ValueError):
    """A precision that cannot be asked for."""


@dataclass(frozen=True)
class Precision:
    """A wished half-width of the uplift of the headline team.

    Attributes
    ----------
    half_width : float [1]
        As a share: 0.0025 for a quarter of a percentage point.
    of : {"roi_points", "contribution_relative"}
        The uplift in ROI, or in contribution relative to the baseline's.
    """

    half_width: float
    of: Measure

    @classmethod
    def read(cls, text: str) -> Precision:
        """Read what a person writes.

        Raises
        ------
        PrecisionError
            When it is neither percentage points nor percent.

        Examples
        --------
        >>> Precision.read("0.25pp")
        Precision(half_width=0.0025, of='roi_points')
        >>> Precision.read("1%").of
        'contribution_relative'
        """
        found = re.fullmatch(r"\s*(\d+\.?\d*|\.\d+)\s*(pp|%)\s*", text)
        if found is None or not float(found[1]) > 0.0:
            raise PrecisionError(
                f"precision: expected a half-width such as 0.25pp (points of ROI) or 1% (of the baseline's "
                f"contribution), got {text!r}"
            )
        return cls(float(found[1]) / 100.0, UNITS[found[2]])


@dataclass(frozen=True)
class Sequential:
    """Worlds are added until the uplift of a team over the baseline is known as precisely as wished.

    Attributes
    ----------
    rule : StoppingRule
        Looks stated in advance, with intervals that cover wherever one stops.
    """

    precision: Precision
    rule: StoppingRule
    team: str
    baseline: str

    @classmethod
    def until(cls, wished: str, first: int, cap: int, team: str, baseline: str) -> Sequential:
        """Look at `first` worlds, twice as many, … and at `cap`.

        Raises
        ------
        PrecisionError
            When the wish is no precision, or the looks are none.
        """
        precision = Precision.read(wished)
        if not 2 <= first <= cap:
            raise PrecisionError(
                "precision: worlds are added from at least 2 (replications) up to the cap, "
                f"got {first} and {cap}"
            )
        return cls(precision, StoppingRule.doubling(precision.half_width, first, cap, LEVEL), team, baseline)

    def look(self, data: xr.Dataset) -> Look:
        """Judge the worlds so far, as many as one of the looks."""
        own, base = (
            {name: data[name].sel(team=who).values for name in ("contribution", "spend", "costs")}
            for who in (self.team, self.baseline)
        )
        if self.precision.of == "contribution_relative":
            if not base["contribution"].mean() > LEAST_BASE * base["spend"].mean():
                return self._undefined("the baseline's contribution is too small to divide by", data)
            return self.rule.look(influence(own["contribution"] - base["contribution"], base["contribution"]))
        mine, theirs = (part["spend"] + part["costs"] for part in (own, base))
        if not mine.sum() > 0.0 or not theirs.sum() > 0.0:
            return self._undefined("no return on a spend of zero", data)
        ahead = influence(own["contribution"], mine) - influence(base["contribution"], theirs)
        return self.rule.look(ahead)

    def record(self, look: Look) -> str:
        """Write how it ended, as JSON for the results file."""
        width = look.estimate.half_width
        told = {
            "team": self.team,
            "of": self.precision.of,
            "wished": self.precision.half_width,
            "reached": width is not None and width <= self.precision.half_width,
            "looks": list(self.rule.looks),
            "critical": self.rule.critical,
            "estimate": look.estimate.to_json(),
        }
        return json.dumps(told)

    def _undefined(self, reason: str, data: xr.Dataset) -> Look:
        last = data.sizes["replication"] == self.rule.looks[-1]
        return Look(Estimate.undefined(self.rule.level, reason), last)


def influence(numerator: Rows, denominator: Rows) -> Rows:
    """Return one number a world whose mean is the ratio of the sums, and whose spread is the ratio's.

    ρ + (a − ρ b) / b̄: the linear part of ρ = Σa / Σb about its value, as in the delta method, so that an
    interval of its mean is one of the ratio.
    """
    ratio = numerator.sum() / denominator.sum()
    return np.asarray(ratio + (numerator - ratio * denominator) / denominator.mean())
