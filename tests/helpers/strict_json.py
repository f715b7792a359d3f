"""JSON as the standard has it: without NaN and Infinity, which Python's parser takes."""

from __future__ import annotations

import json
from typing import NoReturn


def parsed(text: str) -> object:
    value: object = json.loads(text, parse_constant=_refuse)
    return value


def _refuse(constant: str) -> NoReturn:
    raise AssertionError(f"expected JSON, found {constant}")
