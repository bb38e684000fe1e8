"""From a wish to an order: proposals of agents, corrections on the way, the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from jaxtyping import Bool, Float, Int

from aicmo.messages.frozen import Frozen

Seat = Literal["budget", "experiments", "targeting", "creative", "pacing"]
SEATS: tuple[Seat, ...] = get_args(Seat)


@dataclass(frozen=True)
class Forecast(Frozen):
    """What a proposer expects of its proposal until its next decision, for the record and for trust.

    Attributes
    ----------
    profit : (R,) [currency/day]
        Expected incremental gross profit a day.
    low, high : (R,) [currency/day]
        90 % interval.
    credited_low, credited_high : (R,) [currency/day]
        90 % interval of what the CDP will credit, which is what people can check.
    marginal, marginal_sd : (R, C) [currency/currency]
        Gross profit of one more unit of money in each campaign, at these rates: mean and standard deviation.
    """

    profit: Float[np.ndarray, "R"]
    low: Float[np.ndarray, "R"]
    high: Float[np.ndarray, "R"]
    credited_low: Float[np.ndarray, "R"]
    credited_high: Float[np.ndarray, "R"]
    marginal: Float[np.ndarray, "R C"]
    marginal_sd: Float[np.ndarray, "R C"]


@dataclass(frozen=True)
class Profile(Frozen):
    """What a proposer believes each campaign by itself would bring at G rates.

    Attributes
    ----------
    profit, sd : (G, R, C) [currency/day]
        Incremental gross profit a day, mean and standard deviation.
    """

    profit: Float[np.ndarray, "G R C"]
    sd: Float[np.ndarray, "G R C"]


@dataclass(frozen=True)
class Proposal(Frozen):
    """An agent's wish for its seat.

    Attributes
    ----------
    seat : Seat
    value :
        For `budget` rates (R, C) [currency/day], for `pacing` factors (R, C) [1] or a `Pace`, for `targeting`
        breadths (R, C) [1] from .1 to 1, for `creative` a `Mix`, for `experiments` `Holdouts`.
    due : (R,), optional
        Worlds that wish for anything; left out, all.
    by : str
        Who proposes, for the record.
    working_days : (R,) [working day], optional
        How long people take to put budgets live; left out, no time at all.
    """

    seat: Seat
    value: Any
    forecast: Forecast | None = None
    due: Bool[np.ndarray, "R"] | None = None
    by: str = ""
    working_days: Float[np.ndarray, "R"] | None = None


@dataclass(frozen=True)
class Intervention(Frozen):
    """A correction that a guardrail made, recorded.

    Attributes
    ----------
    guardrail : str
    tick : int
    moved : (R,) [currency/day]
        Money that the correction moved, Σ|after − before| / 2; zero where nothing was touched. In seats that
        hold no money, how many campaigns kept what was in force.
    reason : str
        Why a proposal was rejected whole; empty for a correction by a limit.
    """

    guardrail: str
    tick: int
    moved: Float[np.ndarray, "R"]
    reason: str = ""


@dataclass(frozen=True)
class Waiver(Frozen):
    """An exception where limits collided: which guardrail gave way, by how much [currency/day]."""

    guardrail: str
    tick: int
    amount: Float[np.ndarray, "R"]


@dataclass(frozen=True)
class Binding(Frozen):
    """How a guardrail bound a decision.

    Attributes
    ----------
    guardrail : str
    limits : (R,)
        At how many of its limits the decision lies.
    price : (R,) [currency/currency]
        Sum of their shadow prices: believed gross profit of one more unit of money of room in each.
    campaigns : (R, C)
        Which campaigns they hold, by themselves or as members of a group; a total holds none.
    """

    guardrail: str
    limits: Int[np.ndarray, "R"]
    price: Float[np.ndarray, "R"]
    campaigns: Bool[np.ndarray, "R C"]


@dataclass(frozen=True)
class Decision(Frozen):
    """What the orchestrator orders after guardrails: money per day in force until replaced.

    Attributes
    ----------
    proposal : Proposal
        Who wished for what.
    before, rate : (R, C) [currency/day]
        What was in force, and what is now.
    due : (R,)
        Worlds that decide; in the others what is in force stays as it is.
    wish : (R, C) [currency/day]
        What was proposed, within every limit but those that people may widen when asked.
    interventions, waivers :
        Corrections and exceptions on the way from proposal to decision.
    bindings :
        At which limits the decision lies, one entry a guardrail.
    """

    tick: int
    proposal: Proposal
    before: Float[np.ndarray, "R C"]
    rate: Float[np.ndarray, "R C"]
    due: Bool[np.ndarray, "R"]
    wish: Float[np.ndarray, "R C"]
    interventions: tuple[Intervention, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    bindings: tuple[Binding, ...] = ()
