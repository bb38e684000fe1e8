"""Working time against counting minutes one by one."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from aicmo.simulation.working_time import DAY, WorkingTime

MONDAY = date(2025, 1, 6)
OFFICE = WorkingTime(MONDAY, 9 * 60, 17 * 60, frozenset(range(5)))
HOURS = st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda pair: pair[0] < pair[1])


def counted(hours: WorkingTime, minute: int, work: int) -> int:
    """Walk minute by minute until the work is done."""
    while True:
        day, time = divmod(minute, DAY)
        working = (hours.first.weekday() + day) % 7 in hours.weekdays and hours.opens <= time < hours.closes
        if working and work == 0:
            return minute
        minute, work = minute + 1, work - working
        if working and work == 0:
            return minute


@given(
    first=st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    hours=HOURS,
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    minute=st.integers(-20_000, 20_000),
    work=st.integers(0, 9_000),
)
def test_it_is_what_counting_minutes_gives(
    first: date, hours: tuple[int, int], weekdays: frozenset[int], minute: int, work: int
) -> None:
    time = WorkingTime(first, 60 * hours[0], 60 * hours[1], weekdays)
    assert time.after(minute, work) == counted(time, minute, work)


def test_a_request_on_friday_evening_is_answered_on_monday() -> None:
    friday_evening = 4 * DAY + 18 * 60
    assert OFFICE.after(friday_evening, 60) == 7 * DAY + 10 * 60


def test_a_year_of_work_takes_no_longer_to_find_than_a_day() -> None:
    assert OFFICE.after(0, 1_000_000 * OFFICE.per_week) == (1_000_000 - 1) * 7 * DAY + 4 * DAY + 17 * 60
