"""What must hold between the sections of a scenario. A check is a function of the sections that it names.

Only checks whose sections are all valid run, so that a slip in one place does not hide another elsewhere.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from aicmo.scenario.calendar import DAY, YEAR, Budget, Calendar
from aicmo.scenario.conflicts import conflicts
from aicmo.scenario.market import Market
from aicmo.scenario.measurement import Measurement
from aicmo.scenario.names import Finding
from aicmo.scenario.problems import Path
from aicmo.scenario.quantities import minutes, spell_minutes
from aicmo.scenario.teams import TeamSpec

WEEK = 7 * DAY


def findings(sections: Mapping[str, Any]) -> Iterator[Finding]:
    """Run every check whose sections are there."""
    for check in CHECKS:
        wanted = inspect.signature(check).parameters
        if all(name in sections for name in wanted):
            yield from check(*(sections[name] for name in wanted))


def tick(calendar: Calendar) -> Iterator[Finding]:
    """A tick is a part of a day or whole days, so that every day and week begins with one."""
    length = calendar.tick
    if not 60 <= length <= WEEK:
        yield ("calendar", "tick"), f"expected a tick between 1h and 1w, got {spell_minutes(length)}"
    elif DAY % length and length % DAY:
        said = f"expected a tick that divides a day, or whole days, got {spell_minutes(length)}"
        yield ("calendar", "tick"), f"{said}. Try 1h, 6h, 1d or 1w."


def spans(calendar: Calendar) -> Iterator[Finding]:
    """Horizon and history are whole ticks, the horizon at least one, the history four quarters or explained."""
    for name, length in (("horizon", calendar.horizon), ("history", calendar.history)):
        if calendar.tick and length % calendar.tick:
            said = f"expected whole ticks of {spell_minutes(calendar.tick)}, got {spell_minutes(length)}"
            yield ("calendar", name), said
    if calendar.horizon < calendar.tick:
        yield ("calendar", "horizon"), f"expected at least one tick, got {spell_minutes(calendar.horizon)}"
    if calendar.history < YEAR and not calendar.short_history.strip():
        said = f"expected at least four quarters (52w), got {spell_minutes(calendar.history)}"
        cure = "With less, policies have not seen every season; say why under calendar.short_history."
        yield ("calendar", "history"), f"{said}. {cure}"
    try:
        _ = calendar.first_day, calendar.end
    except OverflowError:
        yield ("calendar", "start"), "history and horizon must lie between the years 1 and 9999"


def amounts(calendar: Calendar, budget: Budget) -> Iterator[Finding]:
    """Budgets are one amount, or one for each period."""
    for name, length, given in (
        ("periods", calendar.horizon, budget.periods),
        ("history", calendar.history, budget.history),
    ):
        parts = len(calendar.edges(length)) - 1 if calendar.tick else 1
        if given is not None and len(given) not in {1, parts}:
            said = f"expected one amount, or one for each of the {parts} periods ({calendar.periods})"
            yield ("budget", name), f"{said}, got {len(given)}"


def latency(calendar: Calendar, measurement: Measurement, teams: Mapping[str, TeamSpec]) -> Iterator[Finding]:
    """A latency shorter than a tick could not be told from none."""
    stacks: list[tuple[Path, Measurement]] = [(("measurement",), measurement)]
    stacks += [(("teams", name, "data"), team.data.over(measurement)) for name, team in teams.items()]
    for path, stack in stacks:
        if 0 < stack.latency < calendar.tick:
            said = f"expected 0d or at least a tick ({spell_minutes(calendar.tick)})"
            yield (*path, "latency"), f"{said}, got {spell_minutes(stack.latency)}"
        if stack.lag_end < stack.lag_half_life:
            said = f"expected at least lag_half_life ({spell_minutes(stack.lag_half_life)})"
            yield (*path, "lag_end"), f"{said}, got {spell_minutes(stack.lag_end)}"


def cadences(calendar: Calendar, teams: Mapping[str, TeamSpec]) -> Iterator[Finding]:
    """Agents decide at whole ticks, or once a budget period."""
    for name, team in teams.items():
        for agent in team.agents:
            said = _cadence(agent.cadence, calendar.tick)
            if said:
                yield ("teams", name, agent.seat, "cadence"), said


def _cadence(text: str, tick: int) -> str:
    if text == "period":
        return ""
    try:
        length = minutes(text)
    except ValueError as error:
        return f"{error}, or 'period'"
    if length == 0 or length % tick:
        return f"expected whole ticks of {spell_minutes(tick)}, at least one, or 'period', got {text!r}"
    return ""


def dates(calendar: Calendar, market: Market) -> Iterator[Finding]:
    """Events and campaigns happen within history and horizon, and end after they begin."""
    for i, event in enumerate(market.events):
        yield from _within(calendar, date.fromisoformat(event.start), ("market", "events", i, "start"))
        if event.duration == 0:
            yield ("market", "events", i, "duration"), "expected some time, got 0d"
    for i, campaign in enumerate(market.campaigns):
        start, stop = (day and date.fromisoformat(day) for day in (campaign.start, campaign.stop))
        if start is not None and start >= calendar.end:
            yield from _within(calendar, start, ("market", "campaigns", i, "start"))
        if stop is not None and stop <= max(filter(None, (calendar.first_day, start))):
            said = "expected a day after the campaign and the history begin"
            yield ("market", "campaigns", i, "stop"), f"{said}, got {stop}"


def _within(calendar: Calendar, day: date, path: Path) -> Iterator[Finding]:
    if not calendar.first_day <= day < calendar.end:
        said = f"expected a day between {calendar.first_day} (the history begins) and {calendar.end}"
        yield path, f"{said} (the horizon ends), got {day}"


def seasons(market: Market) -> Iterator[Finding]:
    """A season has something to divide by, and media are never free."""
    for noun, name, owners in (
        ("segments", "season", [segment.season for segment in market.segments]),
        ("channels", "price_season", [channel.price_season for channel in market.channels]),
    ):
        for i, season in enumerate(owners):
            for part in ("months", "weekdays") if season else ():
                values = getattr(season, part)
                if name == "price_season" and min(values) == 0:
                    yield (
                        ("market", noun, i, name, part),
                        "expected prices above 0, got 0: media are never free",
                    )
                elif sum(values) == 0:
                    yield ("market", noun, i, name, part), "expected at least one above 0, got only 0"


CHECKS: tuple[Callable[..., Iterator[Finding]], ...] = (
    tick,
    spans,
    amounts,
    latency,
    cadences,
    dates,
    seasons,
    conflicts,
)
