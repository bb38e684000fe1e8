"""The gaps of an organisation, as other organisations in which one of them is closed on the first day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aicmo.evaluation.organisations.models import plain
from aicmo.scenario.operating_models import shipped
from aicmo.scenario.organisation import Organisation
from aicmo.scenario.overlay import overlay

WEEK = 7 * 1440
UNPRICED = "what it takes is no part of the model: set the value beside your own offer"


@dataclass(frozen=True)
class Gap:
    """One thing that is not as it could be.

    Attributes
    ----------
    name, closed : str
        What is missing, and what closing it means.
    written : dict
        The organisation with it closed from the first day on.
    without : dict or None
        The organisation that never closes it; None where its programme does nothing about it.
    price : float or None
        Of closing it, as a share of the media budget of the horizon [1], and of a quarter's for what is paid
        once (`once`); None where the model knows none.
    """

    name: str
    closed: str
    written: dict[str, Any]
    without: dict[str, Any] | None = None
    price: float | None = None
    once: float = 0.0


def gaps(owner: Organisation) -> tuple[Gap, ...]:
    """List what an organisation lacks: capabilities first, then what slows everything."""
    return (*_capabilities(owner), *_frictions(owner))


def _capabilities(owner: Organisation) -> Iterator[Gap]:
    """Yield every capability on the road map: in full use from the first day, against never."""
    written = plain(owner)
    for name in owner.programme.roadmap:
        terms = owner.capabilities[name]
        brings = written["capabilities"][name]["brings"]
        brought = {key: value for key, value in brings.items() if value is not None}
        now = overlay(written, {"conditions": brought})
        roadmap = tuple(other for other in owner.programme.roadmap if other != name)
        never = overlay(written, {"programme": {"roadmap": roadmap}})
        work = terms.integration * owner.stack.vendors / WEEK
        licence = terms.licence * owner.tools.overlap
        yield Gap(name, "in full use on the first day", now, never, licence, owner.it.cost * work)


def _frictions(owner: Organisation) -> Iterator[Gap]:
    """Yield what slows or splits everything, where this organisation has it."""
    written = plain(owner)
    no_queue = {"backlog": "0d", "requests_per_quarter": 0.0, "intake": "0d", "review": "0d"}
    at_once, staffed = {"sign_off": "0d", "declines": 0.0}, _missing_roles(owner)
    patches: tuple[tuple[str, str, dict[str, Any], float | None], ...] = (
        ("IT's queue", "no backlog, no other requests, no plan, no review", {"it": no_queue}, None),
        ("signatures", "nobody waits for one, and none is refused", {"decision": at_once}, None),
        ("hand-overs between vendors", "one platform", {"stack": {"vendors": 1}}, None),
        ("objectives by channel", "one objective", {"objective": "one"}, 0.0),
        ("tools bought twice", "one tool for each purpose", {"tools": {"overlap": 1}}, 0.0),
        ("tools before purpose", "purpose and users first", {"programme": {"purpose_first": True}}, 0.0),
        ("roles that nobody fills", "one person in each", {"centre": staffed}, _pay(staffed)),
    )
    for name, closed, patch, price in patches:
        changed = overlay(written, patch)
        if changed != written:
            yield Gap(name, closed, changed, price=price)


def _missing_roles(owner: Organisation) -> dict[str, Any]:
    """Fill every role that nobody fills, at the best pay of the centre, else at a shipped head's."""
    roles = ("head", "strategist", "technical_lead", "operations_manager")
    paid = max(getattr(owner.centre, role).pay for role in roles)
    pay = paid or float(shipped()["models"]["cmo_led"]["centre"]["head"]["pay"])
    return {role: {"people": 1, "pay": pay} for role in roles if not getattr(owner.centre, role).people}


def _pay(added: dict[str, Any]) -> float:
    return float(sum(role["pay"] for role in added.values()))
