"""Posterior of response curves: update and Thompson step against the memory they move and one power pass."""

from collections.abc import Callable
from functools import partial
from time import perf_counter

import numpy as np

from aicmo.core import believed, posterior
from aicmo.core.allocate import allocate
from aicmo.core.grid import ShapeGrid

SIZES = ((64, 36), (256, 36), (64, 300))
REPEATS = 41


def median_seconds(work: Callable[[], object]) -> float:
    """Median time of a call, after one that compiles and warms."""
    work()
    times = []
    for _ in range(REPEATS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return float(np.median(times))


class Case:
    """R worlds of C campaigns with a posterior on 24 shapes, one tick of data and one set of draws."""

    def __init__(self, R: int, C: int) -> None:
        rng = np.random.default_rng(1)
        self.state = posterior.init(ShapeGrid(np.full((R, C), 1000.0)), 50.0, 0.5)
        self.pressure = 1000.0 * rng.lognormal(0.0, 0.5, (1, R, C))
        self.outcome = rng.gamma(50.0, 2.0 * self.pressure / (self.pressure + 1000.0))
        self.normals, self.uniforms = rng.normal(size=(R, C)), rng.random((R, C))
        self.numbers = rng.random(self.state.xx.size)

    def update(self) -> None:
        """One tick, as in a closed loop: the old state dies when the new one is there."""
        self.state = posterior.absorb(self.state, self.pressure, self.outcome, discount=0.99)

    def thompson(self) -> None:
        """One draw of every campaign's curve."""
        posterior.sample(self.state, self.normals, self.uniforms)

    def mean(self) -> None:
        """Write the mixture that the posterior mean is."""
        posterior.mean(self.state)

    def copy(self) -> None:
        """Read and write eight bytes an element."""
        self.numbers.copy()

    def power(self) -> None:
        """One transcendental an element."""
        np.power(self.numbers, 1.3)


def plan_on_mean(R: int, C: int) -> None:
    """Print what planning on the posterior's mean itself costs, within bounds and without, cold and warm."""
    case = Case(R, C)
    for _ in range(20):
        case.update()
    curves, spend = believed.expected(case.state), np.full((R, C), 1000.0)
    power, budget = median_seconds(case.power), spend.sum(axis=1)
    for name, low, high in (("0.7 to 1.3 of today", 0.7, 1.3), ("any spend", 0.0, np.inf)):
        limits = (low * spend, high * spend)
        price = allocate(curves, budget, *limits).price
        cold = median_seconds(partial(allocate, curves, budget, *limits))
        warm = median_seconds(partial(allocate, curves, budget, *limits, price0=price))
        print(
            f"plan on the mean, {name:>19}: cold {1e3 * cold:.2f} ms, {cold / power:.0f} power passes; "
            f"warm {1e3 * warm:.2f} ms, {warm / power:.0f}"
        )


def main() -> None:
    """Print nanoseconds an element of (R, C, G) and the ratios that travel between machines."""
    print(
        f"{'R × C × G':>14} {'work':>9} {'ns/element':>10} {'× its memory traffic':>21} {'power passes':>12}"
    )
    traffic = {"update": 4, "thompson": 2, "mean": 6}  # arrays of (R, C, G) read or written; a copy moves 2
    for R, C in SIZES:
        case = Case(R, C)
        element = 1e9 / case.state.xx.size
        copy, power = element * median_seconds(case.copy), element * median_seconds(case.power)
        for name, arrays in traffic.items():
            cost = element * median_seconds(getattr(case, name))
            label = f"{R} × {C} × {case.state.grid.size}"
            print(f"{label:>14} {name:>9} {cost:10.2f} {2 * cost / arrays / copy:21.1f} {cost / power:12.2f}")
        print(f"{'':>14} {'copy':>9} {copy:10.2f} {1.0:21.1f} {copy / power:12.2f}")
        print(f"{'':>14} {'power':>9} {power:10.2f} {power / copy:21.1f} {1.0:12.2f}")
    print("Targets: update ≤ 2.5 ns an element; planning on the mean, warm, ≤ 3 power passes at 64 × 36")
    plan_on_mean(*SIZES[0])


if __name__ == "__main__":
    main()
