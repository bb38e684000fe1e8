"""Holdouts as they run: from the wish of the experiments seat to the readout, world by world."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from aicmo.agents.containment import sound_holdouts
from aicmo.core.noise import Tape
from aicmo.market.experiments import missed, standard_error, withheld
from aicmo.market.measurement import Stack
from aicmo.market.step import Outcome
from aicmo.market.totals import total_by
from aicmo.market.world import Market
from aicmo.messages import Brief, Experiments, Holdouts, Intervention, Limits

READ_AT = 0.99
"""Share of the last day's conversions that has arrived when an experiment is read out."""
NOBODY = -1
HAIR = 1e-9


class Trials:
    """One team's experiments on one run.

    Parameters
    ----------
    market : Market
        The truth, of which a readout shows a noisy part.
    tape : Tape
        Gives the luck of readouts: the same experiment meets the same luck, whoever runs it.
    stack : Stack
        Which experiments the team can run.
    ticks : int
        Length of the run, for the number of slots.
    """

    def __init__(self, brief: Brief, market: Market, tape: Tape, stack: Stack, ticks: int) -> None:
        self.brief = brief
        self._market, self._tape = market, tape
        terms = stack.experiments
        least = int(self._ticks(np.array(terms.minimum_days)))
        slots = terms.capacity * (ticks // max(least, 1) + 1)
        self._all = Experiments.none(*brief.shape, slots, terms)
        self._slot = np.full(brief.shape, NOBODY)
        self._missing, self._orders, self._around, self._spend = (np.zeros(brief.shape) for _ in range(4))
        self._begun = False

    def _ticks(self, days: np.ndarray) -> np.ndarray:
        """Whole ticks that hold so many days."""
        return np.asarray(np.ceil(days / self.brief.tick_days - HAIR), dtype=np.int64)

    # --- the seat's wish ---

    def begin(
        self,
        proposed: Any,
        tick: int,
        rate: Float[np.ndarray, "R C"],
        limits: Limits,
        able: Bool[np.ndarray, "R"] | None = None,
    ) -> tuple[Float[np.ndarray, "R K"], tuple[Intervention, ...]]:
        """Begin what can be begun when `tick` opens.

        Parameters
        ----------
        able : (R,), optional
            Where the organisation can run experiments by now; elsewhere a wish begins nothing.

        Returns
        -------
        costs : (R, K) [currency]
            What setting up costs, by the channels tested.
        interventions : tuple of Intervention
            What was refused, with the money that would have gone to people who are held out.
        """
        wish, rejections = sound_holdouts(proposed, self.brief.shape, tick)
        if able is not None:
            wish = replace(wish, tested=wish.tested & able[:, None])
        wanted, refused = wish.tested.any(axis=1), np.zeros(self.brief.replications, dtype=bool)
        money, reasons = wish.share * (wish.tested * rate).sum(axis=1), []
        for reason, rows in self._objections(wish, tick, money + self.withheld_money(tick, rate), limits):
            hit = wanted & rows & ~refused
            if hit.any():
                reasons.append(f"{np.count_nonzero(hit)} of {hit.size} rows: {reason}")
            refused |= hit
        self._enter(wish, tick, wanted & ~refused)
        if reasons:
            moved = np.where(refused, np.maximum(money, self.brief.minor_unit), 0.0)
            rejections = (*rejections, Intervention("experiments", tick, moved, "; ".join(reasons)))
        return self._costs(wish.tested & (wanted & ~refused)[:, None]), rejections

    def _objections(
        self, wish: Holdouts, tick: int, money: Float[np.ndarray, "R"], limits: Limits
    ) -> list[tuple[str, Bool[np.ndarray, "R"]]]:
        """Why rows cannot begin what they wish for; `money` would go to people held out, running ones too."""
        terms, slots = self._all.terms, self._all.share.shape[1]
        free = np.minimum(self._all.free(tick), slots - (self._all.share > 0.0).sum(axis=1))
        most = np.full(len(money), np.inf) if limits.withheld is None else limits.withheld
        return [
            (f"orders are counted for at least {terms.minimum_days:g} days", wish.days < terms.minimum_days),
            (f"at most {terms.capacity} experiments run at once", free <= 0),
            ("a campaign is already in an experiment", (wish.tested & (self._slot != NOBODY)).any(axis=1)),
            ("more money goes to people held out than is allowed", money > most * (1.0 + HAIR)),
        ]

    def _costs(self, tested: Bool[np.ndarray, "R C"]) -> Float[np.ndarray, "R K"]:
        by_channel = total_by(tested * 1.0, self._market.channel, len(self._market.channels))
        whole = np.maximum(by_channel.sum(axis=1, keepdims=True), 1.0)
        return np.asarray(self._all.terms.cost * by_channel / whole)

    def _enter(self, wish: Holdouts, tick: int, rows: Bool[np.ndarray, "R"]) -> None:
        """Write new experiments down; arrays that were shown to agents stay as they are."""
        if not rows.any():
            return
        self._begun = True
        which = np.flatnonzero(rows)
        slot = (self._all.share[which] > 0.0).sum(axis=1)
        counted = tick + self._ticks(wish.wash_out[which])
        entries = {
            "tested": wish.tested[which],
            "share": wish.share[which],
            "start": np.full(len(which), tick),
            "counted": counted,
            "end": counted + self._ticks(wish.days[which]),
        }
        self._write(which, slot, entries)
        self._slot = np.where(wish.tested & rows[:, None], _spread(slot, which, len(rows)), self._slot)

    def _write(self, rows: np.ndarray, slots: np.ndarray, entries: dict[str, np.ndarray]) -> None:
        fresh = {name: getattr(self._all, name).copy() for name in entries}
        for name, value in entries.items():
            fresh[name][rows, slots] = value
        self._all = replace(self._all, **fresh)

    @property
    def begun(self) -> Float[np.ndarray, "R"]:
        """How many experiments have begun."""
        return np.asarray((self._all.share > 0.0).sum(axis=1), dtype=float)

    # --- what it does to the market ---

    def hold_out(self) -> Float[np.ndarray, "R C"] | None:
        """Keep people out for a tick: return the share of each campaign's effect that is missing in it [1].

        None before any experiment.
        """
        if not self._begun:
            return None
        share = np.take_along_axis(self._all.share, np.maximum(self._slot, 0), axis=1)
        out = np.where(self._slot != NOBODY, share, 0.0)
        self._missing = withheld(self._missing, out, self._market.kept)
        return self._missing

    def withheld_money(self, tick: int, rate: Float[np.ndarray, "R C"]) -> Float[np.ndarray, "R"]:
        """Money that goes to people who are held out now, (R,) [currency/day]."""
        return np.asarray((self._all.held_out(tick) * rate).sum(axis=1))

    # --- what is counted and read out ---

    def count(self, tick: int, outcome: Outcome) -> None:
        """Count a tick that has happened, and read out what ends with it."""
        if not self._begun:
            return
        since = np.take_along_axis(self._all.counted, np.maximum(self._slot, 0), axis=1)
        counting = (self._slot != NOBODY) & (tick >= since)
        self._orders += counting * missed(outcome.mean, self._missing)
        self._around += counting * np.take(outcome.orders, self._market.segment, axis=1)
        self._spend += counting * outcome.spend
        ending = np.argwhere((self._all.share > 0.0) & (self._all.end == tick + 1))
        if len(ending):
            luck = self._tape.normal("holdout", self._market.campaigns, range(tick, tick + 1))[0]
            found = [self._read_out(int(row), int(slot), luck[row]) for row, slot in ending]
            names = ("estimate", "error", "spend")
            entries = dict(zip(names, np.array(found).T, strict=True))
            self._write(ending[:, 0], ending[:, 1], entries)

    def _read_out(self, row: int, slot: int, luck: Float[np.ndarray, "C"]) -> tuple[float, float, float]:
        """Estimate and standard error [order/day], and spend [currency/day], of one experiment; end it."""
        members = np.flatnonzero(self._all.tested[row, slot])
        share = float(self._all.share[row, slot])
        days = float(self._all.end[row, slot] - self._all.counted[row, slot]) * self.brief.tick_days
        variance, noise = 0.0, 0.0
        for segment in np.unique(self._market.segment[members]):
            inside = members[self._market.segment[members] == segment]
            orders = self._around[row, inside[:1]] / days
            error = float(standard_error(orders, self._market.dispersion[row], share, days)[0])
            variance += error**2
            noise += error * float(luck[inside].sum()) / len(inside) ** 0.5
        estimate = float(self._orders[row, members].sum()) / (share * days) + noise
        spend = float(self._spend[row, members].sum()) / days
        self._slot[row, members] = NOBODY
        for counts in (self._orders, self._around, self._spend):
            counts[row, members] = 0.0
        return estimate, variance**0.5, spend

    def look(self, maturity: Float[np.ndarray, "W"]) -> Experiments:
        """Return what is known, given the share of each origin's conversions that has come in."""
        now = self._all
        if not self._begun:
            return now
        until = now.end + self.brief.history_ticks
        last = maturity[np.minimum(until, len(maturity)) - 1]
        known = (now.share > 0.0) & (until <= len(maturity)) & (last >= READ_AT)
        return replace(
            now,
            known=known,
            estimate=np.where(known, now.estimate, 0.0),
            error=np.where(known, now.error, 0.0),
            spend=np.where(known, now.spend, 0.0),
        )


def _spread(slot: np.ndarray, rows: np.ndarray, replications: int) -> np.ndarray:
    """Slots of some rows as a column for all, (R, 1)."""
    column = np.zeros((replications, 1), dtype=np.int64)
    column[rows, 0] = slot
    return column
