"""Without an organisation, and with one that is instant and complete, a run is the plain one, bit for bit."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from aicmo.scenario.capabilities import CapabilityName
from aicmo.simulation.kernel import Kernel
from aicmo.simulation.ledger import FIELDS
from tests.simulation.worlds import busy, rich, run, world_of

ALL = get_args(CapabilityName)
GATES = ("define", "users", "test", "integration", "measure", "training")
BAD = {
    "collect": "5d",
    "unify": "2d",
    "autonomy": 0.0,
    "match": 0.5,
    "consent": 0.5,
    "addressed": 0.1,
    "studio": 3,
}
GOOD = {
    "collect": "0d",
    "unify": "0d",
    "autonomy": 1.0,
    "match": 1.0,
    "consent": 1.0,
    "addressed": 1.0,
    "studio": 1,
}
AT_ONCE = dict.fromkeys(GATES, "0d") | {"licence": 0.0, "brings": GOOD | {"prevented": 0.0}}
NOW: dict[str, Any] = {
    "conditions": BAD,
    "decision": {"sign_off": "40h", "declines": 0.5},
    "programme": {"roadmap": list(ALL), "reassess": "1w", "purpose_first": False, "unplanned": 1.0},
    "capabilities": dict.fromkeys(ALL, AT_ONCE),
}


def different(one: Kernel, other: Kernel) -> list[str]:
    """Names of what two runs do not share to the last bit."""
    found = [
        item.name for item in FIELDS if not np.array_equal(one.ledger[item.name], other.ledger[item.name])
    ]
    return found if np.array_equal(np.array(one.rates), np.array(other.rates)) else [*found, "rates"]


@pytest.mark.parametrize("make", [busy, rich])
@pytest.mark.parametrize("owned", [{}, NOW], ids=["empty", "everything live at once"])
def test_an_instant_organisation_is_the_plain_scenario(make: Any, owned: dict[str, Any]) -> None:
    plain = run(*world_of(make()), "ai_cmo", fails=None)
    assert different(plain, run(*world_of(make(organisation=owned)), "ai_cmo", fails=None)) == []


def test_a_bad_organisation_that_brings_nothing_is_another_scenario() -> None:
    plain = run(*world_of(rich()), "ai_cmo", fails=None)
    poor = run(*world_of(rich(organisation={"conditions": BAD})), "ai_cmo", fails=None)
    assert {"orders_driven", "unified", "planned", "rates"} <= set(different(plain, poor))


def test_all_at_once_is_live_and_used_from_the_first_tick() -> None:
    kernel = run(*world_of(busy(organisation=NOW)), "ai_cmo", fails=None)
    record = kernel.ledger.organisation
    assert record is not None
    assert record.live.all()
    assert (record.use == 1.0).all()
