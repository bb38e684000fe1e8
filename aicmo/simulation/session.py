"""Session: the one steppable kernel, run to its end, or step by step with a seat open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aicmo.messages import Holdouts, Mix, Observation, Proposal, Seat
from aicmo.policies import Policy
from aicmo.scenario.schema import Scenario
from aicmo.simulation.history import live_history
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.ledger import Ledger, Resolution
from aicmo.simulation.seats import OpenSeat
from aicmo.simulation.team import matters, resolve
from aicmo.simulation.world import open_world

Action = np.ndarray | Mix | Holdouts
ANSWERS: dict[Seat, type] = {"creative": Mix, "experiments": Holdouts}
"""What seats are answered with that do not take an array."""
OUTSIDE = "somebody outside"
"""Who fills an open seat, for the record."""


class Session:
    """A batch of worlds with one team, advanced step by step or to the end.

    Parameters
    ----------
    scenario : Scenario
    replications : int
        R, how many worlds advance together.
    seed : int
    team : str or Policy
        Who fills the seats; the open seat is filled by the caller instead.
    open_seat : {"budget", "experiments", "targeting", "creative", "pacing"}, optional
        The seat that the caller fills through `step`.
    cadence : str
        How often the open seat is asked, such as ``1d`` or ``1w``.
    resolution : {"tick", "week"}
        Of the ledger.

    Examples
    --------
    >>> import aicmo
    >>> scenario = aicmo.load("scenarios/small.yaml")
    >>> session = aicmo.Session(scenario, replications=2, seed=1, open_seat="budget")
    >>> observation = session.reset()
    >>> while not session.done:
    ...     observation, reward, done = session.step(observation.current)
    >>> session.ledger.total("spend").shape
    (2,)
    """

    def __init__(
        self,
        scenario: Scenario,
        replications: int = 8,
        seed: int = 1,
        team: str | Policy = "ai_cmo",
        open_seat: Seat | None = None,
        cadence: str = "1w",
        resolution: Resolution = "tick",
    ) -> None:
        self._team = resolve(scenario, team)
        if open_seat is not None and not matters(scenario, open_seat, self._team.stack):
            raise ValueError(f"seat {open_seat!r} decides about nothing: this market has no {open_seat}")
        self.scenario = scenario
        self.world = open_world(scenario, seed, replications)
        self._history = live_history(self.world)
        self._seat, self._cadence, self._resolution = open_seat, cadence, resolution
        self._kernel = self._wind_up()
        self._earned = np.zeros(self.world.brief.replications)
        self.done = False

    def _wind_up(self) -> Kernel:
        seat = OpenSeat(self._seat, self._cadence) if self._seat else None
        ticks = range(self.world.brief.ticks)
        return Kernel(self.world, self._history, self._team, ticks, self._resolution, open_seat=seat)

    @property
    def ledger(self) -> Ledger:
        """What has happened so far."""
        return self._kernel.ledger

    def run(self) -> Ledger:
        """Run to the end without an open seat.

        Raises
        ------
        ValueError
            When a seat is open: then `step` must answer for it.
        """
        if self._seat is not None:
            raise ValueError(f"seat {self._seat!r} is open: call reset() and step(action), not run()")
        if not self.done:
            self.done = self._kernel.run()
            self._kernel.close()
        return self.ledger

    def reset(self) -> Observation:
        """Go back to the opening of the horizon and return what the open seat sees there.

        Raises
        ------
        ValueError
            When no seat is open.
        """
        self._kernel, self.done = self._wind_up(), False
        self._earned = np.zeros(self.world.brief.replications)
        self._kernel.run()
        observation = self._waiting()
        self._earned = self._contribution(observation)
        return observation

    def step(self, action: Action) -> tuple[Observation, np.ndarray, bool]:
        """Answer for the open seat and advance to its next decision.

        Parameters
        ----------
        action : (R, C), a Mix or Holdouts
            For the budget seat rates [currency/day], for targeting breadths, for pacing factors, for creative
            a `Mix`, for experiments `Holdouts`; as in `messages.Proposal`.

        Returns
        -------
        observation : Observation
            At the end of the horizon the last one again.
        reward : (R,) [currency]
            Observed: gross profit of the orders credited since, less the spend that became known.
        done : bool

        Raises
        ------
        ValueError
            When the shape is wrong, or the session is over.
        """
        seat, observation = self._kernel.open_seat, self._waiting()
        if seat is None or self.done:
            raise ValueError("the session is over: call reset() to begin again")
        seat.proposal, seat.waiting = Proposal(seat.seat, self._answer(seat.seat, action), by=OUTSIDE), False
        self.done = self._kernel.run()
        if self.done:
            self._kernel.close()
            observation = _kept(self._kernel.observe_end())
        else:
            observation = self._waiting()
        earned = self._contribution(observation)
        reward, self._earned = earned - self._earned, earned
        return observation, reward, self.done

    def _answer(self, seat: Seat, action: Action) -> Action:
        """Return what the open seat proposes, or say what it should be."""
        brief, wanted = self.world.brief, ANSWERS.get(seat, np.ndarray)
        given = type(action) if isinstance(action, (Mix, Holdouts)) else np.ndarray
        if given is not wanted:
            said = "an array" if wanted is np.ndarray else f"a {wanted.__name__}"
            raise ValueError(f"step() expects {said} for seat {seat!r}, got {type(action).__name__}")
        value = _main_array(action)
        shape = (*brief.shape, brief.variants) if seat == "creative" else brief.shape
        if value.shape != shape:
            axes = "(R, C, V)" if seat == "creative" else "(R, C)"
            hint = " Transposed?" if value.shape == shape[::-1] else ""
            raise ValueError(f"step() expects a {seat} of shape {shape} = {axes}, got {value.shape}.{hint}")
        return action if isinstance(action, (Mix, Holdouts)) else value

    def _waiting(self) -> Observation:
        seat = self._kernel.open_seat
        if seat is None or seat.observation is None:
            raise ValueError(
                "no seat is waiting: open one with Session(..., open_seat='budget') and call reset()"
            )
        return _kept(seat.observation)

    def _contribution(self, observation: Observation) -> np.ndarray:
        """Credited gross profit less spend, of all that is known by now, (R,)."""
        value = observation.unified * self.world.brief.value - observation.spend
        return np.asarray(value.sum(axis=2).sum(axis=0))


def _kept(observation: Observation) -> Observation:
    """Return an observation that stays as it is: the CDP goes on filling the arrays that agents look at."""
    names = ("spend", "price", "claimed", "unified", "orders")
    kept = replace(observation, **{name: getattr(observation, name).copy() for name in names})
    if kept.creatives is None:
        return kept
    seen = kept.creatives
    reports = {name: getattr(seen, name).copy() for name in ("served", "credit", "exposures")}
    return replace(kept, creatives=replace(seen, **reports))


def _main_array(action: Action) -> np.ndarray:
    """Return the array that has an entry for every campaign."""
    if isinstance(action, Mix):
        return np.asarray(action.traffic)
    return np.asarray(action.tested) if isinstance(action, Holdouts) else np.asarray(action, dtype=float)
