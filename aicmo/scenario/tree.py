"""YAML text → plain values with the place of every key and value, built from parser events.

So nothing can explode: aliases, anchors, tags, merge keys, further documents and deep nesting are refused at
their first event, before anything is expanded. Duplicate keys are reported with both places, all together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLStreamError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import ScalarNode

from aicmo.scenario.problems import Path, Place, Problem, ScenarioError, spell_path
from aicmo.scenario.source import Source

DEEPEST = 32
TWICE = "(given twice)"
"""Step of paths below the second of two equal keys, so that the first keeps its places."""
TIMESTAMP = "tag:yaml.org,2002:timestamp"
"""Dates stay text here: the model reads them, and can then say what it expected."""


@dataclass
class Tree:
    """A YAML document as plain values.

    Attributes
    ----------
    value : Any
        Mappings as dict, sequences as tuple, scalars by YAML 1.2 (dates stay text).
    keys, values : dict
        Path → place of the key (or of the item's value) and of the value.
    problems : list
        Duplicate keys and keys that are not text.
    """

    source: Source
    value: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def at(self, path: Path, *, key: bool = False) -> Place:
        """Return the place of `path`, or of the nearest thing above it that the file has."""
        places = self.keys if key else self.values
        while path and path not in places:
            path = path[:-1]
        return places.get(path, Place(1, 1))


def parse(source: Source) -> Tree:
    """Parse one YAML 1.2 document.

    Raises
    ------
    ScenarioError
        When the text is not YAML, or uses what scenario files do without.
    """
    tree = Tree(source)
    try:
        _Builder(tree).build()
    except MarkedYAMLError as error:
        raise source.refuse(_syntax(error), _marked(error)) from None
    except (YAMLError, YAMLStreamError) as error:
        raise source.refuse(f"not readable as YAML: {' '.join(str(error).split())}") from None
    return tree


def _marked(error: MarkedYAMLError) -> Place | None:
    mark = error.problem_mark or error.context_mark
    return Place(mark.line + 1, mark.column + 1) if mark else None


def _syntax(error: MarkedYAMLError) -> str:
    said = " ".join(part for part in (error.context, error.problem) if part)
    if "\\t" in said:
        return f"not readable as YAML: {said}. Indent with spaces, not tabs."
    return f"not readable as YAML: {said}. Text with ':', '#', '@' or brackets needs quotes."


class _Builder:
    """One pass over the events of one document."""

    def __init__(self, tree: Tree) -> None:
        yaml = YAML(typ="safe", pure=True)
        self.tree = tree
        self.resolver = yaml.resolver
        self.constructor: SafeConstructor = yaml.constructor
        self.events: Iterator[Event] = yaml.parse(tree.source.text)
        self.documents = 0

    def build(self) -> None:
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                self._one_document(event)
            elif isinstance(event, (ScalarEvent, AliasEvent, SequenceStartEvent, MappingStartEvent)):
                self.tree.value = self._value(event, ())

    def _one_document(self, event: DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._refuse(
                event, "expected one document, got another after '---'. Put each scenario in its own file."
            )
        if event.tags:
            raise self._refuse(
                event, "expected no %TAG directives, got one. Scenario files hold plain values."
            )

    def _value(self, event: Event, path: Path) -> Any:
        self._plain(event, path)
        self.tree.values[path] = self.tree.keys[path] = _place(event)
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        return self._mapping(path) if isinstance(event, MappingStartEvent) else self._sequence(path)

    def _plain(self, event: Event, path: Path) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, AliasEvent):
            raise self._refuse(event, f"expected a value, got the alias '*{anchor}'. Write the value out.")
        if anchor is not None:
            raise self._refuse(event, f"expected a plain value, got the anchor '&{anchor}'. Leave it out.")
        if tag is not None:
            raise self._refuse(event, f"expected a plain value, got the tag '{tag}'. Leave it out.")
        if len(path) > DEEPEST:
            raise self._refuse(event, f"expected at most {DEEPEST} levels, got more.")

    def _scalar(self, event: ScalarEvent) -> Any:
        tag = str(self.resolver.resolve(ScalarNode, event.value, event.implicit))
        if tag == TIMESTAMP:
            return event.value
        node = ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        try:
            return self.constructor.yaml_constructors[tag](self.constructor, node)
        except (ValueError, KeyError):
            return event.value

    def _sequence(self, path: Path) -> tuple[Any, ...]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return tuple(items)

    def _mapping(self, path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key, place = self._key(event, path), _place(event)
            if key in mapping:
                self._duplicate((*path, key), place)
                self._value(next(self.events), (*path, key, TWICE))
                continue
            mapping[key] = self._value(next(self.events), (*path, key))
            self.tree.keys[*path, key] = place
        return mapping

    def _key(self, event: Event, path: Path) -> str:
        self._plain(event, path)
        if not isinstance(event, ScalarEvent):
            raise self._refuse(event, "expected a name before ':', got a list or a mapping.")
        if event.value == "<<" and event.implicit[0]:
            raise self._refuse(
                event, "expected a name before ':', got the merge key '<<'. Write the fields out."
            )
        return str(event.value)

    def _duplicate(self, path: Path, place: Place) -> None:
        first = self.tree.keys[path]
        message = f"the key {path[-1]!r} is given twice, first on line {first.line}. Keep one."
        self.tree.problems.append(self.tree.source.problem(message, place, spell_path(path)))

    def _refuse(self, event: Event, message: str) -> ScenarioError:
        return self.tree.source.refuse(message, _place(event))


def _place(event: Event) -> Place:
    begin, end = event.start_mark, event.end_mark
    width = end.column - begin.column if end.line == begin.line else 1
    return Place(begin.line + 1, begin.column + 1, max(1, width))
