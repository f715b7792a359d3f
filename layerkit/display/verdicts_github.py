"""Verdicts as workflow commands, which GitHub shows beside the lines of a pull request.

The commands are described in GitHub's documentation, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from layerkit.display.repository import in_repository, repository_root
from layerkit.display.verdicts import Diagnostic, Verdict
from layerkit.spec.diagnostics import MAX_PROBLEMS


def verdicts_github(verdicts: Iterable[Verdict]) -> str:
    """Return a line for every problem, and one for every good spec that is no command."""
    return "\n".join(line for verdict in verdicts for line in _lines(verdict))


def _lines(verdict: Verdict) -> Iterator[str]:
    file = in_repository(verdict.file, repository_root(verdict.file)) or str(verdict.file)
    for diagnostic in verdict.diagnostics[:MAX_PROBLEMS]:
        yield _command(diagnostic, file)
    if (more := verdict.count - MAX_PROBLEMS) > 0:
        text = f"and {more} more problem{'s' if more > 1 else ''}"
        yield f"::error file={_property(file)}::{text}"
    if verdict.exit_code == 0:
        # A name that begins with colons is no command either.
        yield f"validated {_data(str(verdict.file))}: ok ({verdict.summary})"


def _command(diagnostic: Diagnostic, file: str) -> str:
    properties: dict[str, object] = {"file": file}
    region = diagnostic.region
    if region is not None:
        properties |= {"line": region.line, "endLine": region.end_line}
        if region.line == region.end_line:  # columns have no meaning else
            properties |= {"col": region.column, "endColumn": region.end_column}
    properties["title"] = diagnostic.rule.code
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    text = f"{diagnostic.option}: {diagnostic.text}" if diagnostic.option else diagnostic.text
    return f"::{diagnostic.severity} {listed}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
