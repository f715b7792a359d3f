"""What can be wrong with a spec, as a rule with a stable code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning"]
"""An error refuses a spec; a warning is about what is legal and almost surely wrong."""

WarningCode: TypeAlias = Literal[
    "LK101",
    "LK102",
    "LK103",
    "LK104",
    "LK105",
    "LK106",
    "LK107",
    "LK108",
    "LK109",
    "LK110",
    "LK111",
    "LK112",
    "LK113",
    "LK114",
]
"""What a spec may silence."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong with a spec.

    Attributes
    ----------
    code
        Stable: it never means anything else.
    name
        What plugins call it in `layerkit.plugin.problem`.
    title
        What is wrong, in a few words.
    text
        Why that is wrong, and what to do.
    severity
        Whether the spec is refused; see `Severity`.
    suffix
        Of the name of its example's file.
    """

    code: str
    name: str
    title: str
    text: str
    severity: Severity = "error"
    suffix: str = "toml"
