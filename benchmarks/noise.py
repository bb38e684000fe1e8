"""Cost of a keyed draw and of a shaped volume, as ratios to NumPy's generator and to one power pass."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

from aicmo.core.noise import Draws, Tape
from aicmo.core.shaping import lognormal_factor, noisy_volume

R, E, T = 256, 300, 16
REPEATS = 7


def nanoseconds(run: Callable[[], object], draws: int) -> float:
    """Best time of one draw, in ns, after one run that compiles."""
    run()
    best = np.inf
    for _ in range(REPEATS):
        start = perf_counter()
        run()
        best = min(best, perf_counter() - start)
    return float(best) / draws * 1e9


def main() -> None:
    """Print a table: what, ns each, ratio to NumPy's own Philox, ratio to one np.power pass."""
    names = [f"campaign {i}" for i in range(E)]
    tape, draws = Tape(1, R), Draws(1, "budget/thompson", R).at(3)
    generator = np.random.Generator(np.random.Philox(1))
    size, cell = (T, R, E), (R, E)
    base = generator.random(size)
    mean, z = np.exp(generator.normal(3.0, 1.0, cell)), generator.standard_normal(cell)
    power = nanoseconds(lambda: np.power(base, 1.7), base.size)
    numpy_uniform = nanoseconds(lambda: generator.random(size), base.size)
    numpy_normal = nanoseconds(lambda: generator.standard_normal(size), base.size)
    rows = [
        ("tape uniform", nanoseconds(lambda: tape.uniform("x", names, range(T)), base.size), numpy_uniform),
        ("tape normal", nanoseconds(lambda: tape.normal("x", names, range(T)), base.size), numpy_normal),
        ("policy uniform", nanoseconds(lambda: draws.uniform("x", cell), mean.size), numpy_uniform),
        ("policy normal", nanoseconds(lambda: draws.normal("x", cell), mean.size), numpy_normal),
    ]
    print(f"{'draw':<16}{'ns':>8}{'x NumPy Philox':>16}{'x np.power':>12}")
    for name, cost, own in rows:
        print(f"{name:<16}{cost:>8.1f}{cost / own:>16.2f}{cost / power:>12.2f}")
    fused = nanoseconds(lambda: noisy_volume(mean, 1.0, z), mean.size)
    plain = nanoseconds(lambda: mean * lognormal_factor(z, np.log1p(1.0 / mean)), mean.size)
    print(f"{'noisy volume':<16}{fused:>8.1f}{fused / plain:>12.2f} x NumPy{fused / power:>9.2f}")


if __name__ == "__main__":
    main()
