"""Counts how many errors of slightly broken shipped specs are told at the right line.

``make diagnostics`` prints the counts; docs/architecture.md shows them, and tests compare.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from layerkit.plan.network import plan_network
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.loading import parse_document, validate
from layerkit.spec.source import Format

ROOT = Path(__file__).parent.parent.parent
SPECS = sorted((ROOT / "specs").glob("*.*"))
PAGE = ROOT / "docs" / "architecture.md"
BLOCK = re.compile(r"(?<=<!-- right-lines: make diagnostics -->\n).*?\n```\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Counted:
    """What was said of many broken copies of a spec.

    Attributes
    ----------
    tried, errors
        How many copies there were, and how many of them are refused.
    astray
        What is said of those that are told at another line.
    """

    tried: int
    errors: int
    astray: list[str]


def count_deletions(path: Path) -> Counted:
    """Delete each character but blanks."""
    text = path.read_text(encoding="utf-8")
    places = [at for at, character in enumerate(text) if character not in " \t"]
    return _counted(path, ((text[:at] + text[at + 1 :], at) for at in places))


def count_renamed_keys(path: Path) -> Counted:
    """Change a letter in the middle of each key."""
    text = path.read_text(encoding="utf-8")
    keys = re.compile(r'"(\w+)":' if path.suffix == ".json" else r"(?<![\w\"#])(\w+) =")
    code = re.sub(r"#.*", lambda each: " " * len(each[0]), text)
    places = [each.start(1) + len(each[1]) // 2 for each in keys.finditer(code)]
    return _counted(path, ((f"{text[:at]}Q{text[at + 1 :]}", at) for at in places))


def _counted(path: Path, copies: Iterator[tuple[str, int]]) -> Counted:
    text = path.read_text(encoding="utf-8")
    form: Format = "json" if path.suffix == ".json" else "toml"
    tried, errors, astray = 0, 0, list[str]()
    for broken, at in copies:
        tried += 1
        error = refusal(broken, form)
        if error is None:
            continue
        errors += 1
        lacks_key = any(problem.code == "missing-key" for problem in error.problems)
        if not (lines_named(error) & right_lines(text, at) or lacks_key):
            astray.append(f"without {text[at]!r} at {at}: {error}")
    return Counted(tried, errors, astray)


def refusal(text: str, form: Format) -> SpecError | None:
    """Return what is said of a spec, if it is refused."""
    try:
        document = parse_document(text, form, "S", ROOT / "specs")
        plan_network(validate(document), document.source)
    except SpecError as error:
        return error
    return None


def lines_named(error: SpecError) -> set[int]:
    """Return the lines that an error points at, those of causes too."""
    return {int(found) for found in re.findall(r"^S:(\d+):\d+: ", str(error), re.MULTILINE)}


def right_lines(text: str, at: int) -> set[int]:
    """Return where a person would look for what was deleted."""
    line = text.count("\n", 0, at) + 1
    if text[at] == "\n":
        return {line - 1, line, line + 1}
    if text[at] in "]}":
        return {line, _opening_line(text, at)}
    return {line}


def _opening_line(text: str, at: int) -> int:
    depth = 0
    for before in range(at - 1, -1, -1):
        depth += (text[before] in "]}") - (text[before] in "[{")
        if depth < 0:
            return text.count("\n", 0, before) + 1
    raise AssertionError(text)


def row(name: str, change: str, found: Counted) -> str:
    """Return a line of the table."""
    right = found.errors - len(found.astray)
    return f"{name:<25}  {change:<17}  {found.tried:>5}  {found.errors:>6}  {right:>11}"


def main() -> int:
    """Print the table; with ``--write``, put it into the page."""
    lines = [f"{'spec':<25}  {'change':<17}  {'tried':>5}  {'errors':>6}  {'right line':>11}"]
    changes = {"character lost": count_deletions, "key renamed": count_renamed_keys}
    total = astray = 0
    for path in SPECS:
        for change, count in changes.items():
            found = count(path)
            total, astray = total + found.errors, astray + len(found.astray)
            lines.append(row(path.name, change, found))
    lines += ["", f"{total} errors, {total - astray} told at the right line"]
    table = "\n".join(lines)
    sys.stdout.write(f"{table}\n")
    if "--write" in sys.argv:
        text = PAGE.read_text(encoding="utf-8")
        block = f"\n```console\n$ make diagnostics\n{table}\n```\n"
        PAGE.write_text(BLOCK.sub(lambda _: block, text), encoding="utf-8")
    return 1 if astray else 0


if __name__ == "__main__":
    sys.exit(main())
