"""Session: the same kernel run to its end, or step by step with a seat open."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.messages import Observation
from aicmo.policies.equal_split import EqualSplit
from aicmo.scenario.presets import UnknownTeamError
from aicmo.simulation import Session, simulate
from aicmo.simulation.ledger import FIELDS, Ledger
from tests.simulation.worlds import busy, still


def assert_same(left: Ledger, right: Ledger) -> None:
    for field in FIELDS:
        np.testing.assert_array_equal(left[field.name], right[field.name], err_msg=field.name)


def stepped(session: Session, steps: int = 10_000) -> list[tuple[Observation, np.ndarray, bool]]:
    """Answer with the decision in force until the end."""
    observation = session.reset()
    path: list[tuple[Observation, np.ndarray, bool]] = []
    while not session.done and len(path) < steps:
        path.append(session.step(observation.current))
        observation = path[-1][0]
    return path


def test_stepping_with_a_policys_answers_is_the_policys_run() -> None:
    scenario, policy = busy(), EqualSplit()
    session = Session(scenario, 3, seed=5, open_seat="budget")
    observation, state = session.reset(), policy.init(session.world.brief)
    while not session.done:
        observation, _, _ = session.step(policy.act(state, observation, None))  # type: ignore[arg-type]  # no luck in it
    assert_same(session.ledger, simulate(scenario, "equal_split", 3, seed=5).ledger)


def test_it_stops_once_a_decision_and_says_when_it_is_done() -> None:
    session = Session(busy(), 2, open_seat="budget", cadence="1w")
    first = session.reset()
    assert first.tick == 0
    path = stepped(session)
    assert [seen.tick for seen, _, _ in path[:-1]] == list(range(7, 98, 7))
    assert [done for _, _, done in path] == [False] * 13 + [True]
    assert session.done
    with pytest.raises(ValueError, match="the session is over: call reset"):
        session.step(first.current)


@pytest.mark.parametrize(("cadence", "steps"), [("1d", 98), ("2w", 7), ("period", 3)])
def test_the_open_seat_is_asked_on_its_cadence(cadence: str, steps: int) -> None:
    assert len(stepped(Session(busy(), 2, open_seat="budget", cadence=cadence))) == steps


def test_reset_begins_again_with_the_same_bits() -> None:
    session = Session(busy(), 2, seed=4, open_seat="budget")
    first = [reward for _, reward, _ in stepped(session)]
    ledger = session.ledger
    again = [reward for _, reward, _ in stepped(session)]
    np.testing.assert_array_equal(first, again)
    assert_same(ledger, session.ledger)
    stepped(session, steps=3)  # a reset in the middle of a run
    np.testing.assert_array_equal(first, [reward for _, reward, _ in stepped(session)])


def test_rewards_are_what_became_known_and_nothing_else() -> None:
    session = Session(busy(), 3, open_seat="budget", cadence="1d")
    seen = session.reset()
    value, earned = session.world.brief.value, []
    before = (seen.unified * value - seen.spend).sum(axis=(0, 2))
    while not session.done:
        seen, reward, _ = session.step(seen.current)
        now = (seen.unified * value - seen.spend).sum(axis=(0, 2))
        np.testing.assert_allclose(reward, now - before, rtol=1e-9, atol=1e-6)
        before = now
        earned.append(reward)
    # latency of two days: the last two days' spend is not in any reward yet
    ledger = session.ledger
    hidden = ledger["spend"][-2:].sum(axis=(0, 2))
    matured = (ledger["unified"] * value).sum(axis=(0, 2)) - ledger["spend"].sum(axis=(0, 2)) + hidden
    assert (np.abs(np.sum(earned, axis=0) - matured) < 0.2 * ledger["spend"].sum(axis=(0, 2))).all()


def test_an_observation_stays_what_it_was_when_handed_out() -> None:
    session = Session(busy(), 2, open_seat="budget", cadence="1d")
    seen = session.reset()
    kept = {
        name: getattr(seen, name).copy() for name in ("spend", "claimed", "unified", "orders", "maturity")
    }
    stepped_on = seen
    for _ in range(20):
        stepped_on, _, _ = session.step(stepped_on.current)
    for name, values in kept.items():
        np.testing.assert_array_equal(getattr(seen, name), values, err_msg=name)


def test_the_pacing_seat_can_be_filled_by_hand() -> None:
    scenario = still()
    session = Session(scenario, 2, team=EqualSplit(), open_seat="pacing", cadence="1d")
    session.reset()
    for day in range(98):
        session.step(np.full((2, 3), 1.2 if day % 2 else 0.8))
    assert session.done
    planned = session.ledger["planned"][:33, 0, 0]
    np.testing.assert_allclose(planned[1:28:2] / planned[:28:2], 1.5, rtol=0.1)


def test_a_wrong_shape_is_named_with_its_likely_cause() -> None:
    session = Session(busy(), 2, open_seat="budget")
    current = session.reset().current
    with pytest.raises(
        ValueError, match=r"a budget of shape \(2, 4\) = \(R, C\), got \(4, 2\). Transposed\?"
    ):
        session.step(current.T)
    with pytest.raises(ValueError, match=r"got \(4,\)\.$"):
        session.step(current[0])
    assert not session.done


def test_run_and_step_tell_each_other_apart() -> None:
    with pytest.raises(
        ValueError, match=r"seat 'budget' is open: call reset\(\) and step\(action\), not run\(\)"
    ):
        Session(busy(), 2, open_seat="budget").run()
    session = Session(still(), 2)
    for act in (session.reset, lambda: session.step(np.zeros((2, 3)))):
        with pytest.raises(ValueError, match="no seat is waiting: open one with Session"):
            act()


def test_stepping_before_reset_is_told_to_reset() -> None:
    session = Session(still(), 2, open_seat="budget")
    with pytest.raises(ValueError, match=r"call reset\(\)"):
        session.step(np.zeros((2, 3)))


@pytest.mark.parametrize("resolution", ["tick", "week"])
def test_running_twice_is_running_once(resolution: str) -> None:
    session = Session(still(), 2, team="last_year_share", resolution=resolution)  # type: ignore[arg-type]  # parametrised
    once = {field.name: session.run()[field.name].copy() for field in FIELDS}
    twice = session.run()
    for name, values in once.items():
        np.testing.assert_array_equal(twice[name], values, err_msg=name)


def test_simulate_says_what_it_ran_and_knows_names() -> None:
    ran = simulate(still(), "equal_split", replications=2, seed=9, resolution="week")
    assert (ran.team, ran.seed, ran.ledger.resolution) == ("equal_split", 9, "week")
    with pytest.raises(
        UnknownTeamError, match=r"no team or policy named 'equal_splitt'\. Did you mean 'equal_split'"
    ):
        simulate(still(), "equal_splitt")
