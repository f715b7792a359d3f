from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from tests.typing.checkers import CORRECT, MISTAKES, expected, said_by, write_converted

CAUGHT = [each for each in MISTAKES if expected(each, "mypy") or expected(each, "pyright")]
UNCAUGHT = {
    "callback_event_of_keras_without_override",
    "component_table_with_an_unknown_key",
    "forgotten_method_without_final",
    "name_in_a_text",
    "number_out_of_range",
    "override_that_is_a_text",
}


def test_mypy_says_of_every_mistake_what_is_written_there_and_nothing_of_what_is_correct(
    tmp_path: Path,
) -> None:
    converted = write_converted(tmp_path)
    said = said_by("mypy", [*MISTAKES, *CORRECT, *converted])
    wanted = {each: lines for each in MISTAKES if (lines := expected(each, "mypy"))}
    assert said == wanted, "run 'python -m tests.typing' where a message is worded anew"
    assert len(converted) > 150


def test_there_are_many_of_both() -> None:
    assert len(CAUGHT) >= 110
    assert sum(bool(expected(each, "mypy")) for each in CAUGHT) >= 110
    assert {each.stem for each in MISTAKES} - {each.stem for each in CAUGHT} == UNCAUGHT
    assert len(CORRECT) >= 14
    assert len({each.read_text().split('"""')[1] for each in MISTAKES}) == len(MISTAKES)


@pytest.mark.parametrize("program", CORRECT, ids=lambda path: path.stem)
def test_what_is_correct_runs(program: Path) -> None:
    assert runpy.run_path(str(program))["__name__"] == "<run_path>"
