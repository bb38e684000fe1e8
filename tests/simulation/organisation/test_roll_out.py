"""Roll-out: gates in order, as many at once as allowed, used by who was trained, retired where nobody is."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from aicmo.scenario.operating_models import operating_models
from aicmo.simulation.organisation import GATES
from tests.simulation.organisation.companies import WEEK, lived, of, organisation

ONE_BY_ONE = GATES[: GATES.index("live") + 1]


@pytest.mark.parametrize("model", operating_models())
def test_gates_are_passed_in_order_each_after_the_one_before(model: str) -> None:
    record = lived(organisation(preset=model), worlds=6, weeks=156)
    passed = 0
    for world in range(6):
        for name in record.capabilities:
            way = [v for v in of(record, world, subject=name) if v.gate in ONE_BY_ONE]
            stages = [ONE_BY_ONE.index(v.gate) for v in way]
            assert stages == sorted(stages)
            for before, after in pairwise(way):
                assert before.done == after.asked
            passed += bool(of(record, world, subject=name, gate="live"))
            after_live = [v for v in of(record, world, subject=name) if v.gate not in ONE_BY_ONE]
            live = of(record, world, subject=name, gate="live")
            assert all(v.asked >= (live[0].done or 0) for v in after_live)
    assert passed > 0


@pytest.mark.parametrize("model", ["ceo_led", "cmo_led"])
def test_no_more_is_under_way_than_is_allowed(model: str) -> None:
    terms = organisation(preset=model)
    record = lived(terms, worlds=6, weeks=156)
    for world in range(6):
        spans = []
        for name in record.capabilities:
            way = of(record, world, subject=name)
            live = of(record, world, subject=name, gate="live")
            if way:
                spans.append((way[0].asked, live[0].asked if live else 156 * WEEK))
        for begins, _ in spans:
            assert sum(a <= begins < b for a, b in spans) <= terms.programme.parallel


def test_live_and_use_begin_when_the_record_says_so_and_not_before() -> None:
    record = lived_with_ticks()
    for world in range(3):
        for number, name in enumerate(record.capabilities):
            live = of(record, world, subject=name, gate="live")
            trained = [v.done for v in of(record, world, subject=name, gate="train") if v.done]
            for tick in range(0, 104 * 7, 5):
                is_live = bool(live) and (live[0].done or 0) <= tick * 1440
                users = sum(done <= tick * 1440 for done in trained)
                assert record.live[tick, world, number] == is_live
                assert record.use[tick, world, number] == pytest.approx(users / SEATS[name])


TERMS = organisation(preset="cmo_led", programme={"reassess": "0d"})
SEATS = {str(name): capability.seats for name, capability in TERMS.capabilities.items()}


def lived_with_ticks() -> Any:
    return lived(TERMS, worlds=3, each_tick=True)


def test_who_names_no_users_before_buying_has_a_third_of_them_and_duplicates_take_more() -> None:
    """Users find a tool with the stated probability; one of those that overlap works on shared data."""
    shares = {}
    for overlap in (1, 2):
        said: dict[str, Any] = {"programme": {"roadmap": ("personalisation",), "purpose_first": False}}
        said |= {"tools": {"overlap": overlap}, "capabilities": {"personalisation": QUICK}}
        record = lived(organisation(**said), worlds=400, weeks=4, each_tick=True)
        shares[overlap] = record.use[-1].mean()
    assert shares[1] == pytest.approx(0.3, abs=0.03)
    assert shares[2] == pytest.approx(0.15, abs=0.025)


QUICK = dict.fromkeys(("define", "users", "test", "integration", "measure", "training"), "0d")


def test_a_reassessment_retires_what_is_hardly_used() -> None:
    said: dict[str, Any] = {
        "programme": {
            "roadmap": ("personalisation",),
            "purpose_first": False,
            "unplanned": 0.5,
            "least_use": 0.5,
            "reassess": "10w",
        },
        "capabilities": {"personalisation": QUICK},
    }
    record = lived(organisation(**said), worlds=60, weeks=30, each_tick=True)
    before, after = record.use[69, :, 0], record.use[71, :, 0]
    retired = before < 0.5
    assert 0 < retired.sum() < 60
    np.testing.assert_array_equal(after, np.where(retired, 0.0, before))
    np.testing.assert_array_equal(record.live[71, :, 0], ~retired)
    assert {v.world for v in record.visits if v.gate == "retired"} == set(np.flatnonzero(retired).tolist())


def test_one_platform_is_integrated_faster_than_five_vendors_and_reuse_spares_work() -> None:
    def work(**said: Any) -> dict[str, int]:
        record = lived(organisation(preset="cmo_led", **said), worlds=1, weeks=300)
        return {v.subject: v.work for v in of(record, 0, gate="integration")}

    one, five = work(stack={"vendors": 1}), work(stack={"vendors": 5})
    assert five["consent_platform"] == 5 * one["consent_platform"]  # the first one: nothing to reuse yet
    spared = work(programme={"reuse": 0.5, "parallel": 1})
    plain = work(programme={"reuse": 0.0, "parallel": 1})
    assert [plain[name] / spared[name] for name in plain] == pytest.approx(
        [2.0**n for n in range(len(plain))], rel=1e-3
    )


def test_a_capability_scoped_at_fourteen_months_is_live_after_about_eighteen() -> None:
    """The story that defaults are to reproduce: a composable stack of five vendors in an enterprise."""
    terms = organisation(preset="cmo_led", stack={"vendors": 5})
    what = terms.capabilities["identity_resolution"]
    scope = what.define + what.users + what.test + terms.it.review + 5 * what.integration
    month = 52 * WEEK / 12
    record = lived(terms, worlds=300, weeks=156)
    live = [v.asked for v in record.visits if v.subject == "identity_resolution" and v.gate == "live"]
    assert len(live) == 300
    assert scope / month == pytest.approx(14, abs=0.25)
    assert np.mean(live) / month == pytest.approx(18, abs=0.75)
