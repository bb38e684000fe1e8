"""The scenario: market (truth), brief (what the advertiser knows), guardrails, teams."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, PrivateAttr, WithJsonSchema, model_validator

from aicmo.guardrails import SHELF as GUARDRAILS
from aicmo.scenario.calendar import Budget, Calendar
from aicmo.scenario.checks import collisions, findings
from aicmo.scenario.currency import iso_4217
from aicmo.scenario.leadership import Leadership
from aicmo.scenario.market import Market
from aicmo.scenario.measurement import Measurement
from aicmo.scenario.model import Model, detail, refusal
from aicmo.scenario.organisation import Ownership
from aicmo.scenario.parts import PartOf
from aicmo.scenario.presets import Teams
from aicmo.scenario.quantities import NonNegative, Positive
from aicmo.scenario.studio import Studio
from aicmo.scenario.uncertainty import Factor, Uncertainties, Uncertainty
from aicmo.scenario.written import written

__all__ = [
    "Budget",
    "Calendar",
    "Factor",
    "Knowledge",
    "Market",
    "Measurement",
    "Objective",
    "Scenario",
    "Uncertainty",
]

VERSION = 1


class Knowledge(Model):
    """What the advertiser believes at the start (the brief), beside the facts."""

    half_life_error: NonNegative = 0.5
    """Error of believed half-lives: standard deviation of the logarithm."""
    season_error: NonNegative = 0.05
    """Error of the believed season: standard deviation of the logarithm."""
    prior_return: Positive = 1.2
    """Incremental revenue per money spent, believed at last year's spend (Meridian's prior: median 1.22)."""
    prior_cv: Positive = 0.9
    """Its coefficient of variation (Meridian's prior: .9)."""
    misallocation: NonNegative = 0.4
    """m: the shares of last year are optimum × exp(N(0, m²))."""


class Objective(Model):
    """What leadership asks of everybody: gross profit + w · terminal value − spend − costs (model.md)."""

    long_term_weight: NonNegative = 0.0
    """w: what a unit of money counts that comes in the year after the horizon, brand and customers included.

    0 counts only what is earned within the horizon, 1 counts all (discounted at 10 % a year).
    """


class Scenario(Model):
    """A validated scenario file."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    """Version of this format."""
    name: Annotated[str, Field(min_length=1, max_length=80)]
    """What tables call it."""
    description: str = ""
    """What it is meant to show."""
    currency: Annotated[
        str, AfterValidator(iso_4217), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})
    ]
    """ISO 4217 code, such as EUR."""
    calendar: Calendar
    """When it happens."""
    budget: Budget
    """The money for each budget period."""
    market: Market
    """The truth."""
    measurement: Measurement = Field(default_factory=Measurement)
    """How data arrives."""
    studio: Studio | None = None
    """Where new creatives come from; none: what is live stays, worn or not."""
    knowledge: Knowledge = Field(default_factory=Knowledge)
    """What the advertiser believes at the start."""
    uncertainty: Uncertainties | None = None
    """Priors over markets; without them a comparison speaks about luck in this one market only."""
    objective: Objective = Field(default_factory=Objective)
    """What leadership asks of every team: long term against short."""
    history_team: str = "manual_quarterly"
    """The team whose rule spent the history's budget."""
    leadership: Leadership | None = None
    """Who answers requests for approval; none: what exceeds an `approval` guardrail is not done."""
    organisation: Ownership | None = None
    """Who owns the AI; none: what teams decide is done at once, with the data and the studio as stated.

    Teams that plan by hand or by fixed rules have the same company's data, without programme and loop.
    """
    guardrails: tuple[Annotated[Any, PartOf(GUARDRAILS)], ...] = ()
    """Limits set by people, the same for every team."""
    teams: Teams = Field(default_factory=dict)
    """Own teams, and changes to those that ship."""
    _text: str = PrivateAttr(default="")

    @property
    def text(self) -> str:
        """The file as it was written, for the record; what was made in Python is written out in YAML."""
        return self._text or written(self)

    def sample(self, seed: int) -> Self:
        """Return one fixed market, drawn from the priors: world 0 of a comparison with this seed.

        The result has no `uncertainty:` any more: all that it leaves open is luck. Without priors of its own,
        a scenario is sampled around, from the priors that ship as `typical` (assumptions).

        Examples
        --------
        >>> from aicmo.scenario.load import load, loads
        >>> market = load("scenarios/small.yaml").sample(seed=7)
        >>> loads(market.text).model_dump() == market.model_dump()
        True
        """
        from aicmo.scenario.sample import sampled  # noqa: PLC0415 - draws need what most users of a file do not

        return type(self).model_validate(sampled(self, seed))

    def save(self, path: str | Path) -> None:
        """Write the scenario as YAML that `load` reads back to the same bits."""
        Path(path).write_text(self.text, encoding="utf-8")

    def as_written(self, text: str) -> Self:
        """Remember the text that this scenario was read from."""
        self._text = text
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy; one with an `update` is no longer the file that was read."""
        copy = super().model_copy(update=update, deep=deep)
        return copy.as_written("") if update else copy

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        plain = self.model_dump(by_alias=True, include={"market", "guardrails", "teams", "history_team"})
        sections = {name: getattr(self, name) for name in type(self).model_fields}
        wrong = [detail(path, said, kind="inconsistent") for path, said in findings(plain, sections)]
        if not wrong:
            wrong = [detail(path, said, kind="infeasible") for path, said in collisions(sections)]
        if wrong:
            raise refusal("Scenario", wrong)
        return self
