"""What an allocation costs, in power passes over as many numbers, against SLSQP and others."""

import importlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, minimize

from aicmo.core.allocate import allocate
from aicmo.core.allocation import Allocation
from aicmo.core.curves import Curves

Floats = NDArray[np.float64]

cp: Any = importlib.import_module("cvxpy")  # ships no usable types

SIZES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
BATCHES = ((1000, 10), (1000, 100))
SLSQP_LARGEST, TRUST_LARGEST, CLARABEL_LARGEST = 100, 100, 1_000
PICTURE = Path("out") / "allocation.svg"


def seconds(work: Callable[[], object], budget: float = 1.0) -> float:
    """Median time of a call within a budget of seconds, after one that compiles and warms."""
    work()
    times: list[float] = []
    while not times or (sum(times) < budget and len(times) < 200):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return float(np.median(times))


def concave(rng: np.random.Generator, shape: tuple[int, ...]) -> Curves:
    """Logarithmic, exponential and power curves in equal parts (Clarabel can write these down)."""
    n = shape[-1] // 3
    u, lead = rng.uniform, shape[:-1]
    return Curves.concatenate(
        [
            Curves.logarithmic(u(1, 5, (*lead, n)), u(1, 5, (*lead, n))),
            Curves.exponential(u(1, 5, (*lead, n)), u(1, 5, (*lead, n))),
            Curves.power(u(1, 3, (*lead, shape[-1] - 2 * n)), u(0.2, 0.9, (*lead, shape[-1] - 2 * n))),
        ]
    )


def hill(rng: np.random.Generator, shape: tuple[int, ...]) -> Curves:
    """Hill curves of shapes 0.3 to 3."""
    return Curves.hill(rng.uniform(1, 5, shape), rng.uniform(1, 10, shape), rng.uniform(0.3, 3.0, shape))


def power_pass(rng: np.random.Generator, n: int) -> float:
    """Time of one ``np.power`` over n numbers, the unit of this benchmark."""
    x, y, out = rng.uniform(0.5, 2.0, n), rng.uniform(0.3, 3.0, n), np.empty(n)
    return seconds(lambda: np.power(x, y, out=out), 0.3)


def scipy_plan(curves: Curves, budget: float, method: str) -> float:
    """Response that SciPy's general solver reaches from an equal split."""
    n = len(curves)
    found = minimize(
        lambda x: -float(curves.value(np.maximum(x, 0.0)).sum()),
        np.full(n, budget / n),
        jac=lambda x: -curves.marginal(np.maximum(x, 1e-12)),
        bounds=[(0.0, budget)] * n,
        constraints=[LinearConstraint(np.ones((1, n)), budget, budget)],
        method=method,
    )  # type: ignore[call-overload]  # the stubs know the methods as literals
    return -float(found.fun)


def clarabel_plan(curves: Curves, budget: float) -> float:
    """Response that CVXPY and Clarabel reach on the logarithmic, exponential and power curves."""
    x = cp.Variable(len(curves), nonneg=True)
    parts = []
    for c in range(len(curves)):
        a, k, s = curves.scale[c], curves.half[c], curves.shape[c]
        forms = {1: lambda v, k=k: cp.log1p(v / k), 2: lambda v, k=k: 1.0 - cp.exp(-v / k)}
        forms[3] = lambda v, s=s: cp.power(v, s, approx=False)
        parts.append(a * forms[int(curves.kind[c])](x[c]))
    problem = cp.Problem(cp.Maximize(cp.sum(cp.hstack(parts))), [cp.sum(x) == budget])
    problem.solve(solver=cp.CLARABEL)
    return float(problem.value)


def rival(name: str, work: Callable[[], float], plan: Allocation, own: float) -> str:
    """How many times longer another solver takes, and how much less it reaches."""
    start = perf_counter()
    reached = work()
    took = perf_counter() - start
    return f"{name} {took / own:,.0f}x ({(plan.response - reached) / plan.response:+.1e} of the response)"


def one_row(rng: np.random.Generator) -> dict[str, list[float]]:
    """Cold and warm solves of one plan at every size; prints, and returns the seconds per size."""
    lines: dict[str, list[float]] = {"mixed": [], "hill": [], "power pass": []}
    for n in SIZES:
        unit = power_pass(rng, n)
        lines["power pass"].append(unit)
        for name, make in (("mixed", concave), ("hill", hill)):
            curves, budget = make(rng, (n,)), 2.0 * n
            plan = allocate(curves, budget)
            cold = seconds(partial(allocate, curves, budget))
            warm = seconds(partial(allocate, curves, budget, price0=plan.price))
            lines[name].append(cold)
            relative = plan.gap / plan.response
            print(
                f"{name:>6} {n:>9,}  cold {cold * 1e6:>12,.0f} µs {cold / unit:>8.1f} power passes", end="  "
            )
            print(f"warm {warm * 1e6:>12,.0f} µs {warm / unit:>8.1f}  gap {relative:.0e}")
            if name == "mixed":
                print_rivals(curves, budget, plan, cold)
    return lines


def print_rivals(curves: Curves, budget: float, plan: Allocation, own: float) -> None:
    """Other solvers on the same instance, where they can go."""
    n = len(curves)
    np.add(curves.value(1.0), curves.marginal(1.0))  # compiled before anybody is timed
    if n <= SLSQP_LARGEST:
        print("       ", rival("SLSQP", lambda: scipy_plan(curves, budget, "SLSQP"), plan, own))
    if n <= TRUST_LARGEST:
        print("       ", rival("trust-constr", lambda: scipy_plan(curves, budget, "trust-constr"), plan, own))
    if n <= CLARABEL_LARGEST:
        print("       ", rival("CVXPY + Clarabel", lambda: clarabel_plan(curves, budget), plan, own))


def batches(rng: np.random.Generator) -> None:
    """Many rows in one call."""
    for rows, n in BATCHES:
        unit = power_pass(rng, rows * n)
        for name, make in (("mixed", concave), ("hill", hill)):
            curves, budget = make(rng, (rows, n)), np.full(rows, 2.0 * n)
            plan = allocate(curves, budget)
            cold = seconds(partial(allocate, curves, budget))
            warm = seconds(partial(allocate, curves, budget, price0=plan.price))
            print(
                f"{name:>6} {rows} x {n}: cold {cold * 1e3:.2f} ms ({cold / unit:.1f} power passes), "
                f"warm {warm * 1e3:.2f} ms"
            )


def draw(lines: dict[str, list[float]]) -> None:
    """Plot cost against size."""
    mpl.use("svg")
    from matplotlib import pyplot as plt  # noqa: PLC0415  # after the backend is chosen

    figure, axes = plt.subplots(figsize=(6, 4))
    for name, values in lines.items():
        axes.loglog(SIZES, values, marker="o", label=name)
    axes.set(xlabel="campaigns", ylabel="seconds", title="Cost of an exact plan by number of campaigns")
    axes.legend()
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE)
    print(f"plot: {PICTURE}")


def main() -> None:
    """Print the table and write the plot."""
    rng = np.random.default_rng(0)
    lines = one_row(rng)
    batches(rng)
    draw(lines)
