"""The base of everything that a person writes in a scenario file."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from aicmo.shelf import did_you_mean


class Model(BaseModel):
    """Unknown fields are refused with the nearest known one, nothing is converted, values are frozen."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        strict=True,
        use_attribute_docstrings=True,
        validate_default=True,
    )

    @model_validator(mode="wrap")
    @classmethod
    def _teach(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(given)
        except ValidationError as error:
            raise refusal(cls.__name__, [cls._taught(found) for found in error.errors()]) from None

    @classmethod
    def _taught(cls, found: ErrorDetails) -> InitErrorDetails:
        """Add what only this model knows: the names of its fields."""
        if found["type"] != "extra_forbidden" or len(found["loc"]) > 1:
            return again(found)
        unknown = str(found["loc"][0])
        known = [field.alias or name for name, field in cls.model_fields.items()]
        return detail(
            found["loc"],
            f"no field named {unknown!r} here. {did_you_mean(unknown, known)}",
            kind=found["type"],
        )


def detail(
    loc: tuple[int | str, ...],
    message: str,
    *,
    kind: str = "stated",
    given: Any = None,
    context: dict[str, Any] | None = None,
) -> InitErrorDetails:
    """One finding at `loc`, with a message that is final: nothing is put into its braces."""
    held = {key: value for key, value in (context or {}).items() if f"{{{key}}}" not in message}
    error = PydanticCustomError(kind, message, held)
    return InitErrorDetails(type=error, loc=loc, input=given)


def again(found: ErrorDetails) -> InitErrorDetails:
    """Return a finding as it was, to be raised together with others."""
    return detail(
        found["loc"], found["msg"], kind=found["type"], given=found["input"], context=found.get("ctx")
    )


def refusal(title: str, findings: list[InitErrorDetails]) -> ValidationError:
    """Return the error that reports all `findings`, each at its own place."""
    return ValidationError.from_exception_data(title, findings)
