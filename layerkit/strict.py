"""The strict pydantic base of every table of a spec, and how it words its errors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import ClassVar, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError, core_schema
from typing_extensions import TypeIs

PROBLEM = "layerkit"
"""The pydantic error type of every error that Layerkit words itself."""


class StrictModel(BaseModel):
    """A frozen table of a spec: unknown keys, wrong types, inf and nan are errors.

    A ``validate`` or constructor call that meets unknown keys names the nearest valid ones.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False
    )

    @model_validator(mode="wrap")
    @classmethod
    def _name_valid_keys(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            lines = error.errors(include_url=False)
            if not any(_is_unknown_key(line) for line in lines):
                raise
            keys = list(cls.model_fields)
            details = [
                _unknown_key(line, keys) if _is_unknown_key(line) else _again(line)
                for line in lines
            ]
            raise ValidationError.from_exception_data(cls.__name__, details) from None


def problem(code: str, reason: str, hint: str = "") -> PydanticCustomError:
    """Return an error for a validator to raise, with a stable code and what to do about it."""
    return PydanticCustomError(PROBLEM, "{reason}", {"code": code, "reason": reason, "hint": hint})


def problem_at(
    loc: Sequence[str | int], found: object, error: PydanticCustomError
) -> ValidationError:
    """Return a validation error for a validator to raise about something below itself."""
    detail = InitErrorDetails(type=error, loc=tuple(loc), input=found)
    return ValidationError.from_exception_data("spec", [detail])


def did_you_mean(found: str, valid: Iterable[str]) -> str:
    """Return ``did you mean 'nearest'?``, or nothing where no valid name is near."""
    nearest = get_close_matches(found, list(valid), n=1, cutoff=0.6)
    return f"did you mean '{nearest[0]}'?" if nearest else ""


def is_table(value: object) -> TypeIs[dict[str, object]]:
    """Tell whether a parsed value is a table; TOML and JSON have no keys but strings."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeIs[list[object]]:
    """Tell whether a parsed value is a list."""
    return isinstance(value, list)


def is_tuple(value: object) -> TypeIs[tuple[object, ...]]:
    """Tell whether a value of a model is a tuple."""
    return isinstance(value, tuple)


def _is_unknown_key(line: ErrorDetails) -> bool:
    return line["type"] == "extra_forbidden" and len(line["loc"]) == 1


def _unknown_key(line: ErrorDetails, valid: list[str]) -> InitErrorDetails:
    key = str(line["loc"][0])
    hint = did_you_mean(key, valid) or f"valid keys here: {', '.join(valid)}"
    error = problem("unknown-key", f"unknown key '{key}'", hint)
    return InitErrorDetails(type=error, loc=line["loc"], input=line["input"])


def _again(line: ErrorDetails) -> InitErrorDetails:
    """Return what makes the same error line once more; pydantic cannot pass one on."""
    context = line.get("ctx", {})
    if line["type"] in get_args(core_schema.ErrorType):
        return InitErrorDetails(
            type=line["type"], loc=line["loc"], input=line["input"], ctx=context
        )
    error = problem(
        str(context.get("code", line["type"])), line["msg"], str(context.get("hint", ""))
    )
    return InitErrorDetails(type=error, loc=line["loc"], input=line["input"])
