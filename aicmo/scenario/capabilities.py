"""Capabilities: what is rolled out, what it takes at each gate, and which condition it changes once live."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from aicmo.scenario.model import Model
from aicmo.scenario.quantities import Duration, NonNegative, Positive, Share, by_default

CapabilityName = Literal[
    "real_time_feed",
    "identity_resolution",
    "consent_platform",
    "experimentation",
    "creative_automation",
    "personalisation",
    "autonomous_reallocation",
]


class Conditions(Model):
    """How the organisation works; the defaults are those of a scenario without one."""

    collect: Duration = by_default("0d")
    """Time until signals are collected, beyond the latency of the team's data stack."""
    unify: Duration = by_default("0d")
    """Time until they are joined to profiles."""
    understand: Duration = by_default("0d")
    """Time until somebody, or an agent, has read them and proposes."""
    engage: Duration = by_default("0d")
    """Time until what was decided is live in the media."""
    autonomy: Share = 1.0
    """Largest share of the budget that a decision may move without being signed."""
    match: Share = 1.0
    """Share of the profiles, of those that the stack could join, that stand under one definition."""
    consent: Share = 1.0
    """Share of the consents, of those that the stack could use, that are on record."""
    addressed: Share = 1.0
    """Share of usable profiles that campaigns address by what is known of them."""
    experiments: bool = True
    """Whether holdouts can be run."""
    studio: Positive = 1.0
    """Time from brief to live of a creative, as a multiple of the studio's."""
    prevented: Share = 0.0
    """Share of risky spend that review keeps from happening, beyond the team's own governance."""


class Brings(Model):
    """Conditions under which those work who use a capability; what is left out stays."""

    collect: Duration | None = None
    """As in `conditions`."""
    unify: Duration | None = None
    """As in `conditions`."""
    understand: Duration | None = None
    """As in `conditions`."""
    engage: Duration | None = None
    """As in `conditions`."""
    autonomy: Share | None = None
    """As in `conditions`."""
    match: Share | None = None
    """As in `conditions`."""
    consent: Share | None = None
    """As in `conditions`."""
    addressed: Share | None = None
    """As in `conditions`."""
    experiments: bool | None = None
    """As in `conditions`."""
    studio: Positive | None = None
    """As in `conditions`."""
    prevented: Share | None = None
    """As in `conditions`."""

    @property
    def values(self) -> dict[str, float]:
        """What it brings, by condition."""
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: float(value) for name, value in own.items() if value is not None}


class Capability(Model):
    """One capability: time in work at each gate, once somebody works on it, and money."""

    define: Duration = by_default("0d")
    """Defining its purpose."""
    users: Duration = by_default("0d")
    """Naming its users."""
    test: Duration = by_default("0d")
    """Testing it."""
    integration: Duration = by_default("0d")
    """Integrating it with one vendor's product; with more vendors, as many times."""
    measure: Duration = by_default("0d")
    """Measuring what it brought."""
    seats: Annotated[int, Field(ge=1, le=1000)] = 1
    """Groups of users for whom it is bought."""
    training: Duration = by_default("0d")
    """Training one of them, one after the other."""
    impact: Positive = 1.0
    """Revenue that is expected of it, as a multiple of a median request to the centre of excellence."""
    licence: NonNegative = 0.0
    """Price of the tool from the start of the test on, as a share of the media budget."""
    brings: Brings = Field(default_factory=Brings)
    """What changes for those who use it."""


class Programme(Model):
    """What is rolled out, and how."""

    roadmap: tuple[CapabilityName, ...] = ()
    """Capabilities in the order in which work on them begins."""
    parallel: Annotated[int, Field(ge=1, le=20)] = 20
    """How many are worked on at once, up to live."""
    purpose_first: bool = True
    """Whether purpose and users are defined before anything is bought."""
    unplanned: Share = 0.3
    """Share of the seats that find users where nobody was asked before."""
    reuse: Share = 0.0
    """Share of the integration work that each capability which is live spares the next."""
    reassess: Duration = by_default("26w")
    """Time between reassessments of what is live; 0 is never."""
    least_use: Share = 0.0
    """Utilisation below which a reassessment retires a capability."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        twice = [name for name in self.roadmap if self.roadmap.count(name) > 1]
        if twice:
            raise ValueError(f"expected every capability once on the road map, got {twice[0]!r} twice")
        return self
