"""Parts in scenario files: a mapping with `kind` → a frozen dataclass from its shelf, its fields as settings.

Parts know nothing of this. Their annotations decide what a person may write: `float` takes a number or an
amount such as `250k`, `date` a day, another dataclass a mapping, `Policy` a policy by its kind; a duration is
`str`, as the part reads it.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    create_model,
)
from pydantic_core import CoreSchema, core_schema

from aicmo.policies import SHELF as POLICIES
from aicmo.policies import Policy
from aicmo.scenario.model import Model, detail, refusal
from aicmo.scenario.quantities import Day, Number
from aicmo.shelf import Shelf, UnknownPartError


@dataclasses.dataclass(frozen=True)
class PartOf:
    """Annotation of a field that holds one part of a shelf.

    Attributes
    ----------
    seat : str, optional
        Only agents of this seat.
    """

    shelf: Shelf
    seat: str | None = None

    def read(self, given: Any) -> Any:
        """Turn a mapping into the part that it describes; a part passes as it is.

        Raises
        ------
        ValidationError
            When there is no such part, or its settings are wrong.
        """
        if dataclasses.is_dataclass(given) and hasattr(given, "kind"):
            return given
        return adapter(self._named(given)).validate_python(given)

    def _named(self, given: Any) -> Any:
        noun = self.shelf.noun
        if not isinstance(given, dict):
            raise ValueError(f"expected {noun} settings such as {{kind: {self._first}}}, got {given!r}")  # noqa: TRY004 - pydantic collects ValueError
        if not isinstance(given.get("kind"), str):
            loc = ("kind",) if "kind" in given else ()
            raise refusal(
                noun, [detail(loc, f"expected the name of the {noun}, such as 'kind: {self._first}'")]
            )
        try:
            part = self.shelf[given["kind"]]
        except UnknownPartError as error:
            raise refusal(noun, [detail(("kind",), str(error))]) from None
        if self.seat is not None and part.seat != self.seat:
            said = f"expected an agent for the {self.seat} seat, got {part.kind!r} of the {part.seat} seat"
            raise refusal(noun, [detail(("kind",), said)])
        return part

    @property
    def _first(self) -> str:
        return next(iter(self.shelf.kinds), "name")

    def __iter__(self) -> Iterator[type[Any]]:
        return (part for part in self.shelf if self.seat is None or part.seat == self.seat)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.read, serialization=core_schema.plain_serializer_function_ser_schema(spell)
        )

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [_schema(part) for part in self]}


def spell(part: Any) -> Any:
    """Write a part as the mapping that `PartOf.read` reads back."""
    if isinstance(part, (tuple, list)):
        return tuple(spell(item) for item in part)
    if not dataclasses.is_dataclass(part):
        return part.isoformat() if isinstance(part, date) else part
    kind = {"kind": part.kind} if hasattr(part, "kind") else {}
    return kind | {field.name: spell(getattr(part, field.name)) for field in dataclasses.fields(part)}


@cache
def adapter(part: Any) -> TypeAdapter[Any]:
    """Return what reads the settings of a part."""
    return TypeAdapter(_written(part))


@cache
def _written(part: Any) -> Any:
    """How a person writes a dataclass: as a mapping of its fields."""
    hints = get_type_hints(part, include_extras=True)
    settings = [field for field in dataclasses.fields(part) if field.init]
    said = explained(inspect.getdoc(part) or "")
    fields: dict[str, Any] = {
        field.name: (
            _as_written(hints[field.name]),
            Field(default=_default(field), description=said.get(field.name)),
        )
        for field in settings
    }
    summary = (part.__doc__ or "").strip().split("\n")[0]
    model = create_model(part.__name__, __base__=Model, __doc__=summary, **fields)

    def read(given: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        if isinstance(given, part):
            return given
        if isinstance(given, dict) and "kind" in given and given["kind"] == getattr(part, "kind", None):
            given = {name: value for name, value in given.items() if name != "kind"}
        written = handler(given)
        return part(**{field.name: getattr(written, field.name) for field in settings})

    return Annotated[model, WrapValidator(read)]


def explained(docstring: str) -> dict[str, str]:
    """Read from a numpydoc docstring what each parameter means: `name : type`, then its text indented."""
    entries = re.findall(r"^(\w+(?:, \w+)*) : .*\n((?: {4}.*(?:\n|$))+)", docstring, re.MULTILINE)
    return {name: " ".join(text.split()) for names, text in entries for name in names.split(", ")}


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return ... if field.default is dataclasses.MISSING else field.default


def _as_written(hint: Any) -> Any:
    """Replace the types inside an annotation by the quantities that people write."""
    if hint is Policy:
        return Annotated[Any, PartOf(POLICIES)]
    if hint in _QUANTITIES:
        return _QUANTITIES[hint]
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _written(hint)
    if get_origin(hint) in (Union, UnionType):
        return Union[tuple(_as_written(member) for member in get_args(hint))]  # noqa: UP007 - members are computed
    if get_origin(hint) is tuple:
        return tuple[tuple(_as_written(item) for item in get_args(hint))]  # type: ignore[misc]  # computed likewise
    return hint


_QUANTITIES: dict[Any, Any] = {float: Number, date: Day}


def _schema(part: Any) -> dict[str, Any]:
    """JSON Schema of a part, its kind first."""
    given = adapter(part).json_schema()
    schema: dict[str, Any] = _inlined(given, given.get("$defs", {}))
    properties = {"kind": {"const": part.kind, "type": "string"}, **schema.get("properties", {})}
    return schema | {"properties": properties, "required": ["kind", *schema.get("required", [])]}


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """Put definitions where they are referred to: their references would lead nowhere in another schema."""
    if isinstance(schema, list):
        return [_inlined(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    referred = definitions[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else {}
    merged = {key: value for key, value in (referred | schema).items() if key not in {"$ref", "$defs"}}
    return {key: _inlined(value, definitions) for key, value in merged.items()}
