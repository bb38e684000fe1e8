"""What an allocation costs against its targets, in power passes, and against other solvers.

A power pass is one ``np.power`` over as many elements in the same run. NumPy with AVX-512 needs about 2 ns an
element for it and without 14–23, so times stand beside every ratio.
"""

import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, minimize

from aicmo.core.allocate import allocate, prepare
from aicmo.core.allocation import Allocation
from aicmo.core.curves import Curves
from aicmo.core.groups import Group

Floats = NDArray[np.float64]

cp: Any = importlib.import_module("cvxpy")  # ships no usable types

SIZES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
BATCHES = ((1000, 10), (1000, 100))
SLSQP_LARGEST, TRUST_LARGEST, CLARABEL_LARGEST = 100, 100, 1_000
PICTURE = Path("out") / "cost-against-size"
SCURVES, CAPS = (30, 100, 300), 100
FIRST_USE = """
from aicmo.core.allocate import allocate, prepare
from aicmo.core.curves import Curves
allocate(Curves.hill([1.0, 2.0], 3.0, 2.0), 4.0)
"""


def seconds(work: Callable[[], object], budget: float = 1.0) -> float:
    """Median time of a call within a budget of seconds, after one that compiles and warms.

    Processor time of this thread, so that what else the machine does counts as little as can be.
    """
    work()
    times: list[float] = []
    while not times or (sum(times) < budget and len(times) < 200):
        start = thread_time()
        work()
        times.append(thread_time() - start)
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
            print(
                f"warm {warm * 1e6:>12,.0f} µs {warm / unit:>8.1f}  {cold / n * 1e9:>9,.0f} ns a campaign  "
                f"gap {relative:.0e}"
            )
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


def report(work: str, target: str, took: float, unit: float | None = None) -> None:
    """One line of the table of targets."""
    passes = "" if unit is None else f"{took / unit:10.1f} power passes of {unit * 1e3:.2f} ms"
    print(f"{work:<58} target {target:<12} {took * 1e3:12.3f} ms{passes}")


def million(rng: np.random.Generator) -> None:
    """Plans of a million campaigns, with curves prepared before and in the same call."""
    n = 1_000_000
    unit, lower = power_pass(rng, n), np.full(n, 0.1)
    print(f"one power pass over 1e6 elements: {unit / n * 1e9:.1f} ns an element; 1 ms is 1 ns a campaign")
    for name, make, target, most in (
        ("mixed concave", concave, "<= 1 pass", "<= 5 passes"),
        ("Hill of any shape", hill, "<= 2 passes", "<= 8 passes"),
    ):
        curves = make(rng, (n,))
        prepared = prepare(curves)
        price = allocate(prepared, 2.0 * n).price
        work = f"1e6 {name}, curves prepared"
        report(work, target, seconds(partial(allocate, prepared, 2.0 * n)), unit)
        report(f"{work}, warm", target, seconds(partial(allocate, prepared, 2.0 * n, price0=price)), unit)
        for bounds, low in (("", 0.0), (", lower bounds", lower)):
            took = seconds(partial(allocate, curves, 2.0 * n, low))
            report(f"1e6 {name}{bounds}, preparing included", most, took, unit)


def targets(rng: np.random.Generator) -> None:
    """Every target for allocations, beside what this run measured."""
    million(rng)
    curves, budget = concave(rng, (1000, 10)), np.full(1000, 20.0)
    price = allocate(curves, budget).price
    report("batch 1000 x 10 concave, cold", "<= 1 ms", seconds(partial(allocate, curves, budget)))
    warm = seconds(partial(allocate, curves, budget, price0=price))
    report("batch 1000 x 10 concave, warm", "<= 0.4 ms", warm)
    curves, budget = hill(rng, (1000, 100)), np.full(1000, 200.0)
    report("batch 1000 x 100 Hill of any shape, cold", "<= 10 ms", seconds(partial(allocate, curves, budget)))
    prepared = prepare(curves)
    report("the same, curves prepared", "<= 10 ms", seconds(partial(allocate, prepared, budget)))
    for n, most in ((10, 60), (100, 100)):
        took = seconds(partial(allocate, concave(rng, (n,)), 2.0 * n))
        report(f"{n} campaigns, one call", f"<= {most} µs", took)
    s_curves(rng)
    group_caps(rng)
    first_use()


def s_curves(rng: np.random.Generator) -> None:
    """Slowest of many proofs that an S-curved plan is the best one."""
    for n in SCURVES:
        worst, gap = 0.0, 0.0
        for _ in range(60):
            curves = Curves.hill(rng.uniform(1, 5, n), rng.uniform(1, 10, n), rng.uniform(1, 6, n))
            work = partial(allocate, curves, n * rng.uniform(0.3, 4.0))
            plan = work()
            worst, gap = max(worst, seconds(work, 0.02)), max(gap, float(plan.gap / plan.response))
        report(f"S-curves, N = {n}, slowest of 60 (gap <= {gap:.0e})", "<= 2 ms", worst)


def group_caps(rng: np.random.Generator) -> None:
    """Time 100 group caps, half of them binding, against the same solve without them."""
    n = 100_000
    for name, make in (("mixed", concave), ("Hill", hill)):
        curves, members = make(rng, (n,)), rng.permutation(n).reshape(CAPS, -1)
        spent = allocate(curves, 2.0 * n).spend[members].sum(axis=1)
        groups = [
            Group(m, 0.0, float(x) * (0.8 if g % 2 else 1.5))
            for g, (m, x) in enumerate(zip(members, spent, strict=True))
        ]
        plain, plan = seconds(partial(allocate, curves, 2.0 * n)), allocate(curves, 2.0 * n, groups=groups)
        took = seconds(partial(allocate, curves, 2.0 * n, groups=groups))
        gap = plan.gap / plan.response
        report(f"{CAPS} caps, N = 1e5 {name}: {took / plain:.1f}x uncapped, gap {gap:.0e}", "<= 3x", took)


def first_use() -> None:
    """Import and first plan in a process of its own, compiling everything and then from the cache."""
    with tempfile.TemporaryDirectory() as cache:
        for state, most in (("uncached", 15), ("cached", 1)):
            start = perf_counter()
            subprocess.run(  # noqa: S603  # this interpreter, on a line written above
                [sys.executable, "-c", FIRST_USE], check=True, env=os.environ | {"NUMBA_CACHE_DIR": cache}
            )
            report(f"first use, {state}", f"<= {most} s", perf_counter() - start)


def draw(lines: dict[str, list[float]]) -> None:
    """Plot cost against size."""
    mpl.use("agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415  # after the backend is chosen

    figure, axes = plt.subplots(figsize=(6, 4))
    for name, values in lines.items():
        axes.loglog(SIZES, values, marker="o", label=name)
    axes.set(xlabel="campaigns", ylabel="seconds", title="Cost of an exact plan by number of campaigns")
    axes.legend()
    PICTURE.parent.mkdir(exist_ok=True)
    for ending in ("png", "svg"):
        figure.savefig(PICTURE.with_suffix(f".{ending}"), dpi=150)
    print(f"plot: {PICTURE}.png and .svg")


def main() -> None:
    """Print the table and write the plot."""
    rng = np.random.default_rng(0)
    lines = one_row(rng)
    batches(rng)
    targets(rng)
    draw(lines)
