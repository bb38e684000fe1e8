"""What must hold between the sections of a scenario. A check is a function of the sections that it names.

Only checks whose sections are all valid run, so that a slip in one place does not hide another elsewhere.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from aicmo.guardrails import Guardrail
from aicmo.scenario.calendar import YEAR, Budget, Calendar
from aicmo.scenario.conflicts import conflicts
from aicmo.scenario.market import Market
from aicmo.scenario.measurement import Measurement
from aicmo.scenario.names import Finding, name_findings
from aicmo.scenario.problems import Path
from aicmo.scenario.quantities import minutes, spell_minutes
from aicmo.scenario.studio import Studio, TeamStudio
from aicmo.scenario.teams import DataStack, TeamSpec

LONGEST_SPAN = 50 * YEAR
Check = Callable[..., Iterator[Finding]]


def findings(plain: Any, sections: Mapping[str, Any]) -> list[Finding]:
    """Check names, then what must hold between sections.

    Parameters
    ----------
    plain : Any
        The scenario as mappings and tuples, valid or not.
    sections : mapping
        Its sections that are valid by themselves.
    """
    return [*name_findings(plain), *_run(CHECKS, sections)]


def collisions(sections: Mapping[str, Any]) -> list[Finding]:
    """Find guardrails that cannot all hold; only worth asking where `findings` has none."""
    return list(_run((conflicts,), sections))


def _run(checks: Iterable[Check], sections: Mapping[str, Any]) -> Iterator[Finding]:
    for check in checks:
        wanted = inspect.signature(check).parameters
        if all(name in sections for name in wanted):
            yield from check(*(sections[name] for name in wanted))


def spans(calendar: Calendar) -> Iterator[Finding]:
    """Want whole ticks in horizon and history, and a history of four quarters or an explanation."""
    for name, length in (("horizon", calendar.horizon), ("history", calendar.history)):
        if length > LONGEST_SPAN:
            yield ("calendar", name), f"expected at most 50 years (2600w), got {spell_minutes(length)}"
        if length % calendar.tick:
            said = f"expected whole ticks of {spell_minutes(calendar.tick)}, got {spell_minutes(length)}"
            yield ("calendar", name), said
    if calendar.horizon < calendar.tick:
        yield ("calendar", "horizon"), f"expected at least one tick, got {spell_minutes(calendar.horizon)}"
    if calendar.history < YEAR and not calendar.short_history.strip():
        said = f"expected at least four quarters (52w), got {spell_minutes(calendar.history)}"
        cure = "With less, policies have not seen every season; say why under calendar.short_history."
        yield ("calendar", "history"), f"{said}. {cure}"


def amounts(calendar: Calendar, budget: Budget) -> Iterator[Finding]:
    """Budgets are one amount, or one for each period."""
    for name, length, given in (
        ("periods", calendar.horizon, budget.periods),
        ("history", calendar.history, budget.history),
    ):
        parts = len(calendar.edges(length)) - 1
        if given is not None and len(given) not in {1, parts}:
            said = f"expected one amount, or one for each of the {parts} periods ({calendar.periods})"
            yield ("budget", name), f"{said}, got {len(given)}"


def latency(calendar: Calendar, measurement: Measurement, teams: Mapping[str, TeamSpec]) -> Iterator[Finding]:
    """Refuse a latency shorter than a tick: it could not be told from none."""
    stacks: list[tuple[Path, Measurement]] = [(("measurement",), measurement)]
    own = {name: team.data for name, team in teams.items() if team.data != DataStack()}
    stacks += [(("teams", name, "data"), data.over(measurement)) for name, data in own.items()]
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
        path: Path = ("market", "campaigns", i)
        start = calendar.first_day if campaign.start is None else date.fromisoformat(campaign.start)
        if start >= calendar.end:
            yield from _within(calendar, start, (*path, "start"))
        if campaign.stop is not None and date.fromisoformat(campaign.stop) <= max(start, calendar.first_day):
            said = "expected a day after the campaign and the history begin"
            yield (*path, "stop"), f"{said}, got {campaign.stop}"


def _within(calendar: Calendar, day: date, path: Path) -> Iterator[Finding]:
    if not calendar.first_day <= day < calendar.end:
        said = f"expected a day between {calendar.first_day} (the history begins) and {calendar.end}"
        yield path, f"{said} (the horizon ends), got {day}"


def seasons(market: Market) -> Iterator[Finding]:
    """Want something to divide a season by, and media that are never free."""
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


def studios(market: Market, studio: Studio | None, teams: Mapping[str, TeamSpec]) -> Iterator[Finding]:
    """Want creatives in the market for a studio to make, and a company's studio for a team to differ from."""
    if studio is not None and market.creative is None:
        yield ("studio",), "a studio makes creatives, and this market has none. Add market.creative"
    for name, team in teams.items():
        if team.studio != TeamStudio() and studio is None:
            said = (
                "expected the company's studio, from which this team's differs. Add 'studio:' to the scenario"
            )
            yield ("teams", name, "studio"), said


def hours(market: Market) -> Iterator[Finding]:
    """Want an effect for every part of the day, and parts of the day where a channel has effects."""
    parts = 0 if market.dayparts is None else len(market.dayparts.names)
    for i, channel in enumerate(market.channels):
        if channel.dayparts and (len(channel.dayparts) != parts or not any(channel.dayparts)):
            said = f"expected one for each of the {parts} parts of market.dayparts, not all 0"
            yield ("market", "channels", i, "dayparts"), f"{said}, got {list(channel.dayparts)}"


def levers(market: Market, studio: Studio | None, guardrails: Sequence[Guardrail]) -> Iterator[Finding]:
    """Want for a guardrail of another seat than money's what that seat decides about."""
    there = {
        "breadth": (market.targets, "no channel has targeting, so nobody chooses a breadth"),
        "frequency": (market.creative is not None, "nobody counts exposures. Add market.creative"),
        "studio": (studio is not None, "nothing can be ordered. Add 'studio:' to the scenario"),
    }
    for i, guardrail in enumerate(guardrails):
        matters, said = there.get(guardrail.kind, (True, ""))
        if not matters:
            yield ("guardrails", i), f"guardrail {guardrail.kind!r} limits nothing: {said}"


CHECKS: tuple[Check, ...] = (spans, amounts, latency, cadences, dates, seasons, studios, hours, levers)
