"""What teams are worth in every scenario that ships, as the table of scenarios/README.md.

python -m benchmarks.uplift --replications 32 --seed 3 [NAME …]

Levels 1 and 2 leave less to the agents of the AI CMO, which is level 3; uplift in contribution over the
typical manual team, and the share of its headroom to the clairvoyant that the AI CMO closes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aicmo.evaluation import compare
from aicmo.scenario.load import load

SCENARIOS = Path(__file__).parents[1] / "scenarios"
TEAMS = ("level_1", "level_2", "ai_cmo", "manual_strong")
REFERENCE = "clairvoyant"


def rows(names: list[str], replications: int, seed: int) -> Iterator[str]:
    """Compare and yield one line of the table after the other."""
    head = (*TEAMS, REFERENCE, "headroom closed by ai_cmo")
    yield f"| scenario | {' | '.join(head)} |"
    yield "|---|---|---|---|---|---|---|"
    for name in names:
        scenario = load(SCENARIOS / f"{name}.yaml")
        result = compare(scenario, TEAMS, replications=replications, seed=seed).summary
        currency, teams = str(result["currency"]), result["teams"]
        cells = [spelled(teams[team]["uplift"], currency) for team in (*TEAMS, REFERENCE)]
        yield f"| {name} | {' | '.join(cells)} | {closed(teams['ai_cmo']['headroom_closed'])} |"


def closed(share: Mapping[str, Any]) -> str:
    """Share of the headroom with its 90 % interval; a dash where there is none to speak of."""
    if share["mean"] is None:
        return "–"
    mean, low, high = (f"{100 * share[key]:.0f}".replace("-", "−") for key in ("mean", "low", "high"))
    return f"{mean} % ({low} … {high})"


def spelled(uplift: Mapping[str, Any], currency: str) -> str:
    """Uplift in contribution with its 90 % interval, in money where the baseline earns next to nothing."""
    relative, absolute = uplift["contribution_relative"], uplift["contribution"]
    if relative["mean"] is None:
        mean, low, high = (f"{absolute[key] / 1e3:+,.0f}k" for key in ("mean", "low", "high"))
        return f"{currency} {mean} ({low} … {high})"
    mean, low, high = (f"{100 * relative[key]:+.1f}".replace("-", "−") for key in ("mean", "low", "high"))
    return f"{mean} % ({low} … {high})"


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=sorted(file.stem for file in SCENARIOS.glob("*.yaml")))
    parser.add_argument("--replications", type=int, default=32)
    parser.add_argument("--seed", type=int, default=3)
    asked = parser.parse_args()
    for line in rows(asked.names, asked.replications, asked.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()
