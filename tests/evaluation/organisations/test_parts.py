"""Mixtures, assumptions and gaps are organisations that a file could describe."""

from __future__ import annotations

import numpy as np
import pytest

from aicmo.core.estimate import Estimate
from aicmo.evaluation.organisations.assumptions import ASSUMPTIONS, FACTORS, varied
from aicmo.evaluation.organisations.gaps import gaps
from aicmo.evaluation.organisations.models import plain, read
from aicmo.evaluation.organisations.parts import PARTS, coalitions, fields, mixed, part_of
from aicmo.evaluation.organisations.programme import first_use, payback, quarters
from aicmo.evaluation.organisations.scorecard import SCORECARD
from aicmo.evaluation.organisations.scores import BEYOND, OPEN, REACHED, SHORT, verdict
from aicmo.evaluation.organisations.tracks import age
from aicmo.scenario.capabilities import Conditions
from aicmo.scenario.operating_models import operating_models
from aicmo.simulation.organisation import NEVER

MODELS = {name: read({"preset": name}) for name in operating_models()}
ABOUT = {"preset": None, "name": "", "description": ""}


def test_every_field_of_an_organisation_is_in_one_part() -> None:
    found = {part_of(*field) for owner in MODELS.values() for field in fields(plain(owner))}
    assert found == set(PARTS)


@pytest.mark.parametrize(("one", "other"), [("it_led", "shared"), ("nobody_led", "cmo_led")])
def test_a_mixture_goes_from_one_organisation_to_the_other(one: str, other: str) -> None:
    before, after = MODELS[one], MODELS[other]
    mixtures = [read(mixed(before, after, on)) for on in coalitions()]
    assert mixtures[0] == before.model_copy(update=ABOUT | {"name": "organisation"})
    assert mixtures[-1] == after.model_copy(update=ABOUT | {"name": "organisation"})
    assert all(
        owner.conditions.autonomy in (before.conditions.autonomy, after.conditions.autonomy)
        for owner in mixtures
    )


@pytest.mark.parametrize("assumption", ASSUMPTIONS)
def test_an_assumption_changes_some_model_and_is_undone_by_its_inverse(assumption: str) -> None:
    changed = 0
    for owner in MODELS.values():
        both = [read(varied(owner, assumption, factor)) for factor in FACTORS.values()]
        changed += any(other != owner for other in both)
        back = read(varied(both[1], assumption, 0.5))
        for name in ("conditions", "decision", "stack", "it"):
            own, again = getattr(owner, name).model_dump(), getattr(back, name).model_dump()
            assert own == pytest.approx(again), name
    assert changed > 0


def test_a_gap_closed_is_another_organisation_and_a_capability_now_is_its_condition() -> None:
    for owner in MODELS.values():
        for gap in gaps(owner):
            closed = read(gap.written)
            assert closed != owner, gap.name
            if gap.without is not None:
                assert gap.name not in read(gap.without).programme.roadmap
                brought = owner.capabilities[gap.name].brings.values  # type: ignore[index]  # names of the road map
                assert (
                    brought.items()
                    <= {
                        name: float(getattr(closed.conditions, name)) for name in Conditions.model_fields
                    }.items()
                )


def test_conditions_that_move_a_measure_exist() -> None:
    known = set(Conditions.model_fields)
    assert all(set(measure.moved_by) <= known for measure in SCORECARD)
    assert len({measure.name for measure in SCORECARD}) == len(SCORECARD)


@pytest.mark.parametrize(("period", "delay"), [(7, 0), (7, 3), (28, 10)])
def test_the_age_of_data_is_delay_and_half_a_period(period: int, delay: int) -> None:
    decided = np.arange(0, 28 * 12, period)
    engaged = np.repeat((decided + delay)[:, None], 2, axis=1)
    found = age(decided, engaged, range(28 * 4, 28 * 11))
    np.testing.assert_allclose(found, delay + period / 2)


def test_data_behind_what_was_declined_gets_older() -> None:
    decided = np.array([0, 7, 14])
    engaged = np.array([[0, 0], [7, NEVER], [14, 14]])
    first, second = age(decided, engaged, range(7, 14))
    assert second == first + 7.0


@pytest.mark.parametrize(
    ("promised", "low", "high", "said"),
    [
        ((0.3, 1.0), 0.31, 0.4, REACHED),
        ((0.3, 1.0), 0.1, 0.2, SHORT),
        ((0.3, 1.0), 0.2, 0.4, OPEN),
        ((-0.4, -0.2), -0.3, -0.25, REACHED),
        ((-0.4, -0.2), -0.6, -0.5, BEYOND),
        ((-0.4, -0.2), -0.1, 0.1, SHORT),
        ((0.0, 1.0), 0.2, 0.5, REACHED),
        ((0.0, 1.0), 2.0, 3.0, SHORT),
    ],
)
def test_a_verdict_goes_by_the_interval(
    promised: tuple[float, float], low: float, high: float, said: str
) -> None:
    assert verdict(promised, Estimate(0.5 * (low + high), low, high, 0.9)) == said


def test_a_programme_pays_back_when_it_is_never_behind_again() -> None:
    assert payback(np.array([[-1.0, 1.0, -1.0, 2.0, 3.0]])) == {"week": 3}
    assert payback(np.array([[1.0, 1.0]])) == {"week": 0}
    assert payback(np.array([[1.0, -1.0]]))["week"] is None


def test_quarters_and_first_use() -> None:
    weekly = np.ones((2, 30))
    assert quarters(weekly).tolist() == [[13.0, 13.0], [13.0, 13.0], [4.0, 4.0]]
    use = np.array([[0.0, 0.0], [0.5, 0.0]])
    assert first_use(use)[0] == 1.0
    assert np.isnan(first_use(use)[1])
