"""Every check of every contract on every part; ids read `policies/thompson-rows_independent`."""

import pytest

from aicmo.agents import SHELF as AGENTS
from aicmo.checks import check_part, checks_of, curves
from aicmo.checks.contract import Check, checks_in, examples_of
from aicmo.core.curves import Curves
from aicmo.evaluation.metrics import SHELF as METRICS
from aicmo.guardrails import SHELF as GUARDRAILS
from aicmo.importers import SHELF as IMPORTERS
from aicmo.policies import SHELF as POLICIES
from aicmo.shelf import Shelf

WITH_EXAMPLES = {"policies": POLICIES, "guardrails": GUARDRAILS, "agents": AGENTS}
PLAIN = {"metrics": METRICS, "importers": IMPORTERS}


def _cases(rooms: dict[str, Shelf]) -> list[object]:
    return [
        pytest.param(shelf, kind, check, id=f"{room}/{kind}-{name}")
        for room, shelf in rooms.items()
        for kind in shelf.kinds
        for name, check in checks_of(shelf.noun).items()
    ]


@pytest.mark.parametrize(("shelf", "kind", "check"), _cases(WITH_EXAMPLES))
def test_part_with_examples(shelf: Shelf, kind: str, check: Check) -> None:
    for instance in examples_of(shelf.noun, shelf[kind]):
        check(instance)


@pytest.mark.parametrize(("shelf", "kind", "check"), _cases(PLAIN))
def test_part_without_settings(shelf: Shelf, kind: str, check: Check) -> None:
    check(shelf[kind])


CURVE_CHECKS = {name: check for name, check in checks_in(curves).items() if name != "families"}


@pytest.mark.parametrize(
    ("family", "check"),
    [
        pytest.param(family, check, id=f"curves/{family}-{name}")
        for family in curves.families()
        for name, check in CURVE_CHECKS.items()
    ],
)
def test_curve_family(family: str, check: Check) -> None:
    made: Curves = curves.families()[family]
    check(made)


def test_a_part_of_the_package_passes_as_a_part_of_yours_would() -> None:
    results = check_part(POLICIES["last_year_share"])
    assert [result.check for result in results] == list(checks_of("policy"))
    assert all(result.passed for result in results), results
