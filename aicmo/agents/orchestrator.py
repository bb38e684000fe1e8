"""The orchestrator: one decision from all proposals, inside the guardrails, every correction on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from aicmo.guardrails import Guardrail, bindings, contained, gate, merge, violations
from aicmo.messages import Brief, Decision, Intervention, Limits, Pace, Proposal, Standing, Waiver


@dataclass(frozen=True)
class Allowance:
    """What the guardrails allow at one instant.

    Attributes
    ----------
    pieces : tuple of Limits
        Each guardrail's own limits, for the record of which one bound.
    merged : Limits
        All of them together, collisions waived.
    waivers : tuple of Waiver
        What gave way so that they could be merged.
    askable : Limits
        All of them but those that people may widen when asked: what may be wished for.
    """

    pieces: tuple[Limits, ...]
    merged: Limits
    waivers: tuple[Waiver, ...]
    askable: Limits


@dataclass(frozen=True)
class Orchestrator:
    """Joins what the seats propose and orders one decision.

    Parameters
    ----------
    guardrails : sequence of Guardrail
        The limits set by people, the same for every team.
    """

    guardrails: Sequence[Guardrail]

    def allow(self, brief: Brief, standing: Standing) -> Allowance:
        """Ask every guardrail what it allows now and merge the answers."""
        given = (limits for guardrail in self.guardrails for limits in guardrail.limits(brief, standing))
        pieces = (_at_once(brief, standing), *given)
        merged, waivers = merge(pieces, standing)
        firm = tuple(piece for piece in pieces if not piece.asks)
        askable = merged if len(firm) == len(pieces) else merge(firm, standing)[0]
        return Allowance(pieces, merged, waivers, askable)

    def decide(self, proposal: Proposal, allowance: Allowance, standing: Standing) -> Decision:
        """Turn the budget seat's wish into the rates that will be in force.

        A proposal that is not finite or has the wrong shape is rejected: the decision in force stays.
        """
        wish, corrections = gate(proposal.value, allowance.askable, standing, allowance.pieces)
        rate = wish
        if allowance.askable is not allowance.merged:
            rate, held = gate(wish, allowance.merged, standing, allowance.pieces)
            corrections += held
        due = np.ones(len(rate), dtype=bool) if proposal.due is None else proposal.due
        waivers = allowance.waivers
        if not due.all():
            rate, wish = (np.where(due[:, None], values, standing.current) for values in (rate, wish))
            corrections = tuple(replace(item, moved=item.moved * due) for item in corrections)
            waivers = tuple(replace(item, amount=item.amount * due) for item in waivers)
        marginal = None if proposal.forecast is None else proposal.forecast.marginal
        bound = bindings(rate, allowance.merged, allowance.pieces, marginal)
        bound = tuple(
            replace(
                item,
                limits=item.limits * due,
                price=item.price * due,
                campaigns=item.campaigns & due[:, None],
            )
            for item in bound
        )
        before = standing.current
        return Decision(standing.tick, proposal, before, rate, due, wish, corrections, waivers, bound)

    def pace(
        self, proposal: Proposal, before: np.ndarray, tick: int
    ) -> tuple[np.ndarray, tuple[Intervention, ...]]:
        """Take the pacing seat's factors, (R, C); rows that are none keep those in force, on record."""
        wish = proposal.value
        trial = contained(wish.factor if isinstance(wish, Pace) else wish, before, tick)
        return trial.rate, trial.rejections

    def breaches(self, rate: np.ndarray, allowance: Allowance) -> np.ndarray:
        """Count unwaived breaches of the merged limits, (R,)."""
        return violations(rate, allowance.merged)


def _at_once(brief: Brief, standing: Standing) -> Limits:
    """Cap rates where one tick would take the period's whole budget: beyond, numbers mean nothing."""
    total = np.full(brief.replications, standing.period.budget / brief.tick_days)
    return replace(Limits.none(*brief.shape, source="treasury"), total=total)
