"""What an organisation did in a run: flat records, one a fact, so that any statistic is a comprehension."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float, Int

STEPS = ("collect", "unify", "understand", "decide", "engage")
"""The customer intelligence loop, in order."""
GATES = (
    "define",
    "users",
    "test",
    "review",
    "plan",
    "integration",
    "live",
    "train",
    "measure",
    "reassess",
    "retired",
)
"""Through which a capability goes, in order; `plan` is waiting for the annual plan, where there is one."""
EXPENSES = ("people", "tools", "integration")
"""What an organisation costs: the centre of excellence, licences, work of the IT department for marketing."""
NEVER = -1


@dataclass(slots=True)
class Visit:
    """One request in one queue of one world; times are minutes since the opening of the horizon.

    Attributes
    ----------
    world : int
        Row of the batch.
    queue : str
        Whose: `it`, `it for marketing`, `security`, `sponsor`, `annual plan`, a role of the centre of
        excellence, or empty where nobody's (a fact that takes no time, such as `live`).
    function : str
        Who asks: `marketing`, `product`, `sales`, `service`, or `other` in the IT department.
    subject : str
        The capability; empty for requests of others.
    gate : str
        One of `GATES`; empty for requests of others.
    priority : float
        Smaller goes first.
    work : int [minute]
        How long it is in work.
    asked : int
    began, done : int or None
        None while it waits, or is in work.
    """

    world: int
    queue: str
    function: str
    subject: str
    gate: str
    priority: float
    work: int
    asked: int
    began: int | None = None
    done: int | None = None


@dataclass(frozen=True)
class Turn:
    """What was proposed in one tick, on its way through the customer intelligence loop.

    Attributes
    ----------
    tick : int
        When it was proposed, on data as old as the team's data stack makes them.
    asked : (R,)
        Where anything was proposed; in other worlds the rest says nothing.
    steps : (R, 5) [minute]
        Time that each of `STEPS` took; hand-overs and their repairs belong to the step that they lead to.
    engaged : (R,) [tick]
        When it came into force, or will; `NEVER` where it was not asked or declined.
    signed : (R,)
        Where somebody had to sign.
    failures : (R,)
        How many hand-overs failed.
    """

    tick: int
    asked: Bool[np.ndarray, "R"]
    steps: Int[np.ndarray, "R 5"]
    engaged: Int[np.ndarray, "R"]
    signed: Bool[np.ndarray, "R"]
    failures: Int[np.ndarray, "R"]


@dataclass(frozen=True)
class Record:
    """All that an organisation did.

    Attributes
    ----------
    capabilities : tuple of str
        The road map, A names.
    use : (T, R, A) [1]
        Utilisation when the tick opened: share of a capability's seats whose users work with it on shared
        data; 0 before it is live.
    live : (T, R, A)
        Whether it was live when the tick opened.
    visits : list of Visit
        In order of time asked.
    turns : list of Turn
        In order of time.
    """

    capabilities: tuple[str, ...]
    use: Float[np.ndarray, "T R A"]
    live: Bool[np.ndarray, "T R A"]
    visits: list[Visit] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)

    @classmethod
    def empty(cls, capabilities: tuple[str, ...], ticks: int, replications: int) -> Record:
        """Nothing has happened yet."""
        shape = (ticks, replications, len(capabilities))
        return cls(capabilities, np.zeros(shape), np.zeros(shape, dtype=bool))
