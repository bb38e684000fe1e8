"""Approvals: what a team may do by itself, what it asks for, and what people have allowed."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool

from aicmo.messages import Decision, Period, Proposal, Request
from aicmo.simulation.cdp import Cdp
from aicmo.simulation.leadership import Desk
from aicmo.simulation.ledger import Ledger
from aicmo.simulation.trust import Trust

ROUNDING = 1e-9
"""Share of a plan below which a difference is rounding, and nothing to ask for."""


class Approvals:
    """The plan that people approved, (R, C), and what they were asked.

    Parameters
    ----------
    rate : (R, C) [currency/day]
        The plan in force at the start; people made it.
    desk : Desk, optional
        Who answers; None where nobody does, and nothing is asked.
    ledger : Ledger
        Where all that is asked and answered is written down.

    Attributes
    ----------
    approved : (R, C) [currency/day]
        The last plan that a person approved.
    """

    def __init__(self, rate: np.ndarray, desk: Desk | None, ledger: Ledger) -> None:
        self.approved = rate
        self._desk, self._ledger = desk, ledger
        self._trust = None if desk is None else Trust(desk.terms, ledger.brief)
        self._granted: dict[int, np.ndarray] = {}

    @property
    def answered(self) -> bool:
        """Whether somebody answers at all."""
        return self._desk is not None

    @property
    def waiting(self) -> bool:
        """Whether something has been granted that is not yet done."""
        return bool(self._granted)

    def open_period(self, rate: np.ndarray, before: Period, now: Period) -> None:
        """Approve the strategy of a new budget period: the plan in force, for the money of that period."""
        pace = [item.budget / max(item.ticks, 1) for item in (before, now)]
        self.approved = rate * (pace[1] / pace[0]) if pace[0] > 0.0 else rate

    def review(self, tick: int, cdp: Cdp) -> None:
        """Judge the period that has ended, and let autonomy follow."""
        if self._trust is not None:
            before = self._trust.autonomy
            self._trust.review(cdp.window(tick), tick, self._ledger.account.violations)
            self._ledger.reviews.append((tick, before, self._trust.autonomy))

    @property
    def autonomy(self) -> np.ndarray | None:
        """Factor on what needs no approval, (R,); None where nobody answers."""
        return None if self._trust is None else self._trust.autonomy

    def ask(self, decision: Decision) -> None:
        """Ask for what a wish holds beyond the decision that went ahead; what was granted before is done."""
        self._granted = {}
        if self._desk is None or self._trust is None:
            return
        if decision.proposal.due is None:
            self._trust.note(decision)
        wish, tick = decision.wish, decision.tick
        asks = np.abs(wish - decision.rate).sum(axis=1) > ROUNDING * wish.sum(axis=1)
        new = self._desk.ask(Request(tick, wish, asks)) if asks.any() else asks
        if new.any():
            self._ledger.requests.append(Request(tick, wish, new))

    def collect(self) -> None:
        """Hear what was answered; a granted plan is the approved one from now on."""
        if self._desk is None:
            return
        for answer in self._desk.collect():
            self._ledger.answers.append(answer)
            if answer.granted:
                self.approved = self.approved.copy()
                self.approved[answer.world] = self._granted[answer.world] = answer.rate

    def granted(self, rate: np.ndarray, decided: Bool[np.ndarray, "R"] | None = None) -> list[Proposal]:
        """Return the rates in force with what has been granted in its place, as a proposal; or none.

        Parameters
        ----------
        decided : (R,), optional
            Worlds that decide anew anyway.
        """
        wish, due = rate.copy(), np.zeros(len(rate), dtype=bool)
        for world, granted in self._granted.items():
            wish[world], due[world] = granted, decided is None or not decided[world]
        if not due.any():
            return []
        return [Proposal("budget", wish, due=due, by="leadership")]
