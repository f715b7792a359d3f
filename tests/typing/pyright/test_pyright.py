"""What basedpyright says, which keeps no cache: ``make test-types`` runs this."""

from __future__ import annotations

from pathlib import Path

from tests.typing.checkers import CORRECT, MISTAKES, expected, said_by, write_converted


def test_pyright_says_of_every_mistake_what_is_written_there_and_nothing_of_what_is_correct(
    tmp_path: Path,
) -> None:
    said = said_by("pyright", [*MISTAKES, *CORRECT, *write_converted(tmp_path)])
    wanted = {each: lines for each in MISTAKES if (lines := expected(each, "pyright"))}
    assert said == wanted, "run 'python -m tests.typing' where a message is worded anew"
