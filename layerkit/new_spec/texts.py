"""What the texts of a table may stand for, and texts as TOML and as comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

_MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "?", "-"})
_LONGEST_MISSING = max(map(len, _MISSING))
_DATES = re.compile(
    r"\d{4}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?:[T ]\d{1,2}:\d{2}.*)?"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:\d{4}|\d{2})"
    r"(?: \d{1,2}:\d{2}.*)?"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:T\d{4,6})?"
    r"|\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ID_NAME = re.compile(
    r"(?:.*[_ .-])?(?:id|ids|uuid|guid|key|index|idx|row|rowid|rownames|unnamed: 0)|", re.IGNORECASE
)
LONGEST_SHOWN = 40
"""Characters of a value that a comment shows."""


def is_missing_text(text: str) -> bool:
    """Tell whether a text usually stands for a missing value, blanks around it or not."""
    stripped = text.strip()
    return len(stripped) <= _LONGEST_MISSING and stripped.lower() in _MISSING


def is_date(text: str) -> bool:
    """Tell whether a text looks like a date, or a time of day."""
    return _DATES.fullmatch(text) is not None


def is_id_name(name: str) -> bool:
    """Tell whether a column of that name is likely to have an identifier for every row."""
    return _ID_NAME.fullmatch(name.strip()) is not None or name.endswith(("Id", "ID"))


def toml_string(text: str) -> str:
    """Return a text as a TOML string: in quotes, control characters escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_key(name: str) -> str:
    """Return a name as a TOML key, bare where it may be."""
    return name if _BARE_KEY.fullmatch(name) else toml_string(name)


def toml_strings(texts: Iterable[str]) -> str:
    """Return texts as a TOML array."""
    return f"[{', '.join(map(toml_string, texts))}]"


def shown(text: str) -> str:
    """Return a text for a comment or a message: one line, not long, without control characters."""
    plain = "".join(char if char.isprintable() else toml_string(char)[1:-1] for char in text)
    plain = "".join(char if char.isprintable() else "?" for char in plain)
    return plain if len(plain) <= LONGEST_SHOWN else f"{plain[:LONGEST_SHOWN]}..."


def quoted(text: str) -> str:
    """Return a text as `shown` does, in quotes."""
    return f'"{shown(text)}"'


def figure(value: float) -> str:
    """Return a number as short as it stays clear: ``1,460``, ``0.25``, ``2.1e+08``."""
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}" if abs(value) >= 10_000 else f"{int(value)}"
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:,.1f}"
