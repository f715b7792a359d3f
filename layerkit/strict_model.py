"""The strict pydantic base of every table of a spec."""

from __future__ import annotations

from typing import ClassVar, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, core_schema

from layerkit.problems import problem, unknown_key


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
                InitErrorDetails(
                    type=unknown_key(str(line["loc"][0]), keys),
                    loc=line["loc"],
                    input=line["input"],
                )
                if _is_unknown_key(line)
                else _again(line)
                for line in lines
            ]
            raise ValidationError.from_exception_data(cls.__name__, details) from None


def _is_unknown_key(line: ErrorDetails) -> bool:
    return line["type"] == "extra_forbidden" and len(line["loc"]) == 1


def _again(line: ErrorDetails) -> InitErrorDetails:
    """Return what makes the same error again; pydantic cannot raise one a second time."""
    context = line.get("ctx", {})
    loc, found = line["loc"], line["input"]
    if line["type"] in get_args(core_schema.ErrorType):
        return InitErrorDetails(type=line["type"], loc=loc, input=found, ctx=context)
    code, hint = str(context.get("code", line["type"])), str(context.get("hint", ""))
    reason = str(context.get("reason", line["msg"]))
    error = problem(code, reason, hint, int(context.get("below", 0)))
    return InitErrorDetails(type=error, loc=loc, input=found)
