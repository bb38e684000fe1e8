"""The assumptions about organisations, and what each is when it is halved or doubled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aicmo.evaluation.organisations.models import plain
from aicmo.scenario.organisation import Organisation
from aicmo.scenario.quantities import minutes, spell_minutes

FACTORS: Mapping[str, float] = {"halved": 0.5, "doubled": 2.0}
STEPS = ("collect", "unify", "understand", "engage")
ROLES = ("head", "strategist", "technical_lead", "operations_manager")

# Name → fields, in which `*` is every element. What belongs to one story moves together.
ASSUMPTIONS: Mapping[str, tuple[str, ...]] = {
    "steps of the loop on the first day": tuple(f"conditions.{step}" for step in STEPS),
    "autonomy on the first day": ("conditions.autonomy",),
    "match rate on the first day": ("conditions.match",),
    "consent on the first day": ("conditions.consent",),
    "profiles addressed on the first day": ("conditions.addressed",),
    "incidents that review prevents": ("conditions.prevented",),
    "time to a signature": ("decision.sign_off",),
    "decisions declined": ("decision.declines",),
    "hand-overs between vendors": ("stack.latency", "stack.repair", "stack.failure"),
    "IT's backlog and load": ("it.backlog", "it.requests_per_quarter"),
    "security review": ("it.review",),
    "integration work": ("capabilities.*.integration",),
    "work at the other gates": tuple(
        f"capabilities.*.{gate}" for gate in ("define", "users", "test", "measure", "training")
    ),
    "work beside the job": ("centre.beside",),
    "claims of others on the centre": ("centre.requests_per_quarter",),
    "salaries of the centre": tuple(f"centre.{role}.pay" for role in ROLES),
    "prices of tools and integration": ("capabilities.*.licence", "it.cost"),
    "use of what nobody planned": ("programme.unplanned",),
}
SHARES = ("autonomy", "match", "consent", "addressed", "prevented", "declines", "failure", "unplanned")
"""Fields of which the odds are halved or doubled, so that a share stays one; 0 and 1 stay what they are."""
LEAST: Mapping[str, float] = {"beside": 1.0}
"""Work beside the job takes no less time than work that is the job."""


def varied(owner: Organisation, assumption: str, factor: float) -> dict[str, Any]:
    """Write an organisation with one assumption multiplied by a factor."""
    written = plain(owner)
    for path in ASSUMPTIONS[assumption]:
        for holder, field in _places(written, path.split(".")):
            holder[field] = scaled(field, holder[field], factor)
    return written


def _places(value: Any, path: list[str]) -> Iterator[tuple[dict[str, Any], str]]:
    first, *rest = path
    if not rest:
        yield value, first
        return
    for step in value if first == "*" else (first,):
        yield from _places(value[step], rest)


def scaled(field: str, value: Any, factor: float) -> Any:
    """Multiply a duration, a number, or the odds of a share.

    >>> scaled("sign_off", "16h", 0.5), scaled("match", 0.5, 2.0), scaled("requests_per_quarter", 5.0, 2.0)
    ('8h', 0.6666666666666666, 10.0)
    """
    if isinstance(value, str):
        return spell_minutes(round(minutes(value) * factor))
    if field in SHARES:
        return factor * value / (1.0 + (factor - 1.0) * value)
    return max(value * factor, LEAST.get(field, 0.0))
