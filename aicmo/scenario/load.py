"""YAML file → Scenario; everything that is wrong is reported together, with file, line and column."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from aicmo.scenario.explain import explain
from aicmo.scenario.problems import ScenarioError
from aicmo.scenario.schema import Scenario
from aicmo.scenario.source import Source, checked, read
from aicmo.scenario.tree import Tree, parse


def load(path: str | Path) -> Scenario:
    """Read a scenario file.

    Raises
    ------
    ScenarioError
        With every problem of the file.
    """
    return _scenario(parse(read(Path(path))))


def loads(text: str, name: str = "<text>") -> Scenario:
    """Read a scenario from text, which messages call `name`.

    Raises
    ------
    ScenarioError
        With every problem of the text.
    """
    return _scenario(parse(checked(Source(name, text))))


def _scenario(tree: Tree) -> Scenario:
    problems = list(tree.problems)
    scenario = None
    try:
        scenario = Scenario.model_validate(tree.value)
    except ValidationError as error:
        problems += explain(error, tree)
    if scenario is None or problems:
        raise ScenarioError(problems)
    return scenario
