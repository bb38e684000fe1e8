"""One world looked at closely: what a team decided there and why, and its curves, true and believed.

The first world of a comparison, run once more by itself: rows are independent, so it is the same run, bit for
bit, with every decision kept.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from jaxtyping import Float

from aicmo.evaluation.insight import Insight
from aicmo.evaluation.parallel import blocks
from aicmo.evaluation.reference import Clairvoyant
from aicmo.evaluation.results import provenance
from aicmo.market.saturation import saturate
from aicmo.messages import Brief, Decision, Observation
from aicmo.policies import Policy
from aicmo.scenario.schema import Scenario
from aicmo.simulation.history import live_history
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.ledger import Ledger
from aicmo.simulation.team import Team, resolve
from aicmo.simulation.world import Start, World, open_world

if TYPE_CHECKING:
    import xarray as xr

NAME = "close_up"
POINTS = 41
BEYOND = 1.25
"""How far curves reach beyond the largest rate that was seen or is planned."""
NUDGE = 1e-3
"""Relative step over which marginal returns are taken; at zero, of the largest rate shown."""
WEEK_DAYS = 7.0

Campaigns = Float[np.ndarray, "C"]
Variables = dict[str, tuple[tuple[str, ...], np.ndarray]]


class Truth(NamedTuple):
    """What one more rate of a campaign by itself really brings at one moment of one world.

    Attributes
    ----------
    ceiling : (1, C) [currency/day]
    half_saturation : (1, C) [currency/day]
        In money at today's prices.
    inventory : (1, C) [currency/day]
    """

    ceiling: np.ndarray
    half_saturation: np.ndarray
    inventory: np.ndarray
    shape: np.ndarray
    logistic: np.ndarray

    @classmethod
    def of(cls, kernel: Kernel, tick: int) -> Truth:
        """Read it at the end of a run: breadth and creatives in force, today's prices, this week's demand."""
        insight = Insight(kernel.world, kernel.team.stack)
        insight.see(kernel.state)
        market, price = insight.standing(tick), insight.price(tick)
        worth = Clairvoyant(kernel.world, insight).worth(kernel.brief, tick, 0.0, WEEK_DAYS)
        return cls(
            worth * market.ceiling,
            price * market.half_saturation,
            price * market.inventory,
            market.shape,
            market.logistic,
        )

    def profit(self, rate: Float[np.ndarray, "... C"]) -> Float[np.ndarray, "... C"]:
        """Incremental gross profit of steady rates, other campaigns left aside [currency/day]."""
        delivered = np.minimum(rate, self.inventory)
        return np.asarray(
            self.ceiling * saturate(delivered / self.half_saturation, self.shape, self.logistic)
        )

    def marginal(self, rate: Campaigns, scale: Campaigns) -> Campaigns:
        """Gross profit of one more unit of money [currency/currency]."""
        step = NUDGE * np.where(rate > 0.0, rate, scale)
        low = np.maximum(rate - step, 0.0)
        return np.asarray((self.profit(rate + step) - self.profit(low))[0] / (rate + step - low))


def close_up(
    scenario: Scenario, team: tuple[str, str | Policy], baseline: tuple[str, str | Policy], seed: int
) -> xr.Dataset:
    """Run a team and the baseline through the first world, and keep what is only worth keeping of one.

    Parameters
    ----------
    team, baseline : (str, team or policy)
        Under which name, and who.

    Returns
    -------
    xarray.Dataset
        Dims campaign, point (of a curve), who (the baseline, then the team), decision, guardrail.
    """
    import xarray as xr  # noqa: PLC0415 - slow to import, and `--help` must answer at once

    part, rows = next(blocks(scenario, range(1), seed, 1))
    world = open_world(part, seed, rows)
    start = live_history(world)
    own, base = (_watched(world, start, resolve(part, who)) for _, who in (team, baseline))
    seen, brief = own.observe_end(), world.brief
    variables = (
        _curves(own, base, seen) | _decisions(own.ledger.decisions, brief) | _bindings(own.ledger, brief)
    )
    return xr.Dataset(
        variables,
        coords={
            "campaign": list(brief.campaigns),
            "campaign_channel": ("campaign", [brief.channels[k] for k in brief.channel]),
            "campaign_segment": ("campaign", [brief.segments[s] for s in brief.segment]),
            "retention": ("campaign", brief.retention),
            "who": [baseline[0], team[0]],
        },
        attrs=provenance(scenario, 1, seed)
        | {
            "team": team[0],
            "baseline": baseline[0],
            "day": brief.day_of(seen.tick).isoformat(),
            "approvals": json.dumps(_approvals(own.ledger)),
            "created_by": "aicmo compare",
        },
    )


def _watched(world: World, start: Start, team: Team) -> Kernel:
    kernel = Kernel(world, start, team, range(world.brief.ticks), resolution="tick")
    kernel.run()
    return kernel


def _curves(own: Kernel, base: Kernel, seen: Observation) -> Variables:
    """Lay out curves over rates a day, true and, where the budget seat tells, believed."""
    brief, days = own.brief, own.brief.tick_days
    observed = np.max(seen.spend[seen.delivered], axis=0, initial=0.0)[0] / days
    rates = np.stack([base.rate[0], own.rate[0]])
    reach = BEYOND * np.maximum(observed, rates.max(axis=0))
    reach = np.where(reach > 0.0, reach, max(float(reach.max()), brief.minor_unit))
    grid = np.linspace(0.0, 1.0, POINTS)[:, None] * reach
    truth = Truth.of(own, seen.tick)
    found: Variables = {
        "spend": (("campaign", "point"), grid.T),
        "true_profit": (("campaign", "point"), truth.profit(grid).T),
        "rate": (("who", "campaign"), rates),
        "true_marginal": (("who", "campaign"), np.stack([truth.marginal(rate, reach) for rate in rates])),
        "observed": (("campaign",), observed),
        "lower": (("campaign",), seen.limits.lower[0]),
        "upper": (("campaign",), seen.limits.upper[0]),
        "margin": (("campaign",), brief.margin),
    }
    believed = own.seats.profile(seen, grid[:, None, :])
    if believed is None:
        return found
    return found | {
        "believed_profit": (("campaign", "point"), believed.profit[:, 0].T),
        "believed_sd": (("campaign", "point"), believed.sd[:, 0].T),
    }


def _decisions(decisions: Sequence[Decision], brief: Brief) -> Variables:
    """Keep what was in force, what is, what was wished for, and what was expected; NaN where nothing was."""
    both, nothing = ("decision", "campaign"), np.full(len(brief.campaigns), np.nan)
    forecasts = [item.proposal.forecast for item in decisions]

    def rates(name: str) -> np.ndarray:
        return np.array([getattr(item, name)[0] for item in decisions]).reshape(-1, nothing.size)

    def expected(name: str) -> np.ndarray:
        return np.array([np.nan if one is None else getattr(one, name)[0] for one in forecasts])

    def returns(name: str) -> np.ndarray:
        found = [nothing if one is None else getattr(one, name)[0] for one in forecasts]
        return np.array(found).reshape(-1, nothing.size)

    return {
        "day": (
            ("decision",),
            np.array([brief.day_of(item.tick).isoformat() for item in decisions], dtype=object),
        ),
        "before": (both, rates("before")),
        "after": (both, rates("rate")),
        "wish": (both, rates("wish")),
        **{name: (("decision",), expected(name)) for name in ("profit", "low", "high")},
        **{name: (both, returns(name)) for name in ("marginal", "marginal_sd")},
    }


def _bindings(ledger: Ledger, brief: Brief) -> Variables:
    """At how many limits of each guardrail decisions lie, and which campaigns those hold."""
    names = list(dict.fromkeys(item.guardrail for one in ledger.decisions for item in one.bindings))
    limits = np.zeros((len(ledger.decisions), len(names)), dtype=np.int64)
    holds = np.zeros((len(ledger.decisions), len(names), len(brief.campaigns)), dtype=bool)
    for d, decision in enumerate(ledger.decisions):
        for item in decision.bindings:
            limits[d, names.index(item.guardrail)] = item.limits[0]
            holds[d, names.index(item.guardrail)] = item.campaigns[0]
    return {
        "guardrail": (("guardrail",), np.array(names, dtype=object)),
        "limits": (("decision", "guardrail"), limits),
        "holds": (("decision", "guardrail", "campaign"), holds),
    }


def _approvals(ledger: Ledger) -> list[dict[str, str]]:
    """Tell what leadership was asked and answered, in order of time."""
    brief = ledger.brief
    asked = [(item.tick, "asked") for item in ledger.requests if item.asks[0]]
    told = [(item.tick, "granted" if item.granted else "declined") for item in ledger.answers]
    return [{"day": brief.day_of(tick).isoformat(), "what": what} for tick, what in sorted(asked + told)]
