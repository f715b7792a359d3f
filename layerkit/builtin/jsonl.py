"""Examples from JSON Lines files."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Literal, final

from pydantic import Field

from layerkit.plugin import DataPath, Table, TableConfig, TableSource, open_jsonl


class JsonlConfig(TableConfig):
    """Objects of JSON Lines files, one on every line, gzip-compressed or plain.

    A column is a key; null and a key that is not there are missing values. Blank lines are skipped.
    Inputs ``(n, features)``; targets ``(n,)`` class indices or ``(n, targets)`` numbers.

    References
    ----------
    RFC 8259, The JavaScript Object Notation (JSON) Data Interchange Format.
    JSON Lines, jsonlines.org.
    """

    type: Literal["jsonl"] = "jsonl"
    path: Annotated[DataPath, Field(examples=["penguins.jsonl"])]

    def open(self, path: Path) -> AbstractContextManager[TableSource]:
        """Open a JSON Lines file."""
        return open_jsonl(path)


@final
class Jsonl(Table[JsonlConfig]):
    """See `JsonlConfig`."""
