"""Which differences between operating models matter: all pairs, with intervals that hold together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from aicmo.core.estimate import Estimate
from aicmo.core.simultaneous import simultaneous_intervals

if TYPE_CHECKING:
    import xarray as xr

LEVEL = 0.9


@dataclass(frozen=True)
class Difference:
    """What one model earns more than another.

    Attributes
    ----------
    more, less : str
        The one that earns more on average comes first.
    gain : Estimate [currency]
        Its interval holds together with those of all other pairs.
    """

    more: str
    less: str
    gain: Estimate

    @property
    def sure(self) -> bool:
        """Whether all intervals together exclude that they earn alike."""
        return self.gain.low is not None and self.gain.low > 0.0

    def to_json(self) -> dict[str, object]:
        """Return it as JSON writes it."""
        return {"more": self.more, "less": self.less, "sure": self.sure, **self.gain.to_json()}


def ranking(contribution: Float[np.ndarray, "M R"], names: list[str]) -> tuple[str, ...]:
    """Names by mean contribution, largest first; of equal ones by name, whatever order they came in."""
    means = dict(zip(names, contribution.mean(axis=1).tolist(), strict=True))
    return tuple(sorted(names, key=lambda name: (-means[name], name)))


def differences(data: xr.Dataset, seed: int) -> tuple[Difference, ...]:
    """Compare all pairs by max-t over replications drawn whole, largest gain first."""
    earned = data["contribution"]
    names = [str(name) for name in earned["team"].values]
    ranked = ranking(earned.values, names)
    pairs = sorted(tuple(sorted(pair)) for pair in combinations(names, 2))
    signed = [
        (one, other) if ranked.index(one) < ranked.index(other) else (other, one) for one, other in pairs
    ]
    gains = np.stack(
        [earned.sel(team=more).values - earned.sel(team=less).values for more, less in signed], axis=1
    )
    found = [
        Difference(more, less, gain)
        for (more, less), gain in zip(signed, simultaneous_intervals(gains, LEVEL, seed=seed), strict=True)
    ]
    return tuple(sorted(found, key=lambda item: (-(item.gain.mean or 0.0), item.more, item.less)))
