"""What a scenario's market pays: elasticities and the return of a further unit, by paired runs of +1 %."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from aicmo.core.noise import Tape
from aicmo.market import Market, Weather, advance, build, open_state, weather
from aicmo.market.demand import DAYS_PER_YEAR
from aicmo.market.levers import Levers
from aicmo.market.measurement import Stack
from aicmo.market.optimum import steady_optimum
from aicmo.market.runoff import run_off
from aicmo.market.state import MarketState
from aicmo.market.timeline import Timeline, budget_periods
from aicmo.scenario.schema import Scenario

STEP = 0.01
SHORT_DAYS = 28
RUN_OFF_WEEKS = 52


@dataclass(frozen=True)
class Course:
    """A run: orders and gross profit of each tick of the horizon, and the state in which it ends."""

    orders: np.ndarray
    gross_profit: np.ndarray
    state: MarketState


class Economics:
    """The mean market of a scenario, without luck of volumes, under the best steady split of its budgets.

    Prices, demand and drift move as in two worlds; runs are paired, so that what moves cancels.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario.model_copy(update={"uncertainty": None})
        self.tape = Tape(2, 2)
        drawn = build(self.scenario, self.tape)
        self.market: Market = replace(drawn, dispersion=np.zeros(drawn.dispersion.shape), incidents=None)
        self.sky: Weather = weather(self.scenario, self.market, self.tape)
        self.line = Timeline.of(self.scenario.calendar)
        stack = Stack.of(self.scenario.measurement)
        self.levers = Levers(skill=stack.identity)
        self.plan = self._plan()
        self.course = self.run(self.plan)

    def _plan(self) -> np.ndarray:
        """Rates by tick, (T, C): each period's budget in the split that is best for it."""
        rows = np.zeros((len(self.line.span), len(self.market.campaigns)))
        for period in budget_periods(self.scenario.calendar, self.scenario.budget):
            ticks = slice(period.start + self.line.history, period.end + self.line.history)
            daily = np.full(2, period.budget / (period.ticks * self.line.days))
            running = self.sky.available[ticks].any(axis=0)
            plan = steady_optimum(
                self.market, daily, upper=np.where(running, np.inf, 0.0), worth=self.worth()
            )
            rows[ticks] = plan[0]
        return rows

    def worth(self) -> np.ndarray:
        """Gross profit of an order, and of those that its customer places in horizon and run-off, (R, C)."""
        profit = np.repeat(self.market.order_profit[self.market.segment][None], 2, axis=0)
        people = self.market.people
        if people is None:
            return profit
        years = DAYS_PER_YEAR / self.market.tick_days
        churn, repeat, left = people.churn * years, people.repeat * years, 1.5
        stays = np.divide(-np.expm1(-churn * left), churn, out=np.full(churn.shape, left), where=churn > 0)
        later = np.where(people.customers + people.repeat > 0, repeat * stays, 0.0)[:, self.market.segment]
        return profit * (1.0 + np.where(self.market.retention, 0.0, later))

    def run(self, rates: np.ndarray) -> Course:
        """Run history and horizon under rates (T, C) [currency/day]."""
        state, orders, profit = open_state(self.market), [], []
        for row, tick in enumerate(self.line.span):
            money = np.repeat(rates[row][None] * self.line.days, 2, axis=0)
            state, outcome = advance(self.market, self.sky, state, money, tick, levers=self.levers)
            if tick >= 0:
                orders.append(outcome.orders.sum(axis=1).mean())
                profit.append(outcome.gross_profit.sum(axis=1).mean())
        return Course(np.array(orders), np.array(profit), state)

    def raised(self, campaigns: np.ndarray, days: int | None = None) -> Course:
        """Run with 1 % more money on some campaigns from the opening on, for some days or to the end."""
        rates, first = self.plan.copy(), self.line.history
        last = len(rates) if days is None else first + round(days / self.line.days)
        rates[first:last, campaigns] *= 1 + STEP
        return self.run(rates)

    def short_run(self, campaigns: np.ndarray) -> float:
        """Elasticity of orders within four weeks of more money."""
        ticks = round(SHORT_DAYS / self.line.days)
        more = self.raised(campaigns, SHORT_DAYS).orders[:ticks].sum()
        return float((more / self.course.orders[:ticks].sum() - 1) / STEP)

    def long_run(self, campaigns: np.ndarray) -> float:
        """Elasticity of the orders of the last quarter, after more money all year."""
        quarter = round(91 / self.line.days)
        more = self.raised(campaigns).orders[-quarter:].sum()
        return float((more / self.course.orders[-quarter:].sum() - 1) / STEP)

    def channel(self, name: str) -> np.ndarray:
        """Campaigns of a channel, as a mask."""
        return np.asarray(self.market.channel == self.market.channels.index(name))

    @property
    def everything(self) -> np.ndarray:
        """All campaigns, as a mask."""
        return np.ones(len(self.market.campaigns), dtype=bool)

    @property
    def spend(self) -> float:
        """Money of the horizon."""
        return float(self.plan[self.line.history :].sum() * self.line.days)

    def further_unit(self) -> float:
        """Gross profit of a further unit of money: 1 % more for everything, with a year of run-off."""
        more = self.raised(self.everything)
        gain = more.gross_profit.sum() - self.course.gross_profit.sum()
        gain += self._tail(more.state) - self._tail(self.course.state)
        return float(gain / (STEP * self.spend))

    def average(self) -> float:
        """Gross profit over money, against no marketing in the horizon, with a year of run-off."""
        rates = self.plan.copy()
        rates[self.line.history :] = 0.0
        dark = self.run(rates)
        gain = self.course.gross_profit.sum() - dark.gross_profit.sum()
        return float((gain + self._tail(self.course.state) - self._tail(dark.state)) / self.spend)

    def _tail(self, state: MarketState) -> float:
        return float(
            sum(earned.mean() for _, earned in run_off(self.scenario, self.tape, state, RUN_OFF_WEEKS))
        )

    def share_of_revenue(self) -> float:
        """Money of the horizon over its revenue."""
        margin = float(
            np.average(self.market.margin, weights=self.market.base_orders * self.market.order_value)
        )
        return float(self.spend * margin / self.course.gross_profit.sum())
