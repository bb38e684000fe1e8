"""Who owns the AI: decision rights, queues, shares of data and people of an organisation.

Nothing in here is a bonus. Every figure is a wait, a share of data, a number of people or an amount of money;
what it is worth comes out of the run. The defaults change nothing: `organisation: {}` is one that is instant,
free and complete. Presets with frictions ship in `organisations.yaml`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, WrapValidator, model_validator

from aicmo.scenario.capabilities import Capability, CapabilityName, Conditions, Programme
from aicmo.scenario.model import Model
from aicmo.scenario.operating_models import completed
from aicmo.scenario.quantities import Duration, NonNegative, Positive, Share, by_default

People = Annotated[int, Field(ge=0, le=1000)]
Function = Literal["product", "sales", "service", "marketing"]


class Decision(Model):
    """Who signs what agents may not do by themselves (`conditions.autonomy`)."""

    approver: str = "head of marketing"
    """What tables call whoever signs."""
    sign_off: Duration = by_default("0d")
    """Working time until half of the decisions are signed; 0 is at once."""
    spread: NonNegative = 0.7
    """Standard deviation of the logarithm of that time."""
    declines: Share = 0.0
    """Share of decisions that are not signed."""


class Stack(Model):
    """The tools between a customer's signal and the answer: one platform, or several vendors' products."""

    vendors: Annotated[int, Field(ge=1, le=5)] = 1
    """Whose products take the steps collect, unify, understand, decide and engage.

    1 is one (agentic) platform, 5 is composable.
    """
    latency: Duration = by_default("0d")
    """Time that each hand-over from one vendor to the next takes."""
    failure: Share = 0.0
    """Share of passes in which a hand-over fails."""
    repair: Duration = by_default("0d")
    """Median time until a failed hand-over is repaired."""
    kept: Share = 1.0
    """Share of the joined profiles that survives each hand-over."""


class ItDepartment(Model):
    """Who integrates: places in a priority queue that other functions use as well."""

    teams: Annotated[int, Field(ge=0, le=100)] = 0
    """Requests in work at once; 0 is as many as there are."""
    dedicated: Annotated[int, Field(ge=0, le=100)] = 0
    """Of them for marketing alone, such as embedded technologists."""
    requests_per_quarter: NonNegative = 0.0
    """Requests of other functions in 13 weeks, arriving at random."""
    size: Duration = by_default("6w")
    """Median time that one of them is in work."""
    spread: NonNegative = 0.8
    """Standard deviation of the logarithm of that time."""
    urgent: Share = 0.0
    """Share of them that goes before everything planned, such as regulation and outages."""
    backlog: Duration = by_default("0d")
    """How long what waits already at the start keeps all shared teams busy."""
    marketing: Literal["first", "with_others", "last"] = "with_others"
    """Where requests of marketing stand among those that are not urgent."""
    intake: Duration = by_default("0d")
    """Requests are accepted on a plan of this rhythm, such as 52w; 0 is at any time."""
    review: Duration = by_default("0d")
    """Time of a security and privacy review, before integration begins."""
    cost: NonNegative = 0.0
    """Of a week of integration work, as a share of a quarter's media budget."""

    @model_validator(mode="after")
    def _somebody_is_left(self) -> Self:
        if self.dedicated and self.dedicated >= self.teams:
            said = f"expected more teams than the {self.dedicated} that are dedicated to marketing"
            raise ValueError(f"{said}, got {self.teams}: other functions ask too")
        return self


class Role(Model):
    """One kind of people in the centre of excellence."""

    people: People = 0
    """How many; with nobody, line staff do the work beside their job."""
    pay: NonNegative = 0.0
    """For one of them, as a share of the media budget."""


class Centre(Model):
    """The centre of excellence: a small team that serves marketing, and others who ask."""

    head: Role = Field(default_factory=Role)
    """Defines purpose with the sponsor."""
    strategist: Role = Field(default_factory=Role)
    """Measures value."""
    technical_lead: Role = Field(default_factory=Role)
    """Tests."""
    operations_manager: Role = Field(default_factory=Role)
    """Names and trains users."""
    beside: Positive = 1.0
    """Times as long as stated work takes where line staff do it beside their job, one piece at a time."""
    requests_per_quarter: NonNegative = 0.0
    """Requests of product, sales and service in 13 weeks, arriving at random."""
    size: Duration = by_default("2w")
    """Median time that one of them is in work."""
    spread: NonNegative = 0.8
    """Standard deviation of the logarithm of that time."""
    order: Literal["revenue", "loudness"] = "revenue"
    """What goes first: what brings most revenue, or whoever shouts loudest."""


class Tools(Model):
    """What is bought."""

    overlap: Annotated[int, Field(ge=1, le=10)] = 1
    """Tools bought for each purpose; only the users of one of them work on shared data."""


class Organisation(Model):
    """An operating model: who owns the AI, and how fast and how well the company around it works."""

    preset: str | None = None
    """Shipped operating model that this one changes, such as `cmo_led`."""
    name: str = "organisation"
    """What tables call it; by default its preset's name."""
    description: str = ""
    """What tables say about it."""
    objective: Literal["one", "per_channel"] = "one"
    """One objective for all money, or one for each channel's department, within fixed shares."""
    conditions: Conditions = Field(default_factory=Conditions)
    """How it works on the first day."""
    decision: Decision = Field(default_factory=Decision)
    """Who signs."""
    stack: Stack = Field(default_factory=Stack)
    """One platform or several vendors."""
    it: ItDepartment = Field(default_factory=ItDepartment)
    """Who integrates."""
    centre: Centre = Field(default_factory=Centre)
    """Who helps."""
    tools: Tools = Field(default_factory=Tools)
    """How tools are bought."""
    programme: Programme = Field(default_factory=Programme)
    """What is rolled out, in which order, and how."""
    capabilities: dict[CapabilityName, Capability] = Field(default_factory=dict)
    """What each capability takes and brings; what is left out is as in the catalogue that ships."""

    def by_hand(self) -> Organisation:
        """Return the same company for those who plan by hand or by rules: its data, without a programme.

        How late people read and act is part of how they plan, and what they plan is signed already.
        """
        at_once = dict.fromkeys(("collect", "unify", "understand", "engage"), 0) | {"autonomy": 1.0}
        return self.model_copy(
            update={
                "conditions": self.conditions.model_copy(update=at_once),
                "stack": self.stack.model_copy(update={"vendors": 1}),
                "it": ItDepartment(),
                "centre": Centre(),
                "programme": Programme(),
                "capabilities": {},
            }
        )


Ownership = Annotated[Organisation, WrapValidator(completed)]
"""An organisation as a person writes it: what is said, over the preset that it names."""
