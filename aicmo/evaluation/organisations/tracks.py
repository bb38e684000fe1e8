"""What an organisation's record says over time, as arrays: stage gates, utilisation, the age of data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, get_args

import numpy as np
from jaxtyping import Float, Int

from aicmo.scenario.capabilities import CapabilityName
from aicmo.simulation.organisation import GATES, NEVER, Record

CAPABILITIES: tuple[str, ...] = get_args(CapabilityName)
WEEK = 7 * 1440.0


class Gates(NamedTuple):
    """When each capability stood at each gate, (A, G, R) [week since the opening], NaN where it never did.

    Attributes
    ----------
    asked, began, done : (A, G, R)
        The first request, when work on it began, and the end of the last; what is under way when the run ends
        has no end.
    """

    asked: Float[np.ndarray, "A G R"]
    began: Float[np.ndarray, "A G R"]
    done: Float[np.ndarray, "A G R"]


def gates(record: Record | None, replications: int) -> Gates:
    """Read every visit that has a gate."""
    shape = (len(CAPABILITIES), len(GATES), replications)
    asked, began, done = (np.full(shape, np.nan) for _ in range(3))
    for visit in () if record is None else record.visits:
        if visit.gate:
            place = CAPABILITIES.index(visit.subject), GATES.index(visit.gate), visit.world
            asked[place] = np.fmin(asked[place], visit.asked / WEEK)
            if visit.began is not None:
                began[place] = np.fmin(began[place], visit.began / WEEK)
            if visit.done is not None:
                done[place] = np.fmax(done[place], visit.done / WEEK)
    return Gates(asked, began, done)


def use(record: Record | None, ticks: Sequence[int], replications: int) -> Float[np.ndarray, "A W R"]:
    """Return utilisation when each of `ticks` opens [1]; 0 for what is not on the road map."""
    found = np.zeros((len(CAPABILITIES), len(ticks), replications))
    for number, name in enumerate(() if record is None else record.capabilities):
        found[CAPABILITIES.index(name)] = record.use[list(ticks), :, number]  # type: ignore[union-attr]  # it has names
    return found


def age(
    decided: Int[np.ndarray, "N"], engaged: Int[np.ndarray, "N R"], window: range
) -> Float[np.ndarray, "R"]:
    """Mean age of the data that budgets in force rest on, over the ticks of a window [tick].

    The mean age of information (Kaul, Yates & Gruteser 2012): with decisions every P that come into force
    after D it is D + P/2, which is also how long a signal waits for its answer. Before the first decision
    budgets rest on what was known at the opening.

    Parameters
    ----------
    decided : (N,)
        Tick of each decision.
    engaged : (N, R)
        When it came into force; `NEVER` where it did not.
    """
    total = np.zeros(engaged.shape[1:])
    for tick in window:
        in_force = (engaged <= tick) & (engaged != NEVER)
        newest = np.where(in_force, decided[:, None], 0).max(axis=0, initial=0)
        total += tick + 0.5 - newest
    return total / len(window)
