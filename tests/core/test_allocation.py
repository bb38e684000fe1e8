"""Tables and mixtures with rows of their own, and what a plan says of itself when it is printed."""

import numpy as np

from aicmo.core.allocate import allocate
from aicmo.core.curves import Curves
from aicmo.core.groups import Group


def test_tables_and_mixtures_of_many_rows_are_those_of_each_row() -> None:
    rng = np.random.default_rng(1)
    step, rise = rng.uniform(0.2, 2.0, (9, 2, 5)), rng.uniform(0.0, 1.0, (9, 2, 5))
    curves = Curves.concatenate(
        [
            Curves.table(np.cumsum(step, axis=2), np.cumsum(rise, axis=2)),
            Curves.mixture(*(rng.uniform(*ends, (9, 3, 4)) for ends in ((0.5, 2.0), (1.0, 9.0), (0.4, 3.0)))),
        ]
    )
    budget = rng.uniform(1.0, 20.0, 9)
    together = allocate(curves, budget, 0.0, 6.0, total="at_most")
    np.testing.assert_allclose(together.response, curves.value(together.spend).sum(axis=1), rtol=1e-12)
    for r in range(9):
        alone = allocate(curves.row(r), budget[r], 0.0, 6.0, total="at_most")
        assert alone.spend.tobytes() == together.spend[r].tobytes()
        assert alone.gap == together.gap[r]


def test_a_plan_prints_spends_limits_prices_and_proof() -> None:
    curves = Curves.logarithmic([10.0, 20.0, 30.0], 100.0)
    plan = allocate(curves, 1000.0, [400.0, 0.0, 0.0], 500.0, [Group([1, 2], 0.0, 550.0, "video")])
    said = str(plan).splitlines()
    assert said[0].split() == ["campaign", "spend", "share", "response", "marginal", "limit"]
    numbers = said[1].split()
    assert numbers[:3] == ["0", f"{plan.spend[0]:,.6g}", f"{plan.spend[0] / 1000:.1%}"]
    assert "1,000  100.0%" in said[4]
    assert said[4].endswith("price of money")
    assert said[5] == f"group video: maximum binds; one more unit is worth {plan.group_price[0]:+.5g}"
    assert said[6].startswith(f"no plan within these limits brings more than {plan.bound:,.10g} (")


def test_a_plan_prints_why_money_is_left_and_many_campaigns_in_short() -> None:
    plan = allocate(Curves.logarithmic(np.ones(60), 1.0), 100.0, 0.0, 1.0, total="at_most")
    said = str(plan).splitlines()
    assert said[1].endswith("at maximum")
    assert "… and 20 more campaigns" in said[41]
    assert said[-1] == plan.reason
    assert plan.reason.startswith("40 unallocated: at their maximum are campaigns 0, 1, 2")


def test_many_plans_print_a_line_each() -> None:
    plan = allocate(Curves.logarithmic([1.0, 2.0], 1.0), np.arange(50.0))
    said = str(plan).splitlines()
    assert said[0] == "50 plans of 2 campaigns"
    assert said[3].split()[:2] == ["1", "1"]
    assert said[-1].startswith("     … and 10 more rows; largest gap ")
