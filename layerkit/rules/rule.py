"""What can be wrong with a spec, as a rule with a stable code."""

from __future__ import annotations

from dataclasses import dataclass


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
    """

    code: str
    name: str
    title: str
    text: str
