"""From text to a table, within limits that keep parsing quick."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import NoReturn

from layerkit.messages import cut, shown
from layerkit.spec.diagnostics import Loc, Problem
from layerkit.spec.positions import Span
from layerkit.spec.source import Format
from layerkit.spec.syntax import SyntaxProblem, json_error, toml_error
from layerkit.spec.toml_1_0 import newer_syntax, reads_newer_toml
from layerkit.values import is_list, is_table

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32

# Every alternative matches wherever it starts, so that no text makes the search slow.
_NOT_KEYS = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'{1,2}(?!'))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+",
    re.DOTALL,
)
_DOTTED = re.compile(r"[A-Za-z0-9_.-]++")


class ParseError(ValueError):
    """A text that cannot be parsed, or not within the limits.

    Parameters
    ----------
    reason
        What was expected and what was found.
    code
        Stable name of what is wrong.
    span
        The characters that are wrong, if they are known.
    opened
        The bracket or quote that is still open there, if there is one.
    """

    def __init__(
        self,
        reason: str,
        code: str = "syntax",
        span: Span | None = None,
        opened: Span | None = None,
    ) -> None:
        super().__init__(reason)
        self.code = code
        self.span = span
        self.opened = opened


def parse(text: str, form: Format) -> dict[str, object]:
    """Return the table that a text holds.

    Raises
    ------
    ParseError
        If it holds none, or is too large, too deep or too hard to parse.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ParseError(f"expected at most {MAX_BYTES // 1024} KiB", "too-large")
    if form == "toml":
        _refuse_long_keys(text)
    try:
        table = _loaded(text, form)
    except RecursionError:
        raise _too_deep() from None
    except tomllib.TOMLDecodeError as error:
        raise _invalid("TOML", toml_error(error, text)) from error
    except json.JSONDecodeError as error:
        raise _invalid("JSON", json_error(error, text)) from error
    except ParseError:
        raise
    except ValueError:  # Python's limit on the conversion of integers
        raise ParseError("expected integers of at most 64 bits, found more digits") from None
    if not is_table(table):
        raise ParseError(f"expected a table at the top, found {shown(table)}")
    check_depth(table)
    if form == "toml" and reads_newer_toml() and (newer := newer_syntax(text)):
        raise _invalid("TOML", newer)
    return table


def check_depth(table: dict[str, object]) -> None:
    """Check that a table is not nested deeper than anything can handle.

    Raises
    ------
    ParseError
        If it is.
    """
    level: list[object] = [table]
    for _ in range(MAX_DEPTH):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise _too_deep()


def value_problems(table: dict[str, object]) -> Iterator[Problem]:
    """Yield values that no component can accept: integers too large, text that is not valid."""
    todo: list[tuple[Loc, object]] = [((), table)]
    while todo:
        loc, value = todo.pop()
        if is_table(value):
            todo += [((*loc, key), below) for key, below in value.items()]
        elif is_list(value):
            todo += [((*loc, index), below) for index, below in enumerate(value)]
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            reason = f"expected an integer of at most 64 bits, found {shown(value)}"
            yield Problem(loc, "wrong-value", reason)
        elif isinstance(value, str) and re.search("[\0\ud800-\udfff]", value):
            reason = f"expected text without NUL or surrogates, found {shown(value)}"
            yield Problem(loc, "wrong-value", reason)


def _loaded(text: str, form: Format) -> object:
    if form == "toml":
        return tomllib.loads(text)
    loaded: object = json.loads(
        text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant
    )
    return loaded


def _invalid(form: str, problem: SyntaxProblem) -> ParseError:
    return ParseError(
        f"no valid {form}: {problem.message}", span=problem.span, opened=problem.opened
    )


def _refuse_long_keys(text: str) -> None:
    """Refuse keys of many dotted parts, which take tomllib quadratic time."""
    bare = _NOT_KEYS.sub(_stand_in, text).translate({ord(" "): None, ord("\t"): None})
    for found in _DOTTED.finditer(bare):
        if found[0].count(".") >= MAX_DEPTH:
            line = bare.count("\n", 0, found.start()) + 1
            reason = f"expected keys of at most {MAX_DEPTH} parts, found more at line {line}"
            raise ParseError(reason, "too-deep")


def _stand_in(found: re.Match[str]) -> str:
    """Return what leaves keys and lines countable without a string or comment."""
    return ("" if found[0].startswith("#") else "q") + "\n" * found[0].count("\n")


def _too_deep() -> ParseError:
    return ParseError(f"expected at most {MAX_DEPTH} levels of nesting, found more", "too-deep")


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table: dict[str, object] = {}
    for key, value in pairs:
        if key in table:
            raise ParseError(f"no valid JSON: duplicate key '{cut(key, 60)}'")
        table[key] = value
    return table


def _refuse_constant(name: str) -> NoReturn:
    raise ParseError(f"no valid JSON: {name} is not a number there")


def _children(value: object) -> Iterable[object]:
    if is_table(value):
        return value.values()
    return value if is_list(value) else ()
