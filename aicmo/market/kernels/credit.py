"""Credit of orders to campaigns, row by row: the inner loop of measurement and of attention."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aicmo.core.kernels.elementary import exp, log
from aicmo.core.kernels.jit import kernel

TINY = float(np.finfo(np.float64).tiny)  # a pair without response has nothing to share out


@kernel
def reach(
    out: NDArray[np.float64],
    saturation: NDArray[np.float64],
    share: NDArray[np.float64],
    pair: NDArray[np.int64],
) -> None:
    """Write h = 1 − Π (1 − H)^w to out (N, P); saturation is (N, C), share (R, C), row n is world n mod R."""
    for n in range(saturation.shape[0]):
        world = n % share.shape[0]
        out[n, :] = 1.0
        for c in range(pair.size):
            weight = share[world, c]
            if weight == 1.0:
                out[n, pair[c]] *= 1.0 - saturation[n, c]
            elif weight > 0.0:
                missed = 1.0 - saturation[n, c]
                out[n, pair[c]] *= exp(weight * log(missed)) if missed > 0.0 else 0.0
        for p in range(out.shape[1]):
            out[n, p] = 1.0 - out[n, p]


@kernel
def pair_credit(
    claim: NDArray[np.float64],
    credit: NDArray[np.float64],
    heard: NDArray[np.float64],
    volume: NDArray[np.float64],
    organic: NDArray[np.float64],
    overclaim: NDArray[np.float64],
    pair: NDArray[np.int64],
    unknown: NDArray[np.float64],
) -> None:
    """Write what each pair is credited beyond its own orders to claim and credit (N, P).

    heard is (N, P), volume (N, C), organic (N, S), overclaim (R, K), unknown (N,) the share of unknown paths.
    """
    segments, channels = organic.shape[1], overclaim.shape[1]
    own = np.empty(heard.shape[1])
    for n in range(heard.shape[0]):
        world = n % overclaim.shape[0]
        own[:] = 0.0
        for c in range(pair.size):
            own[pair[c]] += volume[n, c]
        for s in range(segments):
            caused, crowd = 0.0, 0.0
            for k in range(channels):
                caused += own[s * channels + k]
                crowd += overclaim[world, k] * heard[n, s * channels + k]
            base = organic[n, s] / max(crowd, 1.0)
            for k in range(channels):
                p = s * channels + k
                lost, others = overclaim[world, k] * heard[n, p], caused - own[p]
                claim[n, p] = lost * (organic[n, s] + others)
                credit[n, p] = lost * (base + unknown[n] * others)


@kernel
def share_out(
    claimed: NDArray[np.float64],
    unified: NDArray[np.float64],
    claim: NDArray[np.float64],
    credit: NDArray[np.float64],
    volume: NDArray[np.float64],
    saturation: NDArray[np.float64],
    share: NDArray[np.float64],
    pair: NDArray[np.int64],
    signal: NDArray[np.float64],
) -> None:
    """Write credit of campaigns (N, C): their own orders, and of their pair's the part that is theirs."""
    weight = np.empty(claim.shape[1])
    for n in range(volume.shape[0]):
        world = n % share.shape[0]
        weight[:] = TINY
        for c in range(pair.size):
            weight[pair[c]] += share[world, c] * saturation[n, c]
        for c in range(pair.size):
            part = share[world, c] * saturation[n, c] / weight[pair[c]]
            claimed[n, c] = volume[n, c] + part * claim[n, pair[c]]
            unified[n, c] = signal[n] * (volume[n, c] + part * credit[n, pair[c]])
