"""``layerkit validate``: specs, one after another, good or not."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from layerkit.cli.output import printable, report_error, report_lines, say, write
from layerkit.cli.spec_files import spec_files
from layerkit.cli.specs import checked
from layerkit.display.describe import size_text
from layerkit.display.verdicts import Verdict, diagnostics_of, failed
from layerkit.errors import FileError, LayerkitError, UsageError
from layerkit.messages import cut
from layerkit.problems import did_you_mean
from layerkit.spec.diagnostics import lines_of

CLEAR = "\x1b[2J\x1b[3J\x1b[H"
"""Empties a terminal, with what was scrolled out of it."""
EVERY = 0.25
"""Seconds between two looks at the files that are watched."""


class OutputFormat(StrEnum):
    """For whom verdicts are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def format_of(name: str, *, watch: bool) -> OutputFormat:
    """Return the format of a name.

    Raises
    ------
    UsageError
        If there is none, or specs that are watched are to be printed in another format than text.
    """
    names = [each.value for each in OutputFormat]
    if name not in names:
        hint = did_you_mean(name, names)
        found = f"found '{cut(name, 60)}'" + (f"; {hint}" if hint else "")
        raise UsageError(f"--format: expected {', '.join(names[:-1])} or {names[-1]}, {found}")
    if watch and name != OutputFormat.TEXT:
        raise UsageError(f"--watch: expected --format text, found '{name}'; leave out one of them")
    return OutputFormat(name)


def validate_specs(
    asked: Sequence[Path],
    overrides: Sequence[str] = (),
    output_format: OutputFormat = OutputFormat.TEXT,
    *,
    strict: bool = False,
) -> int:
    """Print what is to be said of each spec; return the exit code of the first bad one, or 0.

    Parameters
    ----------
    asked
        Files, patterns and directories; see `spec_files`.
    overrides
        Changes to each of the specs.
    output_format
        Text goes to standard output and standard error as it is found; the other formats go to
        standard output at the end.
    strict
        Whether warnings are errors.
    """
    as_text = output_format is OutputFormat.TEXT
    verdicts = [*_verdicts(asked, overrides, as_text=as_text, strict=strict)]
    exit_code = next((each.exit_code for each in verdicts if each.exit_code), 0)
    if not as_text:
        write(f"{_printed(verdicts, exit_code, output_format)}\n")
    return exit_code


def _printed(verdicts: Sequence[Verdict], exit_code: int, output_format: OutputFormat) -> str:
    """Return verdicts in a format for other programs, which is imported when it is asked for."""
    if output_format is OutputFormat.GITHUB:
        from layerkit.display.verdicts_github import verdicts_github

        return printable(verdicts_github(verdicts))
    if output_format is OutputFormat.JSON:
        from layerkit.display.verdicts_json import verdicts_json

        return verdicts_json(verdicts, exit_code)
    from layerkit.display.verdicts_sarif import verdicts_sarif

    return verdicts_sarif(verdicts, exit_code)


def watch_specs(
    asked: Sequence[Path], overrides: Sequence[str] = (), *, strict: bool = False
) -> int:
    """Validate specs, and again whenever one of them is saved, until Ctrl-C."""
    before: object = None
    while True:
        now = [*_states(asked)]
        if now != before:
            before = now
            if sys.stdout.isatty():
                write(CLEAR)
            validate_specs(asked, overrides, strict=strict)
            say(f"watching {len(now)} file{'' if len(now) == 1 else 's'}; Ctrl-C ends it")
        time.sleep(EVERY)


def _verdicts(
    asked: Iterable[Path], overrides: Sequence[str], *, as_text: bool, strict: bool
) -> Iterator[Verdict]:
    for path in spec_files(asked):
        try:
            if isinstance(path, FileError):
                raise path
            found = checked(path, overrides, strict=strict)
        except LayerkitError as error:
            named = path if isinstance(path, Path) else Path(str(error).partition(": ")[0])
            if as_text:
                # What plugins and data say does not name the spec.
                report_error(error, str(named))
            yield Verdict(named, error.exit_code) if as_text else failed(named, error)
        else:
            summary = size_text(found.plan)
            if as_text:
                report_lines(lines_of(found.source, found.warnings))
                say(f"{path}: ok ({summary})")
                yield Verdict(path, 0)
                continue
            warnings = diagnostics_of(found.source, found.warnings)
            yield Verdict(path, 0, warnings, len(warnings), summary)


def _states(asked: Iterable[Path]) -> Iterator[tuple[str, int, int]]:
    """Yield what tells whether a spec was saved: its name, time and size."""
    for path in spec_files(asked):
        try:
            status = None if isinstance(path, FileError) else path.stat()
        except (OSError, ValueError):
            status = None
        yield str(path), status.st_mtime_ns if status else 0, status.st_size if status else -1
