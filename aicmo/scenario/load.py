"""YAML file → Scenario; everything that is wrong is reported together, with file, line and column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from aicmo.scenario.checks import collisions, findings
from aicmo.scenario.explain import explain, spell
from aicmo.scenario.problems import InfeasibleError, Problem, ScenarioError, spell_path
from aicmo.scenario.schema import VERSION, Scenario
from aicmo.scenario.source import Source, checked, read
from aicmo.scenario.tree import Tree, parse

__all__ = ["ScenarioError", "load", "loads"]


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
    _require_version(tree)
    problems = list(tree.problems)
    try:
        scenario = Scenario.model_validate(tree.value)
    except ValidationError as error:
        problems += explain(error, tree)
        kinds = {found["type"] for found in error.errors(include_url=False)}
        if kinds - {"inconsistent", "infeasible"}:
            problems += _further(tree)
        refused = InfeasibleError if kinds == {"infeasible"} and not tree.problems else ScenarioError
        raise refused(dict.fromkeys(problems)) from None
    if problems:
        raise ScenarioError(problems)
    return scenario.as_written(tree.source.text)


def _require_version(tree: Tree) -> None:
    """Refuse what is no scenario, or one of another version: its other problems would mislead."""
    if not isinstance(tree.value, dict):
        said = f"expected a mapping of fields that begins with 'schema: {VERSION}', got {spell(tree.value)}"
        raise tree.source.refuse(said, tree.at(()))
    version = tree.value.get("schema", VERSION)
    if type(version) is not int:
        said = f"expected the version of this format, {VERSION}, got {spell(version)}"
    elif version != VERSION:
        age = "a later version of aicmo" if version > VERSION else "no released version of aicmo"
        said = f"this file says schema {version}, which {age} writes; this one reads schema {VERSION}"
    else:
        return
    raise ScenarioError([tree.source.problem(said, tree.at(("schema",)), "schema")])


def _further(tree: Tree) -> Iterator[Problem]:
    """Check between sections what can be checked although some of them are wrong."""
    sections = _valid_sections(tree.value)
    for loc, said in findings(tree.value, sections) or collisions(sections):
        yield tree.source.problem(said, tree.at(loc), spell_path(loc))


def _valid_sections(given: dict[str, Any]) -> dict[str, Any]:
    """Sections that are valid by themselves, defaults among them."""
    sections = {}
    for name, field in Scenario.model_fields.items():
        try:
            if (field.alias or name) in given:
                sections[name] = TypeAdapter(field.rebuild_annotation()).validate_python(
                    given[field.alias or name]
                )
            elif not field.is_required():
                sections[name] = field.get_default(call_default_factory=True)
        except ValidationError:
            continue
    return sections
