"""What each part of the AI's learning is worth: one setting changed at a time, over worlds drawn from priors.

python -m benchmarks ablation [--scenarios retailer,volatile] [--replications 24] [--seeds 1,101]
                              [--only TEXT] [--base "{choice: {rule: mean}, learner: {maturity: 0.85}}"]

Every change is an AI team of its own in one `compare` per scenario and seed: all meet the same worlds, and a
difference is paired by world. Seeds are tuning seeds; those of reports are refused here.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from aicmo.core.estimate import Estimate
from aicmo.core.ratio import ratio_interval
from aicmo.evaluation import compare
from aicmo.evaluation.summary import LEAST_BASE
from aicmo.policies import SHELF as POLICIES
from aicmo.scenario.load import load
from aicmo.scenario.overlay import overlay
from aicmo.scenario.parts import PartOf, spell
from aicmo.scenario.presets import team
from aicmo.scenario.problems import ScenarioError
from aicmo.scenario.schema import Scenario
from aicmo.scenario.source import Source, checked
from aicmo.scenario.teams import TeamSpec
from aicmo.scenario.tree import parse
from benchmarks.uplift import SCENARIOS

TEAM, BASELINE = "ai_cmo", "manual_quarterly"
REPORTING = (2, 3)
"""Seeds of tables that were published: their worlds decide nothing."""
CHANGES = {
    "one memory of 13 weeks": "learner: {dynamics: {memories: [91]}}",
    "one memory of 10 days": "learner: {dynamics: {memories: [10]}}",
    "weights of memories never forget": "learner: {dynamics: {reserve: 1000}}",
    "scores in full": "learner: {dynamics: {caution: 1}}",
    "credit taken for what it says": "learner: {credit: {common_sd: 0, channel_sd: 0, campaign_sd: 0}}",
    "channels doubted twice as much": "learner: {credit: {channel_sd: 0.5}}",
    "opening plans say nothing": "learner: {credit: {plan_sd: 1000}}",
    "no pooling of shapes by channel": "learner: {pooling: 0}",
    "shapes judged from the first day": "learner: {settling_days: 0}",
    "conversions used when 85 % have matured": "learner: {maturity: 0.85}",
    "conversions used when one in twenty has matured": "learner: {maturity: 0.05}",
    "plan on the whole mixture": "choice: {whole: true}",
    "the mean curve, no optimism": "choice: {rule: mean}",
    "knowledge gradient": "choice: {rule: knowledge_gradient}",
    "tempered Thompson sampling": "choice: {rule: thompson}",
    "plain Thompson sampling": "choice: {rule: thompson, temperature: 1}",
    "deliberate variation by a tenth": "variation: 0.1",
    "keep the plan unless half a standard deviation better": "guard: 0.5",
    "keep the plan unless one standard deviation better": "guard: 1",
}
"""What is changed, as people call it and as a scenario writes it; what the base has already is left out."""


class Column(NamedTuple):
    """One scenario and seed: the uplift as it is, and what each change adds to it."""

    name: str
    uplift: Estimate
    added: Mapping[str, Estimate]
    rejected: Mapping[str, Any]


def contenders(scenario: Scenario, base: str, asked: Mapping[str, str]) -> dict[str, TeamSpec]:
    """Return the scenario's own AI team with the base settings, and with each change over them."""
    own = team(scenario, TEAM)
    policy = getattr(own.budget, "policy", None)
    if getattr(policy, "kind", None) != TEAM:
        raise ValueError(f"ablation: the budget of {TEAM} must be decided by the policy {TEAM}, got {policy}")
    start = overlay(spell(policy), settings(base))
    written = {TEAM: start} | {name: overlay(start, settings(text)) for name, text in asked.items()}
    read = {name: PartOf(POLICIES).read(given) for name, given in written.items()}
    return {
        name: own.model_copy(update={"budget": replace(own.budget, policy=found)})
        for name, found in read.items()
        if name == TEAM or found != read[TEAM]
    }


def settings(text: str) -> dict[str, Any]:
    """Read settings of a policy as a scenario writes them."""
    tree = parse(checked(Source("<setting>", text)))
    if tree.problems:
        raise ScenarioError(tree.problems)
    if not isinstance(tree.value, dict):
        raise TypeError(f"ablation: expected settings such as 'choice: {{rule: mean}}', got {text!r}")
    return tree.value


def column(name: str, seed: int, replications: int, base: str, asked: Mapping[str, str]) -> Column:
    """Compare all changes over the same worlds of one scenario."""
    scenario = load(SCENARIOS / f"{name}.yaml")
    teams = contenders(scenario, base, asked)
    ours = scenario.model_copy(update={"teams": {**scenario.teams, **teams}})
    data = compare(ours, list(teams), BASELINE, replications, seed).dataset
    contribution, spend = (
        {str(key): np.asarray(data[kind].sel(team=key)) for key in data["team"].values}
        for kind in ("contribution", "spend")
    )
    people = contribution[BASELINE]
    least = LEAST_BASE * float(spend[BASELINE].mean())

    def points(difference: np.ndarray) -> Estimate:
        return ratio_interval(100.0 * difference, people, least=least, name=f"{BASELINE}'s contribution")

    added = {key: points(contribution[key] - contribution[TEAM]) for key in teams if key != TEAM}
    rejected = json.loads(data.attrs["rejections"])
    return Column(f"{name}, seed {seed}", points(contribution[TEAM] - people), added, rejected)


def table(columns: list[Column], asked: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of the table, then what a reader of its numbers must know."""
    yield f"| changed | setting | {' | '.join(c.name for c in columns)} |"
    yield "|---|---|" + "---|" * len(columns)
    yield f"| (as it is, over {BASELINE}) |  | {' | '.join(spelled(c.uplift) for c in columns)} |"
    for name in asked:
        if all(name in c.added for c in columns):
            cells = " | ".join(spelled(c.added[name]) for c in columns)
            yield f"| {name} | `{asked[name]}` | {cells} |"
    for c in columns:
        same = ", ".join(name for name in asked if name not in c.added)
        if same:
            yield f"{c.name}: as it is already: {same}"
        for who, reasons in c.rejected.items():
            yield f"{c.name}: proposals of {who} were rejected, its seat kept what was in force: {reasons}"


def spelled(points: Estimate) -> str:
    """Write a change with half of its 90 % interval; why there is none, where there is none."""
    if points.mean is None or points.half_width is None:
        return str(points.reason)
    return f"{points.mean:+.1f} ± {points.half_width:.1f}".replace("-", "−")


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks ablation", description=__doc__)
    parser.add_argument("--scenarios", default="retailer,volatile", help="names in scenarios/, with commas")
    parser.add_argument("--replications", type=int, default=24, help="worlds in each scenario and seed")
    parser.add_argument("--seeds", default="1,101", help="tuning seeds, with commas; never 2 or 3")
    parser.add_argument("--base", default="{}", help="settings that all rows start from")
    parser.add_argument("--only", default="", help="rows whose name or setting holds this text")
    given = parser.parse_args()
    seeds = [int(seed) for seed in given.seeds.split(",")]
    if told := set(REPORTING) & set(seeds):
        parser.error(f"seed {min(told)} is for reports: choices are never made on its worlds")
    asked = {name: text for name, text in CHANGES.items() if given.only in f"{name} {text}"}
    if not asked:
        parser.error(f"no row holds {given.only!r}; rows are: {', '.join(CHANGES)}")
    columns = [
        column(name, seed, given.replications, given.base, asked)
        for name in given.scenarios.split(",")
        for seed in seeds
    ]
    print(*table(columns, asked), sep="\n")
    print(
        f"Points of {BASELINE}'s contribution, 90 % intervals, {given.replications} worlds; base {given.base}"
    )


if __name__ == "__main__":
    main()
