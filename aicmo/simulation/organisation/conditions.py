"""How the organisation works in each world now: as on its first day, and with what is used since."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from aicmo.core.noise import Tape
from aicmo.scenario.organisation import Organisation

PURPOSE = "use of capabilities"


class Conditions:
    """Reads conditions off utilisation (R, A).

    Shares of data are what they are for the share of users who work with a capability, and what they were for
    the rest. Whatever happens case by case (a decision, an order, a test) is done with the capability in that
    share of cases.

    Parameters
    ----------
    tape : Tape
        Whether a case is done with a capability hangs on world, capability and tick.
    """

    def __init__(self, terms: Organisation, tape: Tape) -> None:
        self._first, self._tape = terms.conditions, tape
        self._roadmap = terms.programme.roadmap
        self._brings = [terms.capabilities[name].brings.values for name in self._roadmap]
        self._joined = terms.stack.kept ** (terms.stack.vendors - 1)

    def share(self, name: str, use: Float[np.ndarray, "R A"]) -> Float[np.ndarray, "R"]:
        """Return a share of data or people, mixed over who uses what [1]."""
        first = float(getattr(self._first, name))
        value = np.full(len(use), first * self._joined if name == "match" else first)
        for number, brings in enumerate(self._brings):
            if name in brings:
                value = value + use[:, number] * (brings[name] - value)
        return value

    def case(self, name: str, use: Float[np.ndarray, "R A"], tick: int) -> Float[np.ndarray, "R"]:
        """Return what holds for the cases of one tick."""
        value, uses = np.full(len(use), float(getattr(self._first, name))), self._uses(use, tick)
        for number, brings in enumerate(self._brings):
            if name in brings:
                value = np.where(uses[:, number], brings[name], value)
        return value

    def _uses(self, use: Float[np.ndarray, "R A"], tick: int) -> Bool[np.ndarray, "R A"]:
        if not self._roadmap:
            return np.zeros(use.shape, dtype=bool)
        drawn = self._tape.uniform(PURPOSE, self._roadmap, range(tick, tick + 1))[0]
        return np.asarray(drawn < use)


class Data(NamedTuple):
    """Shares of data, (R,) each [1]: factors on what a team's data stack could do."""

    identity: Float[np.ndarray, "R"]
    addressed: Float[np.ndarray, "R"]
    prevented: Float[np.ndarray, "R"]


def data(conditions: Conditions, use: Float[np.ndarray, "R A"]) -> Data:
    """Read what the CDP, targeting and governance make of a tick."""
    shares = {name: conditions.share(name, use) for name in ("match", "consent", "addressed", "prevented")}
    return Data(shares["match"] * shares["consent"], shares["addressed"], shares["prevented"])
