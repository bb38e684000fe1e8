"""Options that are amounts, multiples or goals: read once, refused by the option's name."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, cast, get_args

import typer

if TYPE_CHECKING:
    from aicmo.core.goal import Goal

_BOUNDS = re.compile(r"([0-9]*\.?[0-9]+):([0-9]*\.?[0-9]+)")


def amount(text: str, option: str) -> float:
    """Read an amount above 0, such as ``250k``."""
    from aicmo.scenario.quantities import money  # noqa: PLC0415 - --help waits for nothing

    try:
        given = float(text) if re.fullmatch(r"[0-9.]+[eE][+-]?[0-9]{1,2}", text) else money(text)
    except ValueError as error:
        raise _refused(str(error), option) from None
    if not 0.0 < given < math.inf:
        raise _refused(f"expected an amount above 0, got {text!r}", option)
    return given


def budget(text: str, goal: Goal) -> float:
    """Read the money that there is; infinite where it is left out and the goal ends spending."""
    if text:
        return amount(text, "--budget")
    if not goal.free:
        raise _refused(f"the objective {goal.kind} needs the money that there is, such as 1.2M", "--budget")
    return math.inf


def bounds(text: str) -> tuple[float, float] | None:
    """Read two multiples such as ``0.7:1.3``; None where there are none."""
    if not text:
        return None
    found = _BOUNDS.fullmatch(text.replace(" ", ""))
    if not found or float(found[1]) > float(found[2]):
        said = f"expected two multiples of the current spend, low:high, such as 0.7:1.3, got {text!r}"
        raise _refused(said, "--bounds")
    return float(found[1]), float(found[2])


def currency(code: str) -> str:
    """Check an ISO 4217 code."""
    from aicmo.scenario.currency import iso_4217  # noqa: PLC0415 - --help waits for nothing

    try:
        return iso_4217(code)
    except ValueError as error:
        raise _refused(str(error), "--currency") from None


def goal(objective: str, value: str) -> Goal:
    """Read an objective, such as ``profit`` or ``target-response=1.5M``, with the value that profit needs."""
    from aicmo.core.goal import Goal, Kind  # noqa: PLC0415 - --help waits for nothing
    from aicmo.shelf import did_you_mean  # noqa: PLC0415 - same

    kind, _, number = objective.strip().replace(" ", "=", 1).partition("=")
    kinds = list(get_args(Kind))
    if kind not in kinds:
        raise _refused(f"no objective named {kind!r}. {did_you_mean(kind, kinds)}", "--objective")
    if bool(number) != kind.startswith("target"):
        cure = f"{kind}=X, such as {kind}=1.5" if kind.startswith("target") else f"{kind} alone"
        raise _refused(f"expected {cure}, got {objective!r}", "--objective")
    if bool(value) != (kind == "profit"):
        said = (
            "profit needs the value of a unit of outcome" if kind == "profit" else "only profit has a value"
        )
        raise _refused(said, "--value")
    said = value or number
    option = "--value" if value else "--objective"
    return Goal(cast("Kind", kind), amount(said, option) if said else 1.0)


def _refused(message: str, option: str) -> typer.BadParameter:
    return typer.BadParameter(message, param_hint=option)
