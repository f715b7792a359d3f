"""The strict pydantic base of every table of a spec, and how it words its errors."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
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

from layerkit.errors import FileError, LayerkitError, PluginError

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
    return _problem(code, reason, hint, 0)


def problem_at(
    loc: Sequence[str | int], found: object, error: PydanticCustomError
) -> ValidationError:
    """Return a validation error for a validator to raise about something below itself."""
    context = error.context or {}
    reason, hint = str(context.get("reason", error.message())), str(context.get("hint", ""))
    below = _problem(str(context.get("code", error.type)), reason, hint, len(loc))
    detail = InitErrorDetails(type=below, loc=tuple(loc), input=found)
    return ValidationError.from_exception_data("spec", [detail])


@contextmanager
def blaming(component: str) -> Generator[None]:
    """Run a component's own code; what escapes it is the component's fault, but for file errors.

    Raises
    ------
    PluginError
        Naming the component, for whatever is not an error of Layerkit or of pydantic.
    FileError
        If a file cannot be read.
    """
    try:
        yield
    except (LayerkitError, ValidationError):
        raise
    except OSError as error:
        raise FileError(f"{component}: {error}") from error
    except (Exception, SystemExit) as error:
        raise PluginError(f"{component} failed with {type(error).__name__}: {error}") from error


def did_you_mean(found: str, valid: Iterable[str]) -> str:
    """Return ``did you mean 'nearest'?``, or nothing where no valid name is near.

    Case does not count, nor whether words are joined by ``-``, ``_`` or a space.
    """
    alike = {_folded(name): name for name in valid}
    nearest = get_close_matches(_folded(found), alike, n=1, cutoff=0.6)
    return f"did you mean '{alike[nearest[0]]}'?" if nearest else ""


def is_table(value: object) -> TypeIs[dict[str, object]]:
    """Tell whether a parsed value is a table; TOML and JSON have no keys but strings."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeIs[list[object]]:
    """Tell whether a parsed value is a list."""
    return isinstance(value, list)


def is_tuple(value: object) -> TypeIs[tuple[object, ...]]:
    """Tell whether a value of a model is a tuple."""
    return isinstance(value, tuple)


def _folded(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_")


def _problem(code: str, reason: str, hint: str, below: int) -> PydanticCustomError:
    """Return an error that also knows how many parts at the end of its path are its own.

    Among the parts before them may be names that pydantic gives to members of a union.
    """
    context = {"code": code, "reason": reason, "hint": hint, "below": below}
    return PydanticCustomError(PROBLEM, "{reason} ({hint})" if hint else "{reason}", context)


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
    loc, found = line["loc"], line["input"]
    if line["type"] in get_args(core_schema.ErrorType):
        return InitErrorDetails(type=line["type"], loc=loc, input=found, ctx=context)
    code, hint = str(context.get("code", line["type"])), str(context.get("hint", ""))
    reason = str(context.get("reason", line["msg"]))
    error = _problem(code, reason, hint, int(context.get("below", 0)))
    return InitErrorDetails(type=error, loc=loc, input=found)
