"""What newcomers from Keras, PyTorch and scikit-learn write: it runs, or says what to type instead.

The programs were written down before their authors had looked at the API; where one came upon a
missing name, it was kept as one more program, next to another that goes on. ``programs/NAME.txt``
is what ``programs/NAME.py`` prints, with the error that ends it, if one does.
"""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from pydantic import ValidationError

from layerkit.errors import LayerkitError

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
EXPECTED = (LayerkitError, ValidationError, AttributeError, ImportError)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_runs_or_says_what_to_type(
    program: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = ""
    try:
        runpy.run_path(str(program))
    except EXPECTED as error:
        ended = f"{type(error).__name__}: {error}\n"
    found = f"{capsys.readouterr().out}{ended}"
    assert found == program.with_suffix(".txt").read_text(encoding="utf-8")


def test_there_are_more_than_ten_and_some_run_to_their_end() -> None:
    ends = [path.with_suffix(".txt").read_text(encoding="utf-8") for path in PROGRAMS]
    failed = [text for text in ends if re.search(r"^\w+Error: ", text, re.MULTILINE)]
    assert len(PROGRAMS) >= 10
    assert len(PROGRAMS) - len(failed) >= 4
