"""What the report reads: a comparison, seen from here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

import numpy as np
import xarray as xr
from jaxtyping import Shaped

from aicmo.evaluation.finding import headline_team
from aicmo.evaluation.reference import REFERENCES
from aicmo.report.words import percent

Role = Literal["headline", "contender", "baseline", "reference"]


class Comparison(Protocol):
    """The part of an evaluation that becomes a report."""

    @property
    def summary(self) -> Mapping[str, Any]:
        """The JSON of `compare`."""

    @property
    def further(self) -> Mapping[str, Any]:
        """What people ask beside the summary."""

    @property
    def dataset(self) -> xr.Dataset:
        """Team × replication results with their coordinates."""

    @property
    def beside(self) -> Mapping[str, xr.Dataset]:
        """Findings of other commands that stand beside it, by name."""

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""


@dataclass(frozen=True)
class Evidence:
    """A comparison with the questions that every table and figure asks of it."""

    comparison: Comparison

    @property
    def summary(self) -> Mapping[str, Any]:
        """The JSON of `compare`."""
        return self.comparison.summary

    @property
    def further(self) -> Mapping[str, Any]:
        """What people ask beside the summary."""
        return self.comparison.further

    @property
    def dataset(self) -> xr.Dataset:
        """Team × replication results."""
        return self.comparison.dataset

    @property
    def beside(self) -> Mapping[str, xr.Dataset]:
        """Findings of other commands, by name."""
        return self.comparison.beside

    @property
    def teams(self) -> Mapping[str, Mapping[str, Any]]:
        """Metrics by team, in the order of the comparison."""
        teams: Mapping[str, Mapping[str, Any]] = self.summary["teams"]
        return teams

    @property
    def rejections(self) -> Mapping[str, Mapping[str, int]]:
        """Why proposals of a team were rejected whole, and how many."""
        found: Mapping[str, Mapping[str, int]] = json.loads(self.dataset.attrs.get("rejections", "{}"))
        return found

    @property
    def currency(self) -> str:
        """ISO-4217 code."""
        return str(self.summary["currency"])

    @property
    def baseline(self) -> str:
        """The team that the others are measured against."""
        return str(self.summary["baseline"])

    @property
    def replications(self) -> int:
        """Number of paired worlds."""
        return int(self.summary["replications"])

    @property
    def level(self) -> float:
        """Level of the intervals, such as 0.9."""
        return float(next(iter(self.teams.values()))["spend"]["level"])

    @property
    def interval(self) -> str:
        """Kind and level of the intervals."""
        return f"{percent(self.level, digits=0)} interval"

    @property
    def start(self) -> date:
        """First day of the horizon."""
        return date.fromisoformat(str(self.dataset.attrs["start"])[:10])

    @property
    def weeks(self) -> Shaped[np.ndarray, "weeks"]:
        """Day on which each week of the horizon begins."""
        count = self.dataset.sizes["week"]
        return np.datetime64(self.start, "D") + 7 * np.arange(count)

    @property
    def headline(self) -> str | None:
        """The team that the report is about: the AI CMO where it takes part, else the first challenger."""
        return headline_team(dict(self.summary))

    def role(self, team: str) -> Role:
        """Say what part `team` plays."""
        if team == self.baseline:
            return "baseline"
        if team in REFERENCES:
            return "reference"
        return "headline" if team == self.headline else "contender"

    @property
    def ranking(self) -> tuple[str, ...]:
        """Teams by contribution, largest first, then the references."""
        ranked = sorted(self.teams, key=lambda team: -float(self.teams[team]["contribution"]["mean"]))
        return tuple(sorted(ranked, key=lambda team: self.role(team) == "reference"))

    @property
    def worlds(self) -> str:
        """What the intervals are over, with its number."""
        if self.summary["over"] == "worlds":
            return f"{self.replications:,} sampled markets"
        return f"{self.replications:,} runs of this one market (the interval covers luck only)"
