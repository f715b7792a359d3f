"""Examples from CSV files."""

from __future__ import annotations

import codecs
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Literal, Self, final

from pydantic import AfterValidator, WithJsonSchema, model_validator

from layerkit.plugin import Dialect, Table, TableConfig, TableSource, open_csv, problem


def _one_character(value: str) -> str:
    if len(value) != 1 or value in "\r\n":
        raise problem("wrong-value", f"expected one character, found '{value}'")
    return value


def _encoding(value: str) -> str:
    try:
        codecs.lookup(value)
        "".encode(value)
    except (LookupError, TypeError, ValueError):
        raise problem(
            "wrong-value",
            f"expected the name of an encoding, found '{value}'",
            'such as "utf-8", "cp1252" or "utf-16"',
        ) from None
    return value


def _in_number(value: str) -> str:
    if value and (len(value) > 1 or value.isalnum() or value in "+-_\r\n"):
        raise problem("wrong-value", f"expected one character between digits, found '{value}'")
    return value


Character = Annotated[
    str,
    AfterValidator(_one_character),
    WithJsonSchema({"type": "string", "pattern": "^[^\\r\\n]$"}),
]
DecimalPoint = Annotated[
    Character,
    AfterValidator(_in_number),
    WithJsonSchema(
        {"type": "string", "pattern": "^[^\\r\\n]$", "$comment": "Also checked: in number"}
    ),
]


class CsvConfig(TableConfig):
    """Rows of CSV files, gzip-compressed or plain; ``layerkit init`` writes one for a file.

    Blank lines are skipped, and blanks around cells. A byte order mark is no part of the text.
    Inputs ``(n, features)``; targets ``(n,)`` class indices or ``(n, targets)`` numbers.

    Attributes
    ----------
    separator
        The character between cells, such as ``";"`` or a tab.
    decimal, thousands
        The characters for the decimal point, and between thousands (none for ``""``).
    quote
        The character around cells that have separators or line ends in them; doubled inside.
    encoding
        Of the text, by a name that Python knows.
    header
        Whether the first row has the names of the columns; without, they are ``column_1`` and so
        on.

    References
    ----------
    RFC 4180, Common Format and MIME Type for Comma-Separated Values (CSV) Files.
    """

    type: Literal["csv"] = "csv"
    separator: Character = ","
    decimal: DecimalPoint = "."
    thousands: Annotated[str, AfterValidator(_in_number)] = ""
    quote: Character = '"'
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8"
    header: bool = True

    @model_validator(mode="after")
    def _characters_differ(self) -> Self:
        if self.quote in {self.separator, self.decimal, self.thousands} or (
            self.thousands == self.decimal
        ):
            raise problem(
                "wrong-value",
                "expected different characters for separator, quote, decimal and thousands",
            )
        return self

    @property
    def dialect(self) -> Dialect:
        """How the files are written."""
        return Dialect(
            self.separator,
            self.decimal,
            self.thousands,
            self.quote,
            self.encoding,
            self.header,
        )

    def open(self, path: Path) -> AbstractContextManager[TableSource]:
        """Open a CSV file."""
        return open_csv(path, self.dialect)


@final
class Csv(Table[CsvConfig]):
    """See `CsvConfig`."""
