"""The kernel equals the textbook, rows are independent, and nothing that markets do breaks a posterior."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from aicmo.core import forecast, posterior
from aicmo.core.grid import ShapeGrid
from aicmo.core.kernels.posterior import student
from tests.reference.posterior import Row

Floats = NDArray[np.float64]
NOISE = posterior.Noise(dispersion=2.0, strength=2.5, relative=0.1, floor=0.02)
MULTIPLES, SHAPES = np.array([0.3, 1.0, 3.0, 6.0]), np.array([0.7, 1.0, 2.5])


def history(R: int, C: int, W: int, seed: int) -> dict[str, Floats]:
    rng = np.random.default_rng(seed)
    pressure = 1000.0 * rng.lognormal(0.0, 0.8, (W, R, C)) * (rng.random((W, R, C)) > 0.1)
    multiplier = rng.lognormal(0.0, 0.3, (W, R, C))
    outcome = rng.gamma(2.0, 40.0 * multiplier * pressure / (pressure + 1500.0) + 1e-3)
    weight = (rng.random((W, R, C)) > 0.2) * rng.random((W, R, C))
    discount = rng.uniform(0.8, 1.0, (W, R, C))
    return {
        "pressure": pressure,
        "outcome": outcome,
        "multiplier": multiplier,
        "weight": weight,
        "discount": discount,
    }


def start(
    R: int, C: int, response: float = 30.0, scale: float = 1.0, noise: posterior.Noise = NOISE
) -> posterior.Posterior:
    grid = ShapeGrid(np.full((R, C), 1000.0 * scale), MULTIPLES, SHAPES)
    return posterior.init(grid, response, 0.6, noise)


def row(state: posterior.Posterior, r: int, c: int, cv: float = 0.6) -> Row:
    return Row(
        reference=float(state.grid.reference[r, c]),
        response=float(state.response[r, c]),
        cv=cv,
        dispersion=state.noise.dispersion,
        strength=state.noise.strength,
        relative=state.noise.relative,
        floor=state.noise.floor,
        coarseness=state.noise.coarseness,
        multiples=state.grid.multiples,
        shapes=state.grid.shapes,
    )


def test_kernel_equals_the_slow_reference() -> None:
    data = history(2, 3, 12, seed=1)
    state = start(2, 3)
    found = posterior.conditional(posterior.absorb(state, **data))
    for r in range(2):
        for c in range(3):
            expected = row(state, r, c).condition(**{k: v[:, r, c] for k, v in data.items()})
            for got, want in zip(found, expected, strict=True):
                np.testing.assert_allclose(got[r, c], want, rtol=1e-9, atol=1e-12)


def test_shape_weights_are_marginal_likelihoods() -> None:
    """An independent route: the multivariate Student density of the whole history."""
    data = history(1, 1, 8, seed=2)
    data["weight"], data["discount"] = np.ones((8, 1, 1)), np.ones((8, 1, 1))
    state = start(1, 1, noise=replace(NOISE, coarseness=0.0))
    reference = row(state, 0, 0)
    a, m, y = (data[k][:, 0, 0] for k in ("pressure", "multiplier", "outcome"))
    mean = m * reference.response * (2 * a / (a + reference.reference) + reference.floor)
    variance = mean + NOISE.relative**2 * mean**2 / NOISE.dispersion
    logs = np.array([reference.log_evidence(m * h, y, variance) for h in reference.curves(a).T])
    expected = np.exp(logs - logs.max())
    found = posterior.weights(posterior.absorb(state, **data))[0, 0]
    np.testing.assert_allclose(found, expected / expected.sum(), rtol=1e-8)


def test_knowledge_ends_at_the_grid_s_coarseness() -> None:
    """However much data there is, no response is claimed to be known better than the grid can show it."""
    a = np.full((20000, 1, 1), 1000.0)
    noise = posterior.Noise(dispersion=2.0, coarseness=0.03)
    outcome = np.random.default_rng(15).gamma(15.0, 2.0, a.shape)  # mean 30, variance 2 · mean
    found = forecast.predict(posterior.absorb(start(1, 1, noise=noise), a, outcome), a[0])
    assert found.mean[0, 0] == pytest.approx(30.0, rel=0.01)
    assert found.sd[0, 0] / found.mean[0, 0] == pytest.approx(0.03, rel=0.2)


def test_calls_may_be_cut_anywhere() -> None:
    data = history(3, 4, 9, seed=3)
    once = posterior.absorb(start(3, 4), **data)
    twice = posterior.absorb(start(3, 4), **{k: v[:5] for k, v in data.items()})
    twice = posterior.absorb(twice, **{k: v[5:] for k, v in data.items()})
    for name in ("xx", "xy", "yy", "count"):
        np.testing.assert_array_equal(getattr(once, name), getattr(twice, name))


def test_bits_of_a_row_do_not_depend_on_its_batch() -> None:
    data = history(5, 3, 6, seed=4)
    rng = np.random.default_rng(4)
    z, u = rng.normal(size=(5, 3)), rng.random((5, 3))
    whole = posterior.absorb(start(5, 3), **data)
    alone = posterior.absorb(start(1, 3), **{k: v[:, 2:3] for k, v in data.items()})
    np.testing.assert_array_equal(posterior.weights(whole)[2:3], posterior.weights(alone))
    for a, b in zip(posterior.sample(whole, z, u), posterior.sample(alone, z[2:3], u[2:3]), strict=True):
        np.testing.assert_array_equal(a[2:3], b)


def test_inputs_and_states_stay_untouched() -> None:
    data = history(2, 2, 4, seed=5)
    kept = {k: v.copy() for k, v in data.items()}
    state = start(2, 2)
    after = posterior.absorb(state, **data)
    assert not state.xx.any()
    assert not after.xx.flags.writeable
    for name, array in data.items():
        np.testing.assert_array_equal(array, kept[name])


@settings(max_examples=40, deadline=None)
@given(
    scale=st.sampled_from([1e-9, 1e-3, 1.0, 1e9]),
    money=st.sampled_from([1e-9, 1.0, 1e9]),
    case=st.sampled_from(["zero reward", "zero spend", "undelivered", "no multiplier", "constant", "wild"]),
    seed=st.integers(0, 1000),
)
def test_everything_stays_finite(scale: float, money: float, case: str, seed: int) -> None:
    data = history(1, 2, 5, seed)
    data["pressure"] *= money
    data["outcome"] *= scale
    if case == "zero reward":
        data["outcome"][:] = 0.0
    if case == "zero spend":
        data["pressure"][:] = 0.0
    if case == "undelivered":
        data["weight"][:] = 0.0
    if case == "no multiplier":
        data["multiplier"][:] = 0.0
    if case == "constant":
        data["pressure"][:] = 1000.0 * money
    if case == "wild":
        data["pressure"] *= 1e6
        data["outcome"] *= 1e6
    state = posterior.absorb(start(1, 2, 30.0 * scale, money), **data)
    rng = np.random.default_rng(seed)
    for array in (
        *posterior.conditional(state),
        *posterior.mean(state),
        *posterior.sample(state, rng.normal(size=(1, 2)), rng.random((1, 2))),
        *forecast.predict(state, data["pressure"][0]),
        *forecast.interval(state, data["pressure"][0]),
    ):
        assert np.all(np.isfinite(array))
        assert np.all(array >= 0.0)
    np.testing.assert_allclose(posterior.weights(state).sum(axis=-1), 1.0, rtol=1e-12)


def test_an_empty_window_changes_nothing() -> None:
    state = posterior.absorb(start(2, 2), **history(2, 2, 4, seed=6))
    same = posterior.absorb(state, np.empty((0, 2, 2)), np.empty((0, 2, 2)))
    np.testing.assert_array_equal(same.xx, state.xx)
    np.testing.assert_array_equal(same.yy, state.yy)


def test_forgetting_leads_back_to_the_prior() -> None:
    learned = posterior.absorb(start(1, 2), **history(1, 2, 30, seed=7))
    idle = np.zeros((400, 1, 2))
    forgotten = posterior.conditional(posterior.absorb(learned, idle, idle, 0.0, discount=0.9))
    prior = posterior.conditional(start(1, 2))
    for a, b in zip(forgotten, prior, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9)


def entropy(weight: Floats) -> Floats:
    return np.asarray(stats.entropy(weight, axis=-1))


def test_constant_spend_identifies_no_shape() -> None:
    """Spend that never varies leaves the shape as uncertain as before; varied spend does not."""
    rng = np.random.default_rng(8)
    W, R, C = 400, 40, 2
    steady = np.full((W, R, C), 1000.0)
    varied = 1000.0 * rng.choice([0.1, 0.5, 1.0, 3.0, 8.0], (W, R, C))

    def learn(a: Floats) -> posterior.Posterior:
        mean = 2.0 * 300.0 * a / (a + 1000.0)
        return posterior.absorb(start(R, C, 200.0), a, mean + np.sqrt(2.0 * mean) * rng.normal(size=a.shape))

    widest = np.log(MULTIPLES.size * SHAPES.size)
    np.testing.assert_allclose(entropy(posterior.weights(learn(steady))), widest, rtol=1e-6)
    assert np.median(entropy(posterior.weights(learn(varied)))) < 0.5 * widest
    far = np.full((R, C), 8000.0)
    narrow, wide = (forecast.predict(learn(a), far) for a in (varied, steady))
    assert np.median(wide.sd / wide.mean) > 5.0 * np.median(narrow.sd / narrow.mean)


def test_curves_are_found() -> None:
    rng = np.random.default_rng(9)
    a = 1000.0 * rng.choice([0.1, 0.5, 1.0, 3.0, 8.0], (600, 20, 1))
    mean = 500.0 * a**2.5 / (3000.0**2.5 + a**2.5)
    state = posterior.absorb(
        start(20, 1, 60.0), a, np.maximum(mean + np.sqrt(mean) * rng.normal(size=a.shape), 0)
    )
    knots = np.broadcast_to(np.geomspace(200.0, 8000.0, 12), (20, 1, 12))
    truth = 500.0 * knots**2.5 / (3000.0**2.5 + knots**2.5)
    assert np.all(np.abs(forecast.predict(state, knots).mean - truth) < 6.0)


def test_mean_curve_is_the_prediction() -> None:
    state = posterior.absorb(start(2, 3), **history(2, 3, 10, seed=10))
    a = np.random.default_rng(10).uniform(0.0, 5000.0, (2, 3))
    curve = posterior.mean(state)
    x = a[..., None] ** curve.shape
    value = (curve.weight * curve.scale * x / (curve.half_saturation**curve.shape + x)).sum(axis=-1)
    np.testing.assert_allclose(value, forecast.predict(state, a).mean, rtol=1e-10)


def test_draws_have_the_posterior_distribution() -> None:
    state = posterior.absorb(start(1, 1), **history(1, 1, 20, seed=11))
    n = 20000
    wide = posterior.absorb(
        start(n, 1), **{k: np.repeat(v, n, axis=1) for k, v in history(1, 1, 20, 11).items()}
    )
    rng = np.random.default_rng(11)
    drawn = posterior.sample(wide, rng.normal(size=(n, 1)), rng.random((n, 1)))
    a = 2500.0
    value = drawn.scale * a**drawn.shape / (drawn.half_saturation**drawn.shape + a**drawn.shape)
    expected = forecast.predict(state, np.full((1, 1), a))
    assert abs(value.mean() - expected.mean[0, 0]) < 4.0 * expected.sd[0, 0] / np.sqrt(n)
    assert abs(value.std() / expected.sd[0, 0] - 1.0) < 0.05


def test_temperature_tempers() -> None:
    state = posterior.absorb(start(1, 1), **history(1, 1, 6, seed=12))
    z, u = np.full((1, 1), 1.7), np.full((1, 1), 0.9)
    best = int(np.argmax(posterior.weights(state)))
    cold = posterior.sample(state, z, u, temperature=0.0)
    mean = posterior.mean(state)
    assert cold.scale[0, 0] == pytest.approx(mean.scale[0, 0, best], rel=1e-12)
    assert cold.half_saturation[0, 0] == mean.half_saturation[0, 0, best]
    with pytest.raises(ValueError, match="temperature"):
        posterior.sample(state, z, u, temperature=-1.0)


@pytest.mark.parametrize(("freedom", "error"), [(4.0, 0.03), (6.0, 0.01), (20.0, 0.002), (500.0, 1e-4)])
def test_student_draws_are_student(freedom: float, error: float) -> None:
    z = np.linspace(-3.0, 3.0, 49)
    found = np.array([student(x, freedom) for x in z])
    expected = stats.t.ppf(stats.norm.cdf(z), freedom)
    np.testing.assert_allclose(found, expected, rtol=error, atol=1e-12)


def test_bounds_are_curves() -> None:
    state = posterior.absorb(start(2, 2), **history(2, 2, 10, seed=13))
    knots = np.broadcast_to(np.linspace(0.0, 8000.0, 33), (2, 2, 33))
    mean = forecast.predict(state, knots).mean
    low, high = forecast.bound(state, -1.5, knots), forecast.bound(state, 1.5, knots)
    for curve in (low, high):
        assert np.all(np.diff(curve, axis=2) >= 0.0)
        assert np.all(curve[..., 0] == 0.0)
    assert np.all(low <= mean)
    assert np.all(mean <= high)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"pressure": np.ones((4, 3, 2))},
            r"pressure must broadcast to \(4, 2, 3\) = \(W, R, C\), got \(4, 3, 2\)",
        ),
        ({"outcome": np.full((4, 2, 3), np.nan)}, "outcome must be finite and ≥ 0"),
        ({"pressure": np.full((4, 2, 3), -1.0)}, "pressure must be finite and ≥ 0"),
        ({"discount": 1.1}, "discount must be ≤ 1, got 1.1"),
    ],
)
def test_wrong_observations_are_refused(change: dict[str, Floats], said: str) -> None:
    data = history(2, 3, 4, seed=14)
    with pytest.raises(ValueError, match=said):
        posterior.absorb(start(2, 3), **(data | change))


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="strength must be finite and > 1"):
        posterior.Noise(strength=1.0)
    with pytest.raises(ValueError, match="reference must be finite and > 0"):
        ShapeGrid(np.zeros((1, 1)))
    with pytest.raises(ValueError, match=r"multiples must have the axes \(J,\)"):
        ShapeGrid(np.ones((1, 1)), np.ones((2, 2)))
    with pytest.raises(ValueError, match="cv must be finite and > 0"):
        posterior.init(ShapeGrid(np.ones((1, 1))), 1.0, 0.0)
