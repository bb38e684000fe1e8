"""Posterior of response curves: update and Thompson step against the memory they move and one power pass."""

from collections.abc import Callable
from functools import partial
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from aicmo.core import believed, posterior
from aicmo.core.allocate import allocate
from aicmo.core.grid import ShapeGrid

Floats = NDArray[np.float64]

SIZES = ((64, 36), (256, 36), (64, 300))
REPEATS = 101
UPDATE = 2.5  # ns an element, the target


def seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Least time of a call, after one that compiles and warms: a busy machine only ever adds."""
    work()
    times = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


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


class Loop:
    """Days of R worlds that learn, plan on the posterior's mean itself, and spend as planned.

    Campaigns differ in size, saturation and shape; people move budgets a little before any learning starts.
    Every day brings Poisson orders, the posterior drifts by a day's data, and the budget is split anew.
    """

    def __init__(self, R: int, C: int, days: int = 60) -> None:
        self.rng = np.random.default_rng(2)
        self.spend = 1000.0 * self.rng.lognormal(0.0, 0.7, (R, C))
        self.half = self.spend * self.rng.lognormal(0.3, 0.5, (R, C))
        self.shape = self.rng.choice([0.8, 1.0, 1.3], (R, C))
        self.scale = 0.05 * self.spend * self.rng.lognormal(0.0, 0.5, (R, C))
        self.state = posterior.init(ShapeGrid(self.spend), self.truth(self.spend), 0.5)
        for _ in range(days):
            self.learn(0.3)

    def truth(self, spend: Floats) -> Floats:
        """Mean orders of a day."""
        return np.asarray(self.scale / (1.0 + (self.half / spend) ** self.shape))

    def learn(self, variation: float) -> None:
        """Take in one day of spend about the plan."""
        spent = self.spend * self.rng.lognormal(0.0, variation, self.spend.shape)
        orders = self.rng.poisson(self.truth(spent)).astype(np.float64)
        self.state = posterior.absorb(self.state, spent, orders, discount=0.99)

    def plan(self, low: float, high: float, days: int = 12) -> tuple[float, float]:
        """Median over days of the time to plan within low … high times today, cold and from the last price.

        The same day's plan is made a few times over and the least time counts.
        """
        cold, warm, price = [], [], None
        for _ in range(days):
            self.learn(0.1)
            curves, budget = believed.expected(self.state), self.spend.sum(axis=1)
            work = partial(allocate, curves, budget, low * self.spend, high * self.spend)
            if price is not None:
                cold.append(seconds(work, 3))
                warm.append(seconds(partial(work, price0=price), 3))
            plan = work()
            price, self.spend = plan.price, np.maximum(plan.spend, 1e-3 * self.spend)
        return float(np.median(cold)), float(np.median(warm))


def print_plans(R: int, C: int) -> None:
    """Print what planning on the posterior's mean itself costs in a closed loop, beside the target."""
    power = seconds(Case(R, C).power)
    for name, low, high in (("0.7 to 1.3 of today", 0.7, 1.3), ("any spend", 0.0, np.inf)):
        cold, warm = Loop(R, C).plan(low, high)
        print(
            f"plan on the mean, {name:>19}: cold {1e3 * cold:.2f} ms, {cold / power:.0f} power passes; "
            f"warm {1e3 * warm:.2f} ms, {warm / power:.0f}: {verdict(warm / power, 3.0)}"
        )


def verdict(measured: float, target: float) -> str:
    """Say whether a target was met."""
    return f"target ≤ {target:g} {'met' if measured <= target else 'missed'}"


def main() -> None:
    """Print nanoseconds an element of (R, C, G) and the ratios that travel between machines."""
    print(
        f"{'R × C × G':>14} {'work':>9} {'ns/element':>10} {'× its memory traffic':>21} {'power passes':>12}"
    )
    traffic = {"update": 4, "thompson": 2, "mean": 6}  # arrays of (R, C, G) read or written; a copy moves 2
    for R, C in SIZES:
        case = Case(R, C)
        element = 1e9 / case.state.xx.size
        copy, power = element * seconds(case.copy), element * seconds(case.power)
        for name, arrays in traffic.items():
            cost = element * seconds(getattr(case, name))
            label = f"{R} × {C} × {case.state.grid.size}"
            target = f"  {verdict(cost, UPDATE)}" if name == "update" else ""
            moved = 2 * cost / arrays / copy
            print(f"{label:>14} {name:>9} {cost:10.2f} {moved:21.1f} {cost / power:12.2f}{target}")
        print(f"{'':>14} {'copy':>9} {copy:10.2f} {1.0:21.1f} {copy / power:12.2f}")
        print(f"{'':>14} {'power':>9} {power:10.2f} {power / copy:21.1f} {1.0:12.2f}")
    print_plans(*SIZES[0])


if __name__ == "__main__":
    main()
