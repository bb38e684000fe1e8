"""Random sets of limits, colliding ones included."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from aicmo.checks.fixtures import brief, standing
from aicmo.messages import RANKS, GroupLimit, Limits, Rank, Standing

R, C = 3, 6
LAMINAR = ((0, 1, 2), (3, 4), (0, 1), (0, 1, 2, 3, 4))
PAIRS: tuple[tuple[Rank, Rank], ...] = (*((rank, rank) for rank in RANKS[:-1]), ("minimum", "never"))


@st.composite
def pieces(draw: st.DrawFn, *, collide: bool = True) -> tuple[Limits, ...]:
    """Up to five pieces over R × C with nested groups; without `collide` all contain 10 everywhere."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return tuple(_piece(rng, f"guardrail {i}", collide=collide) for i in range(draw(st.integers(1, 5))))


def _piece(rng: np.random.Generator, source: str, *, collide: bool) -> Limits:
    lower_rank, upper_rank = PAIRS[rng.integers(len(PAIRS))]
    lower, upper = _bounds(rng, (R, C), 10.0, collide=collide)
    groups = []
    for members in LAMINAR:
        if rng.random() < 0.4:
            low, high = _bounds(rng, (R,), 10.0 * len(members), collide=collide)
            groups.append(GroupLimit(str(members), np.array(members), low, high))
    total = np.where(rng.random(R) < 0.5, np.inf, 10.0 * C * rng.uniform(0.2 if collide else 1.0, 2.0, R))
    return Limits(lower, upper, total, tuple(groups), lower_rank, upper_rank, source)


def _bounds(
    rng: np.random.Generator, shape: tuple[int, ...], amount: float, *, collide: bool
) -> tuple[np.ndarray, np.ndarray]:
    lower = amount * rng.uniform(0.0, 1.6 if collide else 1.0, shape) * (rng.random(shape) < 0.5)
    upper = amount * rng.uniform(0.3 if collide else 1.0, 2.5, shape)
    return lower, np.where(rng.random(shape) < 0.5, np.maximum(lower, upper), np.inf)


@st.composite
def plans(draw: st.DrawFn) -> np.ndarray:
    """Proposals of very different sizes, with zeros."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    scale = 10.0 ** rng.uniform(-2, 3, (R, 1))
    return np.asarray(scale * rng.lognormal(0.0, 1.0, (R, C)) * (rng.random((R, C)) < 0.8))


def at_ten() -> Standing:
    """A standing whose decision in force is 10 everywhere, with C campaigns that all run."""
    plan, base = np.full((R, C), 10.0), standing(brief(replications=R))
    return replace(
        base,
        current=plan,
        week_ago=plan,
        opening=plan,
        approved=plan,
        changed=np.zeros((R, C), dtype=int),
        paused=np.zeros((R, C), dtype=bool),
    )
