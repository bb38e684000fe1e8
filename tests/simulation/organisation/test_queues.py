"""Queues: known waits of M/M/1 and M/G/1, everybody is waiting, served or done, and who goes first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
import simpy

from aicmo.core.noise import Tape
from aicmo.scenario.operating_models import operating_models
from aicmo.scenario.organisation import ItDepartment as Terms
from aicmo.simulation.clock import Clock
from aicmo.simulation.organisation import Visit
from aicmo.simulation.organisation.arrivals import QUARTER, arrivals, named
from aicmo.simulation.organisation.it_department import ItDepartment
from aicmo.simulation.organisation.queue import Asked, Queue
from tests.simulation.organisation.companies import WEEK, lived, organisation

WORLDS, WEEKS = 150, 400
WARM = 100 * WEEK


def mean_wait(visits: list[Visit]) -> float:
    """Mean wait of those who came when the queue had forgotten its start, and not too late to be served."""
    settled = [v for v in visits if WARM <= v.asked < (WEEKS - 60) * WEEK]
    assert all(visit.began is not None for visit in settled)
    return float(np.mean([(visit.began or 0) - visit.asked for visit in settled]))


def test_exponential_service_waits_as_long_as_m_m_1() -> None:
    """ρ = .6: mean wait in the queue ρ / (μ − λ) = ρ / (1 − ρ) services (Kleinrock 1975)."""
    load, service = 0.6, WEEK
    clock, visits, until = Clock(0), list[Visit](), WEEKS * WEEK
    queue = Queue("desk", 1, clock, visits)
    times = arrivals(Tape(1, WORLDS), "customers", load * QUARTER / service, until)
    draws = Tape(1, WORLDS).constant_uniform("service", named("customer", times.shape[1]))
    work = np.maximum(np.rint(-service * np.log(draws)), 1).astype(int)

    def come(world: int) -> Generator[simpy.Event, Any, None]:
        for minute, size in zip(times[world].tolist(), work[world].tolist(), strict=True):
            yield clock.env.timeout(minute - clock.minute)
            clock.process(queue.visit(Asked(world, "other"), size))

    for world in range(WORLDS):
        clock.process(come(world))
    clock.env.run(until=until)
    assert mean_wait(visits) / service == pytest.approx(load / (1 - load), rel=0.06)


@pytest.mark.parametrize("spread", [0.0, 0.8])
def test_one_it_team_waits_as_long_as_pollaczek_and_khinchine_say(spread: float) -> None:
    """M/G/1: mean wait λ E[S²] / (2 (1 − ρ)); lognormal sizes have E[S] = m e^(σ²/2), E[S²] = m² e^(2σ²)."""
    mean, second = np.exp(spread**2 / 2), np.exp(2 * spread**2)
    load = 0.5
    terms = Terms.model_validate(
        {"teams": 1, "size": "1w", "spread": spread, "requests_per_quarter": 13 * load / mean}
    )
    clock, visits = Clock(0), list[Visit]()
    ItDepartment(terms, clock, Tape(2, WORLDS), visits, WEEKS * WEEK)
    clock.env.run(until=WEEKS * WEEK)
    expected = load / mean * second / (2 * (1 - load))
    assert mean_wait(visits) / WEEK == pytest.approx(expected, rel=0.08)


@pytest.mark.parametrize("model", operating_models())
def test_every_request_is_waiting_served_or_done_and_no_place_is_idle_while_somebody_waits(
    model: str,
) -> None:
    terms = organisation(preset=model)
    until = 90 * WEEK
    record = lived(terms, worlds=3, until=90)
    places = {"it": terms.it.teams - terms.it.dedicated, "it for marketing": terms.it.dedicated}
    for role in ("head", "strategist", "technical_lead", "operations_manager"):
        places[role] = getattr(terms.centre, role).people or 1
    by_queue = defaultdict(list)
    for visit in record.visits:
        assert visit.began is None or visit.asked <= visit.began
        assert visit.done is None or (visit.began is not None and visit.done == visit.began + visit.work)
        assert visit.began is None or visit.done is not None or visit.began + visit.work >= until
        by_queue[visit.world, visit.queue].append(visit)
    for (_, name), visits in by_queue.items():
        if name in places:
            assert_served_in_order(visits, places[name], until)


def assert_served_in_order(visits: list[Visit], places: int, until: int) -> None:
    """Whoever begins goes before all who wait; nobody waits while a place is free."""
    never = until + 1
    for visit in visits:
        began = never if visit.began is None else visit.began
        if began > visit.asked:
            held = [v for v in visits if v.began is not None and v.began <= visit.asked < v.began + v.work]
            assert len(held) >= places or any(v.asked == visit.asked for v in visits if v is not visit)
        if visit.began is None:
            continue
        inside = [v for v in visits if v.began is not None and v.began <= began < v.began + v.work]
        assert len(inside) <= places
        for other in visits:
            waits = other.asked < began and (other.began is None or other.began > began)
            assert not waits or other.priority >= visit.priority


@pytest.mark.parametrize(
    ("rank", "order"), [("first", ["marketing", "other"]), ("last", ["other", "marketing"])]
)
def test_marketing_stands_where_the_organisation_puts_it(rank: str, order: list[str]) -> None:
    """One team is busy for ten weeks; marketing asks in between, and so does somebody else."""
    clock, visits = Clock(0), list[Visit]()
    terms = Terms.model_validate(
        {"teams": 1, "size": "10w", "spread": 0.0, "backlog": "20w", "marketing": rank}
    )
    department = ItDepartment(terms, clock, Tape(1, 1), visits, 60 * WEEK)
    clock.process(department.integrate(0, "feed", 3 * WEEK))
    clock.env.run(until=60 * WEEK)
    served = sorted((visit.began or 0, visit.function) for visit in visits)
    assert [function for _, function in served][1:] == order
    assert [began for began, _ in served] == [0, 10 * WEEK, (13 if rank == "first" else 20) * WEEK]


def test_a_plan_of_the_year_takes_requests_once_a_year_and_embedded_people_take_them_at_once() -> None:
    clock, visits = Clock(0), list[Visit]()
    yearly = Terms.model_validate({"teams": 1, "intake": "52w"})
    embedded = Terms.model_validate({"teams": 2, "dedicated": 1, "backlog": "20w"})
    departments = [ItDepartment(terms, clock, Tape(1, 1), visits, 80 * WEEK) for terms in (yearly, embedded)]
    clock.env.run(until=5 * WEEK)
    for number, department in enumerate(departments):
        clock.process(department.integrate(0, f"{number}", WEEK))
    clock.env.run(until=80 * WEEK)
    began = {v.subject: v.began for v in visits if v.gate == "integration"}
    assert began == {"0": 52 * WEEK, "1": 5 * WEEK}


def test_what_waits_at_the_start_keeps_all_teams_busy_as_long_as_stated() -> None:
    terms = organisation(it={"teams": 3, "backlog": "10w", "requests_per_quarter": 0.0})
    record = lived(terms, worlds=50)
    for world in range(50):
        work = [v.work for v in record.visits if v.world == world]
        assert sum(work[:-1]) < 3 * 10 * WEEK <= sum(work)


def test_others_ask_the_same_whoever_owns_the_ai() -> None:
    """The tape knows no operating model: requests and sizes are those of the world."""
    asked = [
        [
            (v.world, v.asked, v.work)
            for v in lived(organisation(preset=model), worlds=3).visits
            if v.function == "other" and v.asked > 0
        ]
        for model in ("cmo_led", "ceo_led")
    ]
    assert asked[0]
    assert sorted(asked[0]) == sorted(asked[1])


def test_in_the_centre_revenue_goes_first_or_whoever_shouts() -> None:
    """By revenue, what marketing asks for at four times the median waits less than where loudness decides."""
    waits = {}
    for order in ("revenue", "loudness"):
        people = {"head": {"people": 1}, "technical_lead": {"people": 1}}
        centre = people | {"requests_per_quarter": 16.0, "order": order}
        only = {"roadmap": ("identity_resolution",)}
        record = lived(organisation(preset="cmo_led", centre=centre, programme=only), worlds=200)
        waits[order] = np.mean(
            [(v.began or 0) - v.asked for v in record.visits if v.gate == "test" and v.began is not None]
        )
    assert waits["revenue"] < 0.8 * waits["loudness"]
