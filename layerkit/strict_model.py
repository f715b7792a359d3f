"""The strict pydantic base of every table of a spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Self, dataclass_transform, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError, core_schema

from layerkit.errors import UsageError
from layerkit.messages import code_of, hint_of, reason_of
from layerkit.problems import PROBLEM, keys_meant, problem, problem_at, unknown_key
from layerkit.values import is_table

_MOST_HINTS = 100
"""Unknown keys of a table for which valid ones are looked for, which takes long."""


if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass

    @dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(Field,))
    class _FrozenModelMetaclass(ModelMetaclass):
        """Says what pydantic's own cannot: that assigning to an option is a mistake."""
else:
    _FrozenModelMetaclass = type(BaseModel)


class StrictModel(BaseModel, metaclass=_FrozenModelMetaclass):
    """A frozen table of a spec: unknown keys, wrong types, inf and nan are errors.

    A ``validate`` or constructor call that meets unknown keys names the nearest valid ones, which
    then are not reported as missing.

    Attributes
    ----------
    former_keys
        Today's name for each former name of a key: ``{"size": "units"}``. Former names keep
        working; specs that have them are warned of, and ``layerkit fmt --upgrade`` rewrites them.
        A subclass adds its own to those of its base.
    """

    former_keys: ClassVar[Mapping[str, str]] = {}

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False
    )

    if not TYPE_CHECKING:  # who shall see the fields of each model, and no other options

        def __new__(cls, *positional: object, **_: object) -> Self:
            """Refuse options without their names."""
            if positional:
                names = [name for name in cls.model_fields if name not in {"type", "name"}]
                named = [
                    f"{name}={value!r:.60}" for name, value in zip(names, positional, strict=False)
                ]
                written = f"; write {_title(cls)}({', '.join(named)})" if named else ""
                raise UsageError(f"{_title(cls)} takes its options by their names{written}")
            return super().__new__(cls)

        def __init__(self, **options: object) -> None:
            try:
                super().__init__(**options)
            except ValidationError as error:
                lines = [_in_words(line) for line in error.errors(include_url=False)]
                raise ValidationError.from_exception_data(
                    _title(type(self)), lines, hide_input=True
                ) from None

        # Validation of tables need not call it.
        __init__.__dict__["__pydantic_base_init__"] = True

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        """Add former keys of the bases."""
        if "former_keys" in cls.__dict__:
            bases = [base for base in cls.__mro__[1:] if issubclass(base, StrictModel)]
            cls.former_keys = {**bases[0].former_keys, **cls.former_keys}

    @model_validator(mode="wrap")
    @classmethod
    def _name_valid_keys(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if cls.former_keys and is_table(data):
            former = [key for key in cls.former_keys if key in data]
            if former:
                return cls._with_todays_keys(data, former, handler)
        return cls._validated(data, handler)

    @classmethod
    def _with_todays_keys(
        cls,
        data: dict[str, object],
        former: Sequence[str],
        handler: ModelWrapValidatorHandler[Self],
    ) -> Self:
        """Validate a table with former keys; errors have the keys that are written."""
        written = {cls.former_keys[key]: key for key in former}
        for today, key in written.items():
            if today in data:
                reason = f"expected '{today}' or its former name '{key}', found both"
                twice = problem("wrong-value", reason, f"remove '{key}'")
                raise problem_at((key,), data[key], twice)
        table = {cls.former_keys.get(key, key): value for key, value in data.items()}
        try:
            return cls._validated(table, handler)
        except ValidationError as error:
            lines = [_again(line) for line in error.errors(include_url=False)]
            for line in lines:
                loc = line.get("loc", ())
                line["loc"] = (*(written.get(str(key), key) for key in loc[:1]), *loc[1:])
            raise ValidationError.from_exception_data(cls.__name__, lines) from None

    @classmethod
    def _validated(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            lines = error.errors(include_url=False)
            if not any(_is_unknown_key(line) for line in lines):
                raise
            keys = list(cls.model_fields)
            unknown = [str(line["loc"][0]) for line in lines if _is_unknown_key(line)]
            errors = {
                key: _unknown(key, keys, hinted=number < _MOST_HINTS)
                for number, key in enumerate(unknown)
            }
            meant = {(key,) for error in errors.values() for key in keys_meant(error)}
            details = [
                InitErrorDetails(
                    type=errors[str(line["loc"][0])], loc=line["loc"], input=line["input"]
                )
                if _is_unknown_key(line)
                else _again(line)
                for line in lines
                if not (line["type"] == "missing" and line["loc"] in meant)
            ]
            raise ValidationError.from_exception_data(cls.__name__, details) from None


def _unknown(key: str, valid: Sequence[str], *, hinted: bool) -> PydanticCustomError:
    return unknown_key(key, valid) if hinted else problem("unknown-key", f"unknown key '{key}'")


def _title(model: type[BaseModel]) -> str:
    return model.__name__.removesuffix("Config")


def _in_words(line: ErrorDetails) -> InitErrorDetails:
    """Return the same error in Layerkit's words."""
    if line["type"] == PROBLEM:
        return _again(line)
    error = problem(code_of(line), reason_of([line]), hint_of(line))
    return InitErrorDetails(type=error, loc=line["loc"], input=line["input"])


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
