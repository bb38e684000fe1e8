"""The close-up of one world that stands beside a comparison, as sections read it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from jaxtyping import Float

from aicmo.evaluation.close_up import NAME
from aicmo.report.evidence import Evidence
from aicmo.report.words import plain

UNNAMED = {"treasury", "budget"}
"""Limits on totals: they hold no campaign by itself."""


@dataclass(frozen=True)
class CloseUp:
    """What a team decided in the first world, and its curves at the end.

    Attributes
    ----------
    data : xarray.Dataset
        As `aicmo.evaluation.close_up.close_up` lays it out.
    """

    data: xr.Dataset

    @classmethod
    def of(cls, evidence: Evidence) -> CloseUp | None:
        """Find it; None where the baseline ran alone."""
        data = evidence.beside.get(NAME)
        return None if data is None else cls(data)

    @property
    def team(self) -> str:
        """Whose decisions."""
        return plain(str(self.data.attrs["team"]))

    @property
    def baseline(self) -> str:
        """Whose rates stand beside them."""
        return plain(str(self.data.attrs["baseline"]))

    @cached_property
    def campaigns(self) -> tuple[str, ...]:
        """Names, safe to show."""
        return tuple(plain(str(name)) for name in self.data["campaign"].values)

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """Channel of each campaign."""
        return tuple(str(name) for name in self.data["campaign_channel"].values)

    @property
    def before(self) -> Float[np.ndarray, "C"]:
        """The baseline's rates at the end [currency/day]."""
        return np.asarray(self.data["rate"].values[0])

    @property
    def after(self) -> Float[np.ndarray, "C"]:
        """The team's rates at the end [currency/day]."""
        return np.asarray(self.data["rate"].values[1])

    @property
    def mroas(self) -> Float[np.ndarray, "2 C"]:
        """True marginal revenue per unit of money at both rates, 0 margin aside."""
        return np.asarray(self.data["true_marginal"].values / self.data["margin"].values)

    @cached_property
    def order(self) -> list[int]:
        """Campaigns by how much their rates differ, the largest difference first."""
        found: list[int] = np.argsort(-np.abs(self.after - self.before), kind="stable").tolist()
        return found

    def held_by(self, campaign: int) -> str:
        """Name the guardrail that held a campaign in most decisions, and in how many."""
        holds = self.data["holds"].values[:, :, campaign].mean(axis=0) if self.data.sizes["decision"] else []
        found = {
            plain(str(name)): float(share)
            for name, share in zip(self.data["guardrail"].values, holds, strict=True)
            if share > 0.0 and str(name) not in UNNAMED
        }
        if not found:
            return "–"
        name = max(found, key=lambda name: found[name])
        return f"{name} {found[name]:.0%}"

    def at(self, curve: str, rates: Float[np.ndarray, "C"]) -> Float[np.ndarray, "C"]:
        """Read a curve (`true_profit`, `believed_profit`) at rates [currency/day]."""
        spend, values = self.data["spend"].values, self.data[curve].values
        return np.array([np.interp(rate, spend[c], values[c]) for c, rate in enumerate(rates)])
