from __future__ import annotations

import io
import warnings

import pytest

from layerkit.cli.output import (
    plain_warnings,
    printable,
    report,
    say,
    say_facts,
    terminal_width,
    wrapped,
)
from tests.helpers.terminals import Terminal, terminal


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


def test_errors_wrap_at_words_in_a_terminal_and_the_message_stays_in_its_column() -> None:
    with terminal() as screen:
        report("layers.0.units: expected a number above 0, found 0")
    assert screen.getvalue() == (
        "error: layers.0.units: expected a number\n       above 0, found 0\n"
    )


def test_no_line_is_longer_than_the_terminal_but_for_one_with_a_longer_word() -> None:
    path = f"/data/{'very/' * 12}long.npz"
    with terminal() as screen:
        report(f"{path}: expected two-dimensional inputs of well-known shape\nand a second line")
    first, *others = screen.getvalue().splitlines()
    assert first == f"error: {path}:"
    assert all(len(line) <= 40 for line in others)
    assert others[0] == "       expected two-dimensional inputs"
    assert others[-1] == "error: and a second line"


def test_errors_are_whole_lines_where_standard_error_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    report("word " * 50)
    assert capsys.readouterr().err == f"error: {'word ' * 50}\n"


def test_facts_wrap_in_their_column() -> None:
    with terminal() as screen:
        say_facts({"network": "8 layers, 669,706 parameters: dropout, dense", "data": "x" * 50})
    assert screen.getvalue() == (
        f"network  8 layers, 669,706 parameters:\n         dropout, dense\ndata     {'x' * 50}\n"
    )


@pytest.mark.parametrize("width", [1, 5, 7, 8, 20])
def test_words_are_whole_at_any_width(width: int) -> None:
    text = "expected one of loss, accuracy"
    assert wrapped(text, width, 7).split() == text.split()


def test_the_width_is_that_of_the_terminal_or_what_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for wanted, width in (("40", 40), ("", 80), ("0", 80), ("wide", 80)):
        monkeypatch.setenv("COLUMNS", wanted)
        assert terminal_width(Terminal()) == width
    assert terminal_width(io.StringIO()) is None


def test_warnings_are_a_line_without_their_source(capsys: pytest.CaptureFixture[str]) -> None:
    with plain_warnings():
        warnings.simplefilter("always")
        warnings.warn_explicit(
            "overflow encountered\nin exp", RuntimeWarning, "/site/swish.py", 10, source=None
        )
    assert capsys.readouterr().err == (
        "warning: RuntimeWarning: overflow encountered in exp (swish.py, line 10)\n"
    )
