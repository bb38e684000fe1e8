"""Operating models as tables: the same rows for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aicmo.report.estimates import Cell, estimate, proportion
from aicmo.report.evidence import Role
from aicmo.report.money import money
from aicmo.report.tables import Heading, Row, Table, whole
from aicmo.report.words import percent, plain

Summary = Mapping[str, Any]

MODELS = (
    Heading("Contribution", "total", "mean", rank=2),
    Heading("Over manual", "total"),
    Heading("Better in", "% of worlds", "mean", rank=3),
    Heading("ROI", "%", "mean", rank=1),
    Heading("Organisation", "total", "mean", rank=4),
    Heading("Pays back", "week", "mean", rank=5),
)
ASSUMED = (
    Heading("Then first", "model", "mean"),
    Heading("Lead of the leader", "total"),
    Heading("Turns it", "ranking", "mean", rank=1),
)
GAPS = (
    Heading("Worth", "total", rank=1),
    Heading("Lost by waiting", "total"),
    Heading("Price", "total", "mean", rank=2),
)


def named(name: str) -> str:
    """Write a name of the code as people write it.

    >>> named("real_time_feed")
    'real time feed'
    """
    return plain(name.replace("_", " "))


def role_of(summary: Summary, name: str) -> Role:
    """Say which part a model plays in a table."""
    if name == summary["baseline"]:
        return "baseline"
    return "headline" if name == summary["leader"] else "contender"


def models(summary: Summary) -> Table:
    """Lay out one row a model, best first."""
    rows = tuple(
        Row(plain(name), role_of(summary, name), tuple(_model(one, summary, name)))
        for name, one in summary["models"].items()
    )
    return Table(MODELS, rows, tuple(differing(summary)))


def _model(one: Mapping[str, Any], summary: Summary, name: str) -> Iterator[Cell]:
    currency, manual = str(summary["currency"]), name == summary["baseline"]
    yield Cell(money(one["contribution"]["mean"], currency))
    yield (
        Cell("baseline")
        if manual
        else estimate(one["uplift"], lambda amount: money(amount, currency, signed=True))
    )
    yield Cell("") if manual else proportion(one["p_better"], whole)
    yield estimate(one["roi"], percent)
    case = one["case"]
    yield Cell("–" if case is None else money(case["investment"]["total"]["mean"], currency))
    week = None if case is None else case["payback"]["week"]
    yield Cell("–" if week is None else f"{week + 1}")


def differing(summary: Summary) -> Iterator[str]:
    """Say which differences matter."""
    pairs, currency = summary["differences"], str(summary["currency"])
    sure = [row for row in pairs if row["sure"]]
    level = percent(pairs[0]["level"], digits=0)
    count = f"{len(sure)} of {len(pairs)}" if sure else f"None of {len(pairs)}"
    yield (
        f"{count} differences between them can be told from luck: all {level} intervals hold together "
        "(max-t), and those that matter exclude 0"
    )
    close = [f"{row['more']} and {row['less']}" for row in pairs if not row["sure"]]
    if sure and close:
        yield f"Cannot be told apart: {'; '.join(close)}"
    if sure:
        low = money(sure[-1]["low"], currency)
        yield (f"The smallest that matters: {sure[-1]['more']} over {sure[-1]['less']}, at least {low} more")


def capabilities(summary: Summary) -> Table:
    """Lay out when each capability goes live under each model, and how much it is used at the end."""
    owned = {name: one for name, one in summary["models"].items() if one["capabilities"]}
    order = list(dict.fromkeys(key for one in owned.values() for key in one["capabilities"]))
    headings = tuple(
        Heading(plain(name), "week live", rank=0 if name == summary["leader"] else 1) for name in owned
    )
    rows = tuple(
        Row(named(key), "contender", tuple(_live(one["capabilities"].get(key)) for one in owned.values()))
        for key in order
    )
    note = (
        "Week of going live in the median world; below it the share of its seats in use at the end, and of "
        "the worlds in which it is live by then where that is not all. –: in half of the worlds or fewer"
    )
    return Table(headings, rows, (note,) if rows else ())


def _live(found: Mapping[str, Any] | None) -> Cell:
    if found is None or found["median_week"] is None:
        return Cell("–")
    share = "" if found["share"] == 1.0 else f", in {percent(found['share'], digits=0)}"
    return Cell(f"{found['median_week']:.0f}", f"{percent(found['use_at_end'], digits=0)} used{share}")


def decomposition(summary: Summary) -> Table | None:
    """Lay out what the difference between two models is made of; None where nothing was taken apart."""
    found, currency = summary["decomposition"], str(summary["currency"])
    if found is None:
        return None

    def cash(amount: float) -> str:
        return money(amount, currency, signed=True)

    heading = Heading(f"{plain(found['more'])} over {plain(found['less'])}", "total")
    rows = [Row(named(name), "contender", (estimate(step, cash),)) for name, step in found["steps"].items()]
    rows.append(Row("together", "headline", (estimate(found["difference"], cash),)))
    note = (
        "Shapley values over organisations that mix the two, on the same worlds; cost is what the "
        "organisations themselves cost. Latency: steps, queues and staff; data: match, consent, profiles "
        "addressed, tests; autonomy: what needs a signature; coordination: objectives, priorities, tools"
    )
    return Table((heading,), tuple(rows), (note,))


def assumptions(summary: Summary, most: int | None = None) -> Table | None:
    """Lay out what each assumption does to the lead, the most telling first; None where it was not asked."""
    found, currency = summary["assumptions"], str(summary["currency"])
    if not found:
        return None
    rows = tuple(
        Row(
            f"{row['assumption']}, {row['factor']}",
            "headline" if row["turns"] else "contender",
            (
                Cell(plain(row["first"])),
                estimate(row["lead"], lambda amount: money(amount, currency, signed=True)),
                Cell("surely" if row["surely"] else "perhaps" if row["turns"] else "no"),
            ),
        )
        for row in found[:most]
    )
    left = len(found) - len(rows)
    leader = plain(summary["leader"])
    said = (
        f"Lead: what {leader} earns more than the best other model. Of a share the odds are halved or doubled"
    )
    return Table(ASSUMED, rows, (said, *((f"{left} more move the lead less",) if left else ())))


def gaps(summary: Summary) -> Table | None:
    """Lay out what to fix first in the leading model; None where nothing is missing."""
    found, currency = summary["gaps"], str(summary["currency"])
    if not found:
        return None

    def cash(amount: float) -> str:
        return money(amount, currency, signed=True)

    rows = tuple(
        Row(
            f"{named(row['gap'])}: {row['closed']}",
            "contender",
            (
                estimate(row["worth"], cash),
                estimate(row["waiting"], cash),
                Cell("not modelled" if row["cost"] is None else money(row["cost"], currency)),
            ),
        )
        for row in found
    )
    note = (
        f"The gaps of {plain(summary['leader'])}, what to fix first at the top. Worth: contribution before "
        "the organisation's costs if closed on the first day, against never (where the programme closes it) "
        "or against as it is. Lost by waiting: against the programme as it runs"
    )
    return Table(GAPS, rows, (note,))
