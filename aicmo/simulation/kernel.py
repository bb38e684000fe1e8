"""The only circle: OBSERVE ▸ PROPOSE ▸ DECIDE ▸ ACT ▸ (market) ▸ RECORD, for a block of worlds at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aicmo.agents.orchestrator import Allowance, Orchestrator
from aicmo.guardrails.exploration import Exploration
from aicmo.market import advance
from aicmo.market.step import Outcome
from aicmo.messages import Limits, Observation, Proposal, Standing
from aicmo.scenario.leadership import Leadership
from aicmo.simulation.approvals import Approvals
from aicmo.simulation.booked import booked
from aicmo.simulation.cdp import Cdp
from aicmo.simulation.clock import Clock, Phase
from aicmo.simulation.controls import Controls
from aicmo.simulation.drafts import Drafts
from aicmo.simulation.leadership import Desk
from aicmo.simulation.ledger import Ledger, Resolution
from aicmo.simulation.organisation.company import Company, working_time
from aicmo.simulation.organisation.pace import Pace
from aicmo.simulation.replay import Script
from aicmo.simulation.seats import OpenSeat, Seats
from aicmo.simulation.team import Team
from aicmo.simulation.treasury import Treasury
from aicmo.simulation.trials import Trials
from aicmo.simulation.world import Start, World

WEEK = 7 * 1440
NEVER = np.iinfo(np.int64).min


class Kernel:
    """One team in one block of worlds, over a range of ticks.

    Parameters
    ----------
    world : World
    start : Start
        Where the run begins; nothing in it is written to.
    team : Team
    ticks : range
        The ticks to run; begins at `start.tick`.
    resolution : {"tick", "week"}
        Of the ledger.
    open_seat : OpenSeat, optional
        A seat of the team that is filled from outside; the kernel stops and waits there.
    salt : str
        Another luck for the team's own draws, for runs of the same team twice.
    script : Script, optional
        Where to write down what is ordered of the market, for the run to be repeated without the team.
    """

    def __init__(
        self,
        world: World,
        start: Start,
        team: Team,
        ticks: range,
        resolution: Resolution = "tick",
        open_seat: OpenSeat | None = None,
        salt: str = "",
        script: Script | None = None,
    ) -> None:
        self.world = world
        self.script = script
        self.brief = world.brief
        self.team = team
        self.ticks = ticks
        self.state = start.state
        self.facts = start.facts.continued()
        self.treasury = Treasury(self.brief)
        self.trials = Trials(self.brief, world.market, world.tape, team.stack, len(ticks))
        self.ledger = Ledger(self.brief, ticks, resolution)
        self.orchestrator = Orchestrator(team.guardrails)
        self.open_seat = open_seat
        self.rates = list(start.rates)
        self.rate = start.rate
        self.tick = ticks.start
        self.pacing = np.ones(self.brief.shape)
        self._changed = np.full(self.brief.shape, ticks.start - self.brief.history_ticks)
        self._opening, self._bought = self.rate, np.full(self.brief.replications, NEVER)
        self._explores = any(guardrail.kind == Exploration.kind for guardrail in team.guardrails)
        self.seats = Seats(world, team.seated, ticks.start, open_seat, salt)
        self._clock = self._wind_up()
        self.company = self._found()
        known = None if self.company is None else self.company.identity
        self.cdp = Cdp(self.brief, world.market, team.stack, self.facts, world.weather, known)
        self.controls = Controls(world, start, team, self._clock, self.company)
        people = world.scenario.leadership or Leadership()
        self.drafts = Drafts(self._clock, self.brief, working_time(people, self.brief))
        self.approvals = Approvals(self.rate, self._desk(), self.ledger)
        self._allowance: Allowance
        self._today: Allowance
        self._observation: Observation | None = self._consult()
        self._planned = np.zeros(self.brief.shape)
        self._before = self.state
        self._order_value = world.market.order_value[self.brief.segment]
        self._outcome: Outcome | None = None

    def _wind_up(self) -> Clock:
        """Put the circle on the clock; within an instant the phase gives the order, not this list."""
        interval = self.brief.tick_minutes
        first, until = self.ticks.start * interval, self.ticks.stop * interval
        clock = Clock(first)
        circle = (
            (Phase.OBSERVE, self._observe),
            (Phase.PROPOSE, self._propose),
            (Phase.DECIDE, self._decide),
            (Phase.PACE, self._pace),
            (Phase.ACT, self._act),
            (Phase.MARKET, self._move_market),
            (Phase.RECORD, self._record),
        )
        for phase, act in circle:
            clock.every(interval, phase, act, first=first, until=until)
        return clock

    def _desk(self) -> Desk | None:
        """Find who answers requests; history is the past, in which nobody asks any more."""
        terms = self.world.scenario.leadership
        if terms is None or self.ticks.start < 0:
            return None
        return Desk(terms, self._clock, self.brief, self.world.tape)

    def _found(self) -> Company | None:
        """Put the organisation on the clock; history is the past, in which it had not begun."""
        owner, people = self.team.organisation, self.world.scenario.leadership or Leadership()
        if owner is None or self.ticks.start < 0:
            return None
        company = Company(owner, people, self._clock, self.brief, self.world.tape, self.ticks)
        self.ledger.organisation = company.record
        return company

    def run(self) -> bool:
        """Advance to the end, or until the open seat must answer; return whether the run is over."""
        waiting = self.open_seat
        until = self.ticks.stop * self.brief.tick_minutes
        return not self._clock.run_while(lambda: waiting is None or not waiting.waiting, until)

    # --- the five phases ---

    def _observe(self) -> None:
        self.tick = self._clock.minute // self.brief.tick_minutes
        self._open_period()
        self.approvals.collect()
        if self.company is not None:
            self.company.open(self.tick)
        self.state = self.controls.receive(self.state, self.tick)
        arrives = self.company is not None and self.company.due(self.tick)
        arrives = arrives or self.drafts.ready or self.approvals.waiting
        consults = self.seats.due(self.tick, pacing=False) or arrives
        self._observation = self._consult() if consults else None

    def _open_period(self) -> None:
        now = self.brief.period_at(self.tick)
        if self.tick == now.start:
            self._opening, self._bought = self.rate, np.full(self.brief.replications, NEVER)
            self.controls.open_period()
            if self.tick > self.ticks.start:
                self.approvals.open_period(self.rate, self.brief.period_at(self.tick - 1), now)
                self.approvals.review(self.tick, self.cdp)

    def _propose(self) -> None:
        if self._observation is not None:
            self.ledger.intervene(self.seats.ask(self._observation, pacing=False))

    def _decide(self) -> None:
        if self._observation is None:
            return
        for proposal in self._arrived(self.seats.answers(self.tick, pacing=False)):
            if proposal.seat != "budget":
                self.ledger.steer(proposal, self.tick)
            if proposal.seat == "budget":
                self._order(proposal)
            elif proposal.seat == "experiments":
                self._begin(proposal)
            else:
                self._steer(proposal)
        self.ledger.intervene(self.controls.keep(self.state, self.tick, self._allowance))

    def _arrived(self, proposals: list[Proposal]) -> list[Proposal]:
        """Return what is put in force now: people and organisations hold budgets up, some are granted."""
        period, days = self.brief.period_at(self.tick), self.treasury.days_left(self.tick)
        even = period.budget / (period.ticks * self.brief.tick_days)
        pace = Pace(period.start, even, self.treasury.remaining(self.tick) / days)
        proposals = self.drafts.passed(proposals, self.rate, pace, self.tick)
        if self.company is not None:
            proposals = self.company.passed(proposals, self.rate, pace, self.tick)
        budgets = [proposal for proposal in proposals if proposal.seat == "budget"]
        if not budgets:
            return [*proposals, *self.approvals.granted(self.rate)]
        everywhere = np.ones(self.brief.replications, dtype=bool)
        due = [everywhere if proposal.due is None else proposal.due for proposal in budgets]
        decided = np.any(due, axis=0)
        return [*self.approvals.granted(self.rate, decided), *proposals]

    def _order(self, proposal: Proposal) -> None:
        """Put budgets in force, inside the guardrails; ask for what exceeds autonomy."""
        decision = self.orchestrator.decide(proposal, self._today, self._standing())
        breaches = self.orchestrator.breaches(decision.rate, self._today)
        self.ledger.decide(decision, breaches)
        self._changed = np.where(decision.rate != self.rate, self.tick, self._changed)
        self.rate = decision.rate
        buys = decision.due & ((self._bought == NEVER) | (self._bought == self.tick))
        buys &= proposal.working_days is None  # a split that is still to come buys nothing
        self._opening = np.where(buys[:, None], self.rate, self._opening)
        self._bought = np.where(buys, self.tick, self._bought)
        self.approvals.ask(decision)

    def _steer(self, proposal: Proposal) -> None:
        """Put breadths or creatives in force, inside what guardrails allow at the budgets just decided."""
        if proposal.seat == "targeting" and self._allowance.merged.latitude is not None:
            self._allowance = self.orchestrator.allow(self.brief, self._standing(self._observation))
        self.state, corrections, limits = self.controls.decide(
            proposal, self.state, self.tick, self._allowance, self.rate
        )
        self.ledger.intervene(corrections)
        self.ledger.hold(limits)

    def _begin(self, proposal: Proposal) -> None:
        """Begin experiments; they are paid for when they begin."""
        able = None if self.company is None else self.company.may_test(self.tick)
        costs, refusals = self.trials.begin(
            proposal.value, self.tick, self.rate, self._allowance.merged, able
        )
        self.ledger.write(self.tick, {"experiments": costs})
        self.ledger.account.experiments = self.trials.begun
        self.ledger.intervene(refusals)

    def _pace(self) -> None:
        """Let the channel agent spread the decision just taken; it sees the new rate as `current`."""
        if self.seats.due(self.tick, pacing=True):
            seen = self._look(self._allowance.merged)
            self.ledger.intervene(self.seats.ask(seen, pacing=True))

    def _act(self) -> None:
        for proposal in self.seats.answers(self.tick, pacing=True):
            self.pacing, rejections = self.orchestrator.pace(proposal, self.pacing, self.tick)
            self.ledger.intervene((*rejections, *self.controls.time(proposal, self.tick)))
        available = self.brief.available[self.brief.row(self.tick)]
        with np.errstate(over="ignore"):  # an infinite wish is one that the treasury cuts
            wish = self.rate * self.pacing
        sent = np.minimum(wish, np.maximum(self._allowance.merged.upper, self.rate))
        self._planned = self.treasury.book(sent * available, self.tick)
        self.rates.append(self.rate)

    def _move_market(self) -> None:
        money = self._planned * self.brief.minor_unit
        self._before = self.state
        levers = replace(self.controls.levers(self.tick), withheld=self.trials.hold_out())
        self.state, self._outcome = advance(
            self.world.market, self.world.weather, self.state, money, self.tick, levers=levers
        )
        if self.script is not None:
            self.script.write(money, levers, self._before, self.state)

    def _record(self) -> None:
        outcome = self._outcome
        if outcome is None:
            raise RuntimeError(
                f"tick {self.tick} is recorded before the market moved: the phases are out of order"
            )
        self.trials.count(self.tick, outcome)
        self.treasury.settle(np.rint(outcome.spend / self.brief.minor_unit), self.tick)
        self.facts.write(self.brief.row(self.tick), outcome)
        facts = booked(self.world.market, outcome, self._planned * self.brief.minor_unit)
        owned = {} if self.company is None else {"organisation": self.company.expenses()}
        self.ledger.write(
            self.tick, facts | self.controls.record(self._before, self.state, outcome.volume) | owned
        )

    # --- what the phases look at ---

    def _standing(self, seen: Observation | None = None) -> Standing:
        week = WEEK // self.brief.tick_minutes
        return Standing(
            tick=self.tick,
            period=self.brief.period_at(self.tick),
            current=self.rate,
            week_ago=self.rates[-week] if len(self.rates) >= week else self.rates[0],
            opening=self._opening,
            bought=self._bought != NEVER,
            approved=self.approvals.approved,
            autonomy=self.approvals.autonomy,
            changed=self._changed,
            remaining=self.treasury.remaining(self.tick),
            days_left=self.treasury.days_left(self.tick),
            paused=np.broadcast_to(~self.brief.available[self.brief.row(self.tick)], self.brief.shape),
            observation=seen,
            best=self.seats.best(seen) if seen is not None and self._explores else None,
            withheld=self.trials.withheld_money(self.tick, self.rate),
            **self.controls.ordered,
        )

    def _consult(self) -> Observation:
        """Look, and ask the guardrails what they allow now.

        What holds until the next look is what they say when a seat is due: on other days something arrives in
        some worlds only, and the rest must not notice.
        """
        seen = self._look(Limits.none(*self.brief.shape))
        self._today = self.orchestrator.allow(self.brief, self._standing(seen))
        if self.seats.due(self.tick, pacing=False):
            self._allowance = self._today
        wanted = self.seats.wants("creative", self.tick)
        creatives = self.controls.creatives(self.state, self.facts, seen.delivered) if wanted else None
        wishes = self._today.askable if self.approvals.answered else self._today.merged
        return replace(seen, limits=wishes, creatives=creatives)

    def _look(self, limits: Limits) -> Observation:
        window = self.cdp.window(self.tick)
        return Observation(
            tick=self.tick,
            due=np.ones(self.brief.replications, dtype=bool),
            **vars(window),
            current=self.rate,
            remaining=self.treasury.remaining(self.tick),
            days_left=self.treasury.days_left(self.tick),
            period=self.brief.period_at(self.tick),
            limits=limits,
            experiments=self.trials.look(window.maturity),
            **self.controls.seen(self.state, self.tick, window.delivered),
        )

    def observe_end(self) -> Observation:
        """Return what is known when the last tick has closed."""
        self.tick = self.ticks.stop - 1
        seen = self._look(self._allowance.merged)
        return replace(seen, creatives=self.controls.creatives(self.state, self.facts, seen.delivered))

    def close(self) -> None:
        """Write into the ledger what is known only at the end: matured credit, and promises kept."""
        self.ledger.promises.close()
        for tick in self.ticks:
            credit = self.cdp.credited(tick)
            worth = {f"{name}_revenue": orders * self._order_value for name, orders in credit.items()}
            self.ledger.write(tick, credit | worth)

    def stand(self) -> Start:
        """Return where the run stands, for another run to begin from."""
        rates = np.array(self.rates[-WEEK // self.brief.tick_minutes :])
        rotated = self.controls.stand(self.facts, self.ticks.stop * self.brief.tick_minutes)
        return Start(self.ticks.stop, self.state, self.facts, rates, rotated)
