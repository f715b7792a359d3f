"""Errors that validators raise: each with a stable code, what is wrong, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from layerkit.elsewhere import key_hint

PROBLEM = "layerkit"
"""The pydantic error type of every error whose text is Layerkit's own."""


def problem(code: str, reason: str, hint: str = "", below: int = 0) -> PydanticCustomError:
    """Return an error for a validator to raise.

    Parameters
    ----------
    code
        Stable name of what is wrong, such as ``wrong-value``.
    reason
        What was expected and what was found.
    hint
        What to do about it.
    below
        How many parts at the end of the error's path were added by the validator itself. Among the
        parts before them may be names that pydantic gives to members of a union.
    """
    context = {"code": code, "reason": reason, "hint": hint, "below": below}
    return PydanticCustomError(PROBLEM, "{reason} ({hint})" if hint else "{reason}", context)


def problem_at(
    loc: Sequence[str | int], found: object, error: PydanticCustomError
) -> ValidationError:
    """Return a validation error for a validator to raise about something inside its value."""
    context = error.context or {}
    reason, hint = str(context.get("reason", error.message())), str(context.get("hint", ""))
    below = problem(str(context.get("code", error.type)), reason, hint, len(loc))
    detail = InitErrorDetails(type=below, loc=tuple(loc), input=found)
    return ValidationError.from_exception_data("spec", [detail])


def unknown_key(key: str, valid: Sequence[str]) -> PydanticCustomError:
    """Return the error for a key that a table does not have."""
    hint = (
        key_hint(key, valid) or did_you_mean(key, valid) or f"valid keys here: {', '.join(valid)}"
    )
    return problem("unknown-key", f"unknown key '{key}'", hint)


def keys_meant(error: PydanticCustomError) -> list[str]:
    """Return the keys that the error for an unknown key takes it for."""
    hint = str((error.context or {}).get("hint", ""))
    return re.findall(r"'(\w+)'", hint) if hint.startswith("did you mean") else []


def did_you_mean(found: str, valid: Iterable[str]) -> str:
    """Return ``did you mean 'nearest'?``, or nothing where no valid name is near.

    Case does not count, nor whether words are joined by ``-``, ``_`` or a space. Where the nearest
    name ends in the one that was found, as ``x_loss`` does in ``loss``, so may others.
    """
    by_folded = {_folded(name): name for name in valid}
    folded = _folded(found)
    nearest = get_close_matches(folded, by_folded, n=1, cutoff=0.6)
    if nearest and nearest[0] != folded and nearest[0].endswith(f"_{folded}"):
        nearest = [name for name in by_folded if name.endswith(f"_{folded}")]
    names = " or ".join(f"'{by_folded[name]}'" for name in nearest)
    return f"did you mean {names}?" if nearest else ""


def _folded(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_")
