"""Verdicts as SARIF 2.1.0, which GitHub's code scanning and editors read.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0; GitHub's
documentation, "SARIF support for code scanning".
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from layerkit.display.repository import in_repository, repository_root
from layerkit.display.verdicts import Diagnostic, Region, Verdict
from layerkit.formats.json_text import json_text
from layerkit.rules import RULES
from layerkit.rules.rule import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT_ID = "%SRCROOT%"
FINGERPRINT = "layerkit/v1"


def verdicts_sarif(verdicts: Sequence[Verdict], exit_code: int) -> str:
    """Return verdicts as a SARIF log of one run; paths are relative to the first's repository."""
    root = repository_root(verdicts[0].file) if verdicts else Path.cwd()
    rules = {rule.code: rule for rule in RULES.values()}
    rules |= {each.rule.code: each.rule for verdict in verdicts for each in verdict.diagnostics}
    numbers = {code: number for number, code in enumerate(rules)}
    results = [
        result
        for verdict in verdicts
        for result in _results(verdict, _artifact(verdict.file, root), numbers)
    ]
    driver: dict[str, object] = {
        "name": "layerkit",
        "version": version("layerkit"),
        "rules": [_rule(rule) for rule in rules.values()],
    }
    run: dict[str, object] = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "exitCode": exit_code}],
        "originalUriBaseIds": {ROOT_ID: {"uri": f"{root.as_uri().rstrip('/')}/"}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _artifact(file: Path, root: Path) -> dict[str, object]:
    relative = in_repository(file, root)
    if relative is None:
        return {"uri": file.absolute().as_uri()}
    return {"uri": quote(relative), "uriBaseId": ROOT_ID}


def _rule(rule: Rule) -> dict[str, object]:
    text = " ".join(rule.text.split())
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": f"{rule.title[:1].upper()}{rule.title[1:]}."},
        "help": {"text": text, "markdown": rule.text.strip()},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {
            "problem.severity": rule.severity,
            "precision": "very-high" if rule.severity == "error" else "high",
        },
    }


def _results(
    verdict: Verdict, artifact: dict[str, object], numbers: dict[str, int]
) -> list[dict[str, object]]:
    seen = Counter[tuple[str, str, str]]()
    return [_result(each, artifact, numbers, seen) for each in verdict.diagnostics]


def _result(
    diagnostic: Diagnostic,
    artifact: dict[str, object],
    numbers: dict[str, int],
    seen: Counter[tuple[str, str, str]],
) -> dict[str, object]:
    code = diagnostic.rule.code
    place = f"{diagnostic.option}: " if diagnostic.option else ""
    result: dict[str, object] = {
        "ruleId": code,
        "ruleIndex": numbers[code],
        "level": diagnostic.severity,
        "message": {"text": f"{place}{diagnostic.text}"},
        "locations": [{"physicalLocation": _physical(artifact, diagnostic.region)}],
        "partialFingerprints": {FINGERPRINT: _fingerprint(diagnostic, seen)},
    }
    related = [
        {
            "id": number,
            "message": {"text": each.message},
            "physicalLocation": _physical(artifact, each.region),
        }
        for number, each in enumerate(diagnostic.related)
        if each.region is not None
    ]
    return {**result, "relatedLocations": related} if related else result


def _physical(artifact: dict[str, object], region: Region | None) -> dict[str, object]:
    return {"artifactLocation": artifact, "region": _one_line(region)}


def _one_line(region: Region | None) -> dict[str, object]:
    """Return the part of a region in its first line; the first line for what is nowhere.

    GitHub shows one line, and nothing of a region without characters.
    """
    if region is None:
        line, start, end = 1, 1, 1
    else:
        length = len(region.first_line)
        end = region.end_column if region.end_line == region.line else length + 1
        start, line = min(region.column, max(1, length)), region.line
        end = min(max(end, start + 1), length + 1)
    return {"startLine": line, "startColumn": start, "endLine": line, "endColumn": end}


def _fingerprint(diagnostic: Diagnostic, seen: Counter[tuple[str, str, str]]) -> str:
    """Return what stays when lines are added above: rule, path, the line's text, and which of them.

    Numbers in the path are not part of it, as entries of a list move too.
    """
    line = "" if diagnostic.region is None else diagnostic.region.first_line.strip()
    path = ".".join(part for part in diagnostic.path.split(".") if not part.isdigit())
    facts = (diagnostic.rule.code, path, line)
    seen[facts] += 1
    digest = hashlib.sha256("\0".join(facts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{digest[:16]}:{seen[facts]}"
