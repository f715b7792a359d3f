"""What a shell is told when Tab is pressed: keys of specs, components, codes of rules."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from pathlib import Path

from layerkit.contracts.kinds import KINDS
from layerkit.errors import LayerkitError
from layerkit.registry import installed
from layerkit.rules import RULES
from layerkit.schema.completion import SpecCompletion, Suggestion
from layerkit.schema.spec_schema import kind_name
from layerkit.spec.loading import load_document
from layerkit.values import is_list, is_tuple

_BREAKS = re.compile(r"[=:]+")
"""Where bash breaks words, beside blanks."""


def complete_override(
    typed: str, params: Mapping[str, object], others: Sequence[str]
) -> list[tuple[str, str]]:
    """Return what a ``PATH=VALUE`` that begins like that may become, each with what it is.

    Parameters
    ----------
    typed
        What was typed of it.
    params
        What was typed before: the spec, if there is one, and other changes to it.
    others
        Words before that typer could not assign, as what follows them is missing.
    """
    return _pairs(SpecCompletion(_table(params, others), installed()).suggestions(typed))


def complete_path(
    typed: str, params: Mapping[str, object], others: Sequence[str]
) -> list[tuple[str, str]]:
    """Return what a path in a spec may become; see `complete_override`."""
    found = SpecCompletion(_table(params, others), installed()).suggestions(typed)
    paths = [Suggestion(each.text.removesuffix("="), each.meaning) for each in found]
    return _pairs(each for each in paths if "=" not in each.text)


def complete_component(typed: str) -> list[tuple[str, str]]:
    """Return the components whose name, or ``kind:name``, begins like that."""
    registry = installed()
    found = [
        (kind, registry.spelling(each)) for kind in KINDS for each in registry.registrations(kind)
    ]
    count = Counter(name for _, name in found)
    named = [
        (name if count[name] == 1 else f"{kind_name(kind)}:{name}", kind) for kind, name in found
    ]
    if ":" in typed:
        named += [(f"{kind_name(kind)}:{name}", kind) for kind, name in found]
    chosen = {name: kind.noun for name, kind in named if name.startswith(typed)}
    return [*chosen.items()]


def complete_rule(typed: str) -> list[tuple[str, str]]:
    """Return the codes, or names, of rules that begin like that."""
    by_code = {rule.code: rule for rule in RULES.values()}
    among = RULES if typed and not typed.upper().startswith("L") else by_code
    return [(name, rule.title) for name, rule in among.items() if name.startswith(typed)]


def joined_words(environment: MutableMapping[str, str]) -> str:
    """Join what bash broke at ``=`` and ``:``, in the variables that it says the words in.

    Returns
    -------
    str
        What comes before the last break in the word with the cursor. Bash has that already, so
        what it is told must not have it.
    """
    try:
        words = shlex.split(environment["COMP_WORDS"])
        cursor = int(environment["COMP_CWORD"])
    except (KeyError, ValueError):  # an open quote
        return ""
    joined: list[str] = []
    current, goes_on, lead = cursor, False, ""
    for index, word in enumerate(words):
        is_break = _BREAKS.fullmatch(word) is not None and bool(joined)
        before = joined[-1] if joined and (is_break or goes_on) else ""
        if before:
            joined.pop()
        if index == cursor:
            lead = f"{before}{word}" if is_break else before
            current = len(joined)
        joined.append(before + word)
        goes_on = is_break
    if cursor >= len(words):
        current = len(joined)
    environment["COMP_WORDS"] = shlex.join(joined)
    environment["COMP_CWORD"] = str(current)
    return lead


def _pairs(suggestions: Iterable[Suggestion]) -> list[tuple[str, str]]:
    return [(each.text, each.meaning) for each in suggestions]


def _table(params: Mapping[str, object], others: Sequence[str]) -> dict[str, object]:
    """Return what the spec says that was typed before; nothing if it cannot be read."""
    specs, overrides = params.get("specs"), params.get("overrides")
    words = [params.get("spec"), *(specs if is_list(specs) or is_tuple(specs) else ()), *others]
    paths = [Path(str(each)) for each in words if each is not None]
    changes = [*map(str, overrides)] if is_list(overrides) or is_tuple(overrides) else []
    for path in paths:
        if path.suffix in {".toml", ".json"}:
            for each in (changes, ()):
                with suppress(LayerkitError):
                    return load_document(path, each).table
    return {}
