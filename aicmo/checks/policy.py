"""The contract of a budget policy (`aicmo.policies.Policy`), one function a clause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from aicmo.checks import market
from aicmo.checks.contract import ContractError, fingerprint, require, require_amounts, require_shape
from aicmo.checks.record import LimitsOn, Record, history, one_paused, tight
from aicmo.core.noise import Draws
from aicmo.messages import Limits

WEEKS = range(0, 7 * 8, 7)
"""Ticks of the decisions that a check looks at."""
MARGIN = 0.03
"""Gross profit beyond an equal split's that learning is worth at least on the easy market."""
TOLERANCE = 1e-9


def declares_what_it_is(policy: Any) -> None:
    """Require frozen settings, a `kind` and `learns`."""
    require(isinstance(getattr(policy, "kind", None), str), f"policy {policy!r}: kind must be a name")
    settings = getattr(policy, "__dataclass_params__", None)
    frozen = settings is not None and settings.frozen
    require(frozen, f"{_name(policy)}: settings must be the fields of a dataclass(frozen=True)")
    learns = getattr(policy, "learns", None)
    require(isinstance(learns, bool), f"{_name(policy)}: learns must be True or False, got {learns!r}")


def budgets_within_limits(policy: Any) -> None:
    """Require budgets (R, C) within boxes, groups and the total of `observation.limits`."""
    record = history()
    for tick, rate in zip(WEEKS, _decisions(policy, record, tight), strict=True):
        _require_within(_name(policy), rate, record.observe(tick, tight).limits)


def survives_zero_reward(policy: Any) -> None:
    """Require finite budgets where nothing was ever sold."""
    _require_sound(policy, replace(history(), orders=np.zeros_like(history().orders)))


def survives_zero_spend(policy: Any) -> None:
    """Require finite budgets where nothing was ever spent."""
    nothing = np.zeros_like(history().orders)
    _require_sound(policy, replace(history(), spend=nothing, orders=nothing))


def survives_a_dead_campaign(policy: Any) -> None:
    """Require finite budgets where one campaign sells nothing and another may not run."""
    record = history()
    dead = np.arange(record.brief.shape[1]) == 1
    _require_sound(policy, replace(record, orders=np.where(dead, 0.0, record.orders)), one_paused)


def survives_an_empty_observation(policy: Any) -> None:
    """Require finite budgets where nothing has arrived yet, or there is no history at all."""
    _require_sound(policy, history(), delivered=False)
    _require_sound(policy, history(weeks=0))


def leaves_inputs_untouched(policy: Any) -> None:
    """Require pure verbs: what is handed over does not change."""
    record, who = history(), _name(policy)
    brief, seen = record.brief, record.observe(WEEKS[1], tight)
    known, state, draws = fingerprint(brief), policy.init(brief), _draws(policy, record)
    learnt = policy.update(policy.init(brief), seen)
    calls: tuple[tuple[str, Any, Callable[[], Any]], ...] = (
        ("update", state, lambda: policy.update(state, seen)),
        ("act", learnt, lambda: policy.act(learnt, seen, draws.at(seen.tick))),
    )
    for verb, given, call in calls:
        before = fingerprint(seen), fingerprint(given)
        call()
        require(
            fingerprint(seen) == before[0], f"{who}: {verb}() changed the observation; copy before writing"
        )
        require(fingerprint(given) == before[1], f"{who}: {verb}() changed its state; return a new one")
    require(fingerprint(brief) == known, f"{who}: the brief was changed; copy before writing")


def same_seed_same_decision(policy: Any) -> None:
    """Require the same bits from the same run: randomness comes from `draws` alone."""
    first, second = (np.stack(_decisions(policy, history())) for _ in range(2))
    require(
        first.tobytes() == second.tobytes(),
        f"{_name(policy)}: two runs with the same seed decided differently; take randomness from draws, by "
        "name, and keep nothing outside of the state",
    )


def rows_independent(policy: Any) -> None:
    """Require the same bits for a replication alone and in a batch."""
    record, rows = history(), [2, 0]
    batch, alone = _decisions(policy, record), _decisions(policy, record.take(rows))
    for tick, together, apart in zip(WEEKS, batch, alone, strict=True):
        require(
            np.ascontiguousarray(together[rows]).tobytes() == np.ascontiguousarray(apart).tobytes(),
            f"{_name(policy)}: at tick {tick} rows {rows} of a batch of {len(together)} were decided "
            "differently when run alone; no sum, mean, sort or matrix product may mix the axis R",
        )


def causal(policy: Any) -> None:
    """Require that what happens after t changes no decision up to t."""
    record, cut = history(), WEEKS[len(WEEKS) // 2]
    other = record.changed_from(cut)
    for tick, one, two in zip(WEEKS, _decisions(policy, record), _decisions(policy, other), strict=True):
        require(
            tick > cut or one.tobytes() == two.tobytes(),
            f"{_name(policy)}: the decision at tick {tick} changed with what happened after tick {cut}; "
            "read nothing but what the observation delivers",
        )


def learns_on_an_easy_market(policy: Any) -> None:
    """Require of one that learns to earn more than an equal split on an easy market."""
    if not policy.learns:
        return
    from aicmo.policies.equal_split import EqualSplit  # noqa: PLC0415 - needed by this check alone

    gain = float(market.profit(policy).mean() / market.profit(EqualSplit()).mean() - 1.0)
    require(
        gain >= MARGIN,
        f"{_name(policy)}: declares learns, so it must earn {MARGIN:.0%} more than an equal split on the "
        f"easy market (aicmo.checks.market), got {gain:+.1%}",
    )


def _decisions(
    policy: Any, record: Record, limits: LimitsOn | None = None, *, delivered: bool = True
) -> list[np.ndarray]:
    """Decide week by week on a record, and return all budgets."""
    state, draws = policy.init(record.brief), _draws(policy, record)
    rates = []
    for tick in WEEKS:
        seen = record.observe(tick, limits, delivered=delivered)
        state = policy.update(state, seen)
        rates.append(policy.act(state, seen, draws.at(tick)))
        require_shape(f"{_name(policy)}: act()", "budgets", rates[-1], record.brief.shape, "(R, C)")
        require_amounts(_name(policy), "budgets", rates[-1])
    return rates


def _draws(policy: Any, record: Record) -> Draws:
    return Draws(1, f"budget/{policy.kind}", record.ids)


def _name(policy: Any) -> str:
    return f"policy {policy.kind!r}"


def _require_sound(
    policy: Any, record: Record, limits: LimitsOn | None = None, *, delivered: bool = True
) -> None:
    """Run on a record; what comes out is checked, and what is raised is a broken contract."""
    try:
        _decisions(policy, record, limits, delivered=delivered)
    except (ArithmeticError, ValueError, LookupError, RuntimeWarning) as error:
        raise ContractError(f"{_name(policy)}: raised {type(error).__name__}: {error}") from error


def _require_within(who: str, rate: np.ndarray, limits: Limits) -> None:
    for word, bad in _outside(rate, limits):
        rows = np.flatnonzero(bad).tolist()
        require(not rows, f"{who}: budgets {word} in rows {rows}; move them inside before returning")


def _outside(rate: np.ndarray, limits: Limits) -> Iterator[tuple[str, np.ndarray]]:
    slack = TOLERANCE * rate.sum(axis=1)
    yield "fall below limits.lower", (rate < limits.lower - slack[:, None]).any(axis=1)
    yield "exceed limits.upper", (rate > limits.upper + slack[:, None]).any(axis=1)
    yield "exceed limits.total", rate.sum(axis=1) > limits.total + slack
    for group in limits.groups:
        joint = rate[:, group.members].sum(axis=1)
        broken = (joint < group.lower - slack) | (joint > group.upper + slack)
        yield f"break the limits of group {group.name!r}", broken
