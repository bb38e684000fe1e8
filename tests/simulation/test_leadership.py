"""Leadership: requests are answered in working time, once each, on their own row; nothing else waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from aicmo.core.noise import Tape
from aicmo.messages import Answer, Brief, Request
from aicmo.scenario.leadership import Leadership
from aicmo.simulation.clock import Clock
from aicmo.simulation.leadership import Desk
from tests.simulation.worlds import busy, world_of


def people(**terms: Any) -> Leadership:
    """Leadership as a scenario writes it; certain and willing unless it says otherwise."""
    return Leadership.model_validate({"spread": 0.0, "declines": 0.0} | terms)


PROMPT = people(answer="8h")


def brief(worlds: int) -> Brief:
    known = world_of(busy())[0].brief
    return replace(known, replications=worlds, start=date(2025, 1, 6), tick_minutes=1440)


def answers(
    terms: Leadership, worlds: int = 1, ask_at: tuple[int, ...] = (0,), seed: int = 1
) -> list[Answer]:
    """Ask in all worlds on the given days and wait long enough."""
    clock, known = Clock(0), brief(worlds)
    desk = Desk(terms, clock, known, Tape(seed, worlds))
    for day in ask_at:
        if day:
            clock.env.run(until=day * 1440)
        rate = np.full((worlds, 4), float(day))
        desk.ask(Request(day, rate, np.ones(worlds, dtype=bool)))
    clock.env.run(until=400 * 1440)
    return desk.collect()


def test_eight_hours_of_work_asked_on_monday_are_there_on_tuesday_morning() -> None:
    (answer,) = answers(PROMPT)
    assert (answer.world, answer.asked, answer.tick, answer.granted) == (0, 0, 1, True)


def test_over_a_weekend_nobody_answers() -> None:
    (answer,) = answers(people(answer="8h"), ask_at=(5,))
    assert answer.tick == 8
    (answer,) = answers(people(answer="48h"))
    assert answer.tick == 8  # six working days: Monday to Friday, and the Monday after


def test_a_world_has_one_request_open_and_may_ask_again_after_the_answer() -> None:
    slow = people(answer="40h")
    assert [answer.asked for answer in answers(slow, ask_at=(0, 2, 7, 10))] == [0, 7]


def test_half_of_the_answers_come_within_the_stated_time_and_the_stated_share_is_a_no() -> None:
    terms = people(answer="12h", spread=0.7, declines=0.2, hours=(0, 24))
    given = answers(terms, worlds=4000)
    assert len(given) == 4000
    late = np.mean([answer.tick > 1 for answer in given])  # more than 24 hours: ln 2 / 0.7 = .99 sd
    refused = np.mean([not answer.granted for answer in given])
    assert abs(late - 0.161) < 0.02
    assert abs(refused - 0.2) < 0.02


def test_what_people_answer_does_not_depend_on_the_batch() -> None:
    terms = people(answer="20h", spread=1.0, declines=0.3)
    whole = {answer.world: (answer.tick, answer.granted) for answer in answers(terms, worlds=32)}
    part = {answer.world: (answer.tick, answer.granted) for answer in answers(terms, worlds=5)}
    assert part == {world: whole[world] for world in range(5)}
