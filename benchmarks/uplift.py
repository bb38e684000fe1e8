"""What teams are worth in every scenario that ships, as the table of scenarios/README.md.

python -m benchmarks.uplift --replications 32 --seed 2 [NAME …]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aicmo.evaluation import compare
from aicmo.scenario.load import load

SCENARIOS = Path(__file__).parents[1] / "scenarios"
TEAMS = ("ai_cmo", "manual_strong", "clairvoyant")


def rows(names: list[str], replications: int, seed: int) -> Iterator[str]:
    """Compare and yield one line of the table after the other."""
    yield "| scenario | ai_cmo | manual_strong | clairvoyant |"
    yield "|---|---|---|---|"
    for name in names:
        result = compare(load(SCENARIOS / f"{name}.yaml"), replications=replications, seed=seed).summary
        currency, teams = str(result["currency"]), result["teams"]
        cells = [spelled(teams[team]["uplift"], currency) for team in TEAMS]
        yield f"| {name} | {' | '.join(cells)} |"


def spelled(uplift: Mapping[str, Any], currency: str) -> str:
    """Uplift in contribution with its 90 % interval, in money where the baseline earns next to nothing."""
    relative, absolute = uplift["contribution_relative"], uplift["contribution"]
    if relative["mean"] is None:
        mean, low, high = (f"{absolute[key] / 1e3:+,.0f}k" for key in ("mean", "low", "high"))
        return f"{currency} {mean} ({low} … {high})"
    mean, low, high = (f"{100 * relative[key]:+.1f}" for key in ("mean", "low", "high"))
    return f"{mean} % ({low} … {high})"


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=sorted(file.stem for file in SCENARIOS.glob("*.yaml")))
    parser.add_argument("--replications", type=int, default=32)
    parser.add_argument("--seed", type=int, default=2)
    asked = parser.parse_args()
    for line in rows(asked.names, asked.replications, asked.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()
