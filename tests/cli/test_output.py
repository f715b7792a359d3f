from __future__ import annotations

import pytest

from layerkit.cli.output import printable, report, say, say_facts


def test_results_and_errors_go_their_own_ways(capsys: pytest.CaptureFixture[str]) -> None:
    say("fine")
    report("first\nsecond")
    report("by the way", label="note")
    captured = capsys.readouterr()
    assert captured.out == "fine\n"
    assert captured.err == "error: first\nerror: second\nnote: by the way\n"


def test_control_characters_are_spelt_out() -> None:
    assert printable("a\x1b[31m\tb\nc\udcff") == "a\\x1b[31m\\tb\nc\\udcff"
    assert printable("café 層") == "café 層"


def test_facts_stand_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    say_facts({"spec": "x" * 200, "network": "5 layers"})
    assert capsys.readouterr().out == f"spec     {'x' * 200}\nnetwork  5 layers\n"
