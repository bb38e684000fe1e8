"""The seats that move no money: breadth and creatives in force, what they cost, what is seen of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from aicmo.agents.containment import sound_breadth, sound_mix, sound_timing
from aicmo.agents.orchestrator import Allowance
from aicmo.guardrails import at_breadth, at_orders, held_breadth, held_orders
from aicmo.guardrails.exclusions import Exclusions
from aicmo.market.levers import Levers
from aicmo.market.state import MarketState
from aicmo.messages import Creatives, Intervention, Mix, Pace, Proposal
from aicmo.simulation.cdp import Facts
from aicmo.simulation.clock import Clock
from aicmo.simulation.organisation.company import Company
from aicmo.simulation.rotation import Rotated, Rotation
from aicmo.simulation.studio import Studio
from aicmo.simulation.team import Team
from aicmo.simulation.timing import Timing
from aicmo.simulation.world import Start, World


class Controls:
    """What one team holds in force beside money, in one block of worlds.

    Parameters
    ----------
    start : Start
        Where the run begins; nothing in it is written to.
    company : Company, optional
        What the organisation makes of the team's data, governance and studio.
    """

    def __init__(
        self, world: World, start: Start, team: Team, clock: Clock, company: Company | None = None
    ) -> None:
        self._world, self._team, self._company = world, team, company
        self._breadth: np.ndarray | None = None
        self._rotation = _rotation(world, start, team, clock)
        self._facts: dict[str, np.ndarray] = {}
        hours = world.market.dayparts
        self._timing = None if hours is None else Timing(world, hours, start.tick)
        self._briefed = np.zeros(world.brief.replications, dtype=np.int64)
        self._consented = any(
            isinstance(guardrail, Exclusions) and guardrail.consented_only for guardrail in team.guardrails
        )

    def receive(self, state: MarketState, tick: int) -> MarketState:
        """Let new variants go live when `tick` opens."""
        if self._rotation is None or state.variants is None:
            return state
        variants, launched = self._rotation.receive(state.variants, tick)
        if launched is None:
            return state
        self._facts["launched"] = launched
        return replace(state, variants=variants)

    def open_period(self) -> None:
        """Count orders to the studio anew."""
        self._briefed = np.zeros_like(self._briefed)

    def decide(
        self, proposal: Proposal, state: MarketState, tick: int, allowance: Allowance, rate: np.ndarray
    ) -> tuple[MarketState, Sequence[Intervention], dict[str, np.ndarray]]:
        """Put a proposal for targeting or creative in force, inside the guardrails.

        What is no decision leaves the seat as it is.

        Returns
        -------
        state : MarketState
        interventions : sequence of Intervention
            What was rejected or corrected.
        limits : dict of str to (R,)
            At how many limits of each guardrail the decision lies.
        """
        if proposal.seat == "targeting" and state.breadth is not None:
            return state, *self._addressed(proposal, state.breadth, tick, allowance)
        if proposal.seat == "creative" and state.variants is not None and self._rotation is not None:
            variants = state.variants
            if self._company is not None:
                self._rotation.quicken(self._company.studio_pace(tick))
            mix, rejections = sound_mix(proposal.value, variants.quality > 0, variants.traffic, tick)
            mix, held, limits = self._afforded(mix, tick, allowance, rate)
            variants, cost = self._rotation.decide(variants, mix)
            if cost is not None and mix.order is not None:
                self._facts |= {"studio": cost, "ordered": mix.order.astype(np.float64)}
            return replace(state, variants=variants), (*rejections, *held), limits
        raise ValueError(f"seat {proposal.seat!r} decides about nothing that this market has")

    def _addressed(
        self, proposal: Proposal, before: np.ndarray, tick: int, allowance: Allowance
    ) -> tuple[Sequence[Intervention], dict[str, np.ndarray]]:
        """Address as many people as guardrails allow."""
        taken, rejections = sound_breadth(proposal.value, before, tick)
        self._breadth, held = held_breadth(taken, allowance.merged, allowance.pieces, tick)
        return (*rejections, *held), at_breadth(self._breadth, allowance.pieces)

    def _afforded(
        self, mix: Mix, tick: int, allowance: Allowance, rate: np.ndarray
    ) -> tuple[Mix, Sequence[Intervention], dict[str, np.ndarray]]:
        """Order as many variants as guardrails allow."""
        if mix.order is None:
            return mix, (), {}
        order, held = held_orders(mix.order, rate, allowance.merged, allowance.pieces, tick)
        self._briefed = self._briefed + order.sum(axis=1)
        return replace(mix, order=order), held, at_orders(order, allowance.pieces)

    def keep(self, state: MarketState, tick: int, allowance: Allowance) -> Sequence[Intervention]:
        """Bring breadths in force inside limits that have moved, where nobody has decided on them now."""
        if self._breadth is not None or state.breadth is None or allowance.merged.latitude is None:
            return ()
        breadth, held = held_breadth(state.breadth, allowance.merged, allowance.pieces, tick)
        self._breadth = breadth if held else None
        return held

    @property
    def ordered(self) -> dict[str, np.ndarray | None]:
        """Return the fields of a standing about the studio: nothing where nothing can be ordered."""
        studio = None if self._rotation is None else self._rotation.studio
        if studio is None:
            return {}
        return {"in_studio": studio.waiting.sum(axis=1), "briefed": self._briefed}

    def time(self, proposal: Proposal, tick: int) -> Sequence[Intervention]:
        """Put the timing that a pacing seat wants in force; who says nothing of it leaves it as it is."""
        wish = proposal.value
        if self._timing is None or not isinstance(wish, Pace) or wish.timing is None:
            return ()
        self._timing.now, rejections = sound_timing(wish.timing, self._timing.now, tick)
        return rejections

    def levers(self, tick: int) -> Levers:
        """Return what the market needs to know in `tick`; a breadth once given stays in force."""
        breadth, self._breadth = self._breadth, None
        now, timing = self.standing(), None if self._timing is None else self._timing.now
        skill = now.skill * self._world.weather.consent[self._row(tick)]
        return replace(now, breadth=breadth, timing=timing, skill=skill)

    def standing(self) -> Levers:
        """Return what the team's data and governance allow where no event takes consent away."""
        known = self._team.stack.identity_of(self._world.market.consent)[:, None]
        if self._company is None:
            return Levers(skill=known, governance=self._team.governance, consented=self._consented)
        shares = self._company.data
        skill = known * (shares.identity * shares.addressed)[:, None]
        ungoverned = (1.0 - self._team.governance) * (1.0 - shares.prevented)
        return Levers(skill=skill, governance=(1.0 - ungoverned)[:, None], consented=self._consented)

    def coverage(self, tick: int) -> float:
        """Share of profiles that the team believes it may use in `tick`, match rate × consent [1]."""
        return float(self._team.stack.identity * self._world.weather.consent[self._row(tick)])

    def _row(self, tick: int) -> int:
        return min(self._world.brief.row(tick), len(self._world.weather.consent) - 1)

    def record(self, before: MarketState, after: MarketState, volume: np.ndarray) -> dict[str, np.ndarray]:
        """Record a tick from the state in which it began, and return what the ledger shall hold of it."""
        if self._timing is not None:
            self._timing.record(volume)
        if self._rotation is not None and before.variants is not None and after.variants is not None:
            self._rotation.record(before.variants, after.variants)
        facts, self._facts = self._facts, {}
        return facts

    def seen(self, state: MarketState, tick: int, delivered: np.ndarray) -> dict[str, Any]:
        """Return the fields of an observation that every look at these seats shows."""
        if self._team.witness is not None:
            self._team.witness(state)
        known: dict[str, Any] = {"coverage": self.coverage(tick), "breadth": state.breadth}
        if self._timing is not None:
            known["hours"] = self._timing.report(self._until(delivered))
        if self._rotation is not None:
            known["frequency"] = self._rotation.frequency(self._until(delivered))
        return known

    def _until(self, delivered: np.ndarray) -> int:
        """First tick of which nothing has arrived."""
        return int(np.count_nonzero(delivered)) - self._world.brief.history_ticks

    def creatives(self, state: MarketState, facts: Facts, delivered: np.ndarray) -> Creatives | None:
        """Report on variants, as far as results have arrived: `delivered` (W,) of the observation."""
        if self._rotation is None or state.variants is None:
            return None
        return self._rotation.report(state.variants, facts.volume, self._until(delivered))

    def stand(self, facts: Facts, minute: int) -> Rotated | None:
        """Return where the rotation stands, for a run that begins at `minute`."""
        return None if self._rotation is None else self._rotation.stand(facts.volume, minute)


def _rotation(world: World, start: Start, team: Team, clock: Clock) -> Rotation | None:
    creative = world.market.creative
    if creative is None:
        return None
    brief, terms = world.brief, team.studio
    rotated = Rotated.opening(creative, start.tick) if start.rotated is None else start.rotated
    studio = None
    if terms is not None:
        studio = Studio(terms, clock, world.tape, brief.campaigns, brief.tick_minutes, rotated.backlog)
    return Rotation(world, creative, rotated, studio, start.tick)
