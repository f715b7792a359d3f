"""Verdicts as JSON, for programs.

``format_version`` is ``major.minor``: a minor version adds fields, a major one removes fields or
changes what they mean. Readers pass over fields that they do not know, and refuse a major version
that they do not know.
"""

from __future__ import annotations

from collections.abc import Sequence

from layerkit.display.verdicts import Diagnostic, Region, Verdict
from layerkit.formats.json_text import json_text

FORMAT_VERSION = "1.0"


def verdicts_json(verdicts: Sequence[Verdict], exit_code: int) -> str:
    """Return verdicts as a JSON document; docs/ci.md describes its fields."""
    document: dict[str, object] = {
        "format_version": FORMAT_VERSION,
        "ok": exit_code == 0,
        "exit_code": exit_code,
        "files": [_file(verdict) for verdict in verdicts],
    }
    return json_text(document, indent=2)


def _file(verdict: Verdict) -> dict[str, object]:
    return {
        "path": str(verdict.file),
        "ok": verdict.exit_code == 0,
        "exit_code": verdict.exit_code,
        "summary": verdict.summary or None,
        "problem_count": verdict.count,
        "problems": [_problem(each) for each in verdict.diagnostics],
    }


def _problem(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.rule.code,
        "name": diagnostic.rule.name,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "path": diagnostic.path,
        "help": diagnostic.help or None,
        **_place(diagnostic.region, diagnostic.option),
        "related": [
            {"message": each.message, **_place(each.region, each.option)}
            for each in diagnostic.related
        ],
    }


def _place(region: Region | None, option: str) -> dict[str, object]:
    """Return where something is; all of it null if that is not in the file."""
    return {
        "line": region and region.line,
        "column": region and region.column,
        "end_line": region and region.end_line,
        "end_column": region and region.end_column,
        "start_byte": region and region.start_byte,
        "end_byte": region and region.end_byte,
        "option": option or None,
    }
