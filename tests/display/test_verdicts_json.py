from __future__ import annotations

import json
from pathlib import Path

from layerkit.display.verdicts import Diagnostic, Region, Related, Verdict
from layerkit.display.verdicts_json import FORMAT_VERSION, verdicts_json
from layerkit.rules import RULES


def test_every_field_of_format_1_0_is_there() -> None:
    region = Region(3, 5, 3, 9, 20, 24, "abc lear = 1")
    found = Diagnostic(
        RULES["shape"], "error", "m", "layers.0", "h", region, "", (Related("r", None, "--set 1"),)
    )
    bad, good = Verdict(Path("x.toml"), 2, (found,), 1), Verdict(Path("y.toml"), 0, summary="s")
    nowhere = dict.fromkeys(
        ("line", "column", "end_line", "end_column", "start_byte", "end_byte"), None
    )
    place = {
        "line": 3,
        "column": 5,
        "end_line": 3,
        "end_column": 9,
        "start_byte": 20,
        "end_byte": 24,
        "option": None,
    }
    problem = {
        "code": "LK008",
        "name": "shape",
        "severity": "error",
        "message": "m",
        "path": "layers.0",
        "help": "h",
        **place,
        "related": [{"message": "r", **nowhere, "option": "--set 1"}],
    }
    # A field may be added in 1.1; to remove one or to change its meaning is 2.0.
    assert FORMAT_VERSION == "1.0"
    assert json.loads(verdicts_json([bad, good], 2)) == {
        "format_version": "1.0",
        "ok": False,
        "exit_code": 2,
        "files": [
            {
                "path": "x.toml",
                "ok": False,
                "exit_code": 2,
                "summary": None,
                "problem_count": 1,
                "problems": [problem],
            },
            {
                "path": "y.toml",
                "ok": True,
                "exit_code": 0,
                "summary": "s",
                "problem_count": 0,
                "problems": [],
            },
        ],
    }
