"""One fold of a cross-validation, as specs write it: ``"3/10"``."""

from __future__ import annotations

import re
from typing import Annotated, Self, TypeAlias

from annotated_types import Ge, Gt, Le
from pydantic import BeforeValidator, WithJsonSchema, model_validator

from layerkit.problems import problem
from layerkit.strict_model import StrictModel
from layerkit.values import is_table

MOST_FOLDS = 1_000_000
_WRITTEN = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")


class Fold(StrictModel):
    """Which part of the training examples to test on, the rest being left to train.

    Attributes
    ----------
    number
        Of the fold, from 1.
    of
        How many folds there are, at least 2.
    """

    number: Annotated[int, Gt(0)]
    of: Annotated[int, Ge(2), Le(MOST_FOLDS)]

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        if self.number > self.of:
            raise problem(
                "wrong-value", f"expected a fold from 1 to {self.of}, found {self.number}"
            )
        return self

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def size(self, examples: int) -> int:
        """Return how many of that many examples are in the fold; folds differ by one at most."""
        return (examples + self.of - self.number) // self.of


def _spelt_out(value: object) -> object:
    """Return ``"3/10"`` as the table that it stands for."""
    if value is None or isinstance(value, Fold) or is_table(value):
        return value
    found = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise problem("wrong-value", "expected a fold such as '3/10', the third of ten")
    return {"number": int(found[1]), "of": int(found[2])}


_Written: TypeAlias = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[0-9]{1,9}/[0-9]{1,9}$",
            "$comment": "Also checked: is one of at least 2 folds",
        }
    ),
]
OptionalFold: TypeAlias = Annotated[
    Fold | None,
    BeforeValidator(
        _spelt_out,
        json_schema_input_type=_Written | Fold | None,
    ),
]
