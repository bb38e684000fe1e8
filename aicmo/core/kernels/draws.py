"""Fill arrays with keyed uniforms: one Philox block serves four neighbouring ticks or positions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.jit import kernel
from aicmo.core.kernels.philox import open_uniform, philox


@kernel
def fill_ticks(
    out: NDArray[np.float64],
    key: NDArray[np.uint64],
    replications: NDArray[np.uint64],
    entities: NDArray[np.uint64],
    ticks: NDArray[np.int64],
    domain: np.uint64,
) -> None:
    """Write the uniform of (replication, entity, tick) to `out` (T, R, E), a block of ticks at a time."""
    first = 0
    while first < ticks.size:
        block = ticks[first] >> 2
        after = first + 1
        while after < ticks.size and ticks[after] >> 2 == block:
            after += 1
        for r in range(replications.size):
            for e in range(entities.size):
                words = philox(replications[r], entities[e], np.uint64(block), domain, key[0], key[1])
                for t in range(first, after):
                    out[t, r, e] = open_uniform(words[ticks[t] & 3])
        first = after


@kernel
def fill_rows(
    out: NDArray[np.float64],
    key: NDArray[np.uint64],
    replications: NDArray[np.uint64],
    tick: np.uint64,
    domain: np.uint64,
) -> None:
    """Write the uniform of (replication, tick, position in the row) to `out` (R, P)."""
    width = out.shape[1]
    for r in range(replications.size):
        for start in range(0, width, 4):
            words = philox(replications[r], np.uint64(start >> 2), tick, domain, key[0], key[1])
            for position in range(start, min(start + 4, width)):
                out[r, position] = open_uniform(words[position & 3])
