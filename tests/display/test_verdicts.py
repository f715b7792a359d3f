from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.cli.specs import planned
from layerkit.display.verdicts import MAX_DIAGNOSTICS, Region, Verdict, failed
from layerkit.errors import DataError, FileError, LayerkitError, PluginError, UsageError
from tests.helpers.specs import PLAIN


def verdict_on(path: Path, text: str, *overrides: str, mark: bytes = b"") -> Verdict:
    path.write_bytes(mark + text.encode())
    with pytest.raises(LayerkitError) as caught:
        planned(path, overrides)
    return failed(path, caught.value)


def test_a_problem_has_its_place_in_characters_and_in_bytes(tmp_path: Path) -> None:
    text = PLAIN.replace('"tanh"', '{name = "é漢😀", type = "tanh", rat = 1}')
    _, found = verdict_on(tmp_path / "x.toml", text).diagnostics
    assert (found.rule.code, found.severity, found.path) == ("LK003", "error", "layers.1.rat")
    assert found.message == "unknown key 'rat'"
    region = found.region
    assert region is not None
    raw = (tmp_path / "x.toml").read_bytes()
    assert raw[region.start_byte : region.end_byte] == b"rat"
    line = text.splitlines()[region.line - 1]
    assert region.first_line == line
    assert line[region.column - 1 : region.end_column - 1] == "rat"
    assert region.start_byte - text.index("rat =") == 1 + 2 + 3


def test_bytes_count_a_byte_order_mark(tmp_path: Path) -> None:
    text = PLAIN.replace("seed", "sede")
    found = verdict_on(tmp_path / "x.toml", text, mark=b"\xef\xbb\xbf").diagnostics[0]
    assert found.region == Region(2, 1, 2, 5, 4, 8, "sede = 1")


def test_windows_line_ends_are_not_part_of_a_line(tmp_path: Path) -> None:
    text = PLAIN.replace("seed", "sede").replace("\n", "\r\n")
    found = verdict_on(tmp_path / "x.toml", text).diagnostics[0]
    assert found.region == Region(2, 1, 2, 5, 2, 6, "sede = 1")


def test_what_an_option_sets_is_at_the_option(tmp_path: Path) -> None:
    found = verdict_on(tmp_path / "x.toml", PLAIN, "seed=1", "optimizer.lr=1").diagnostics[0]
    assert (found.region, found.option) == (None, "--set 2")


def test_a_cause_is_another_place(tmp_path: Path) -> None:
    verdict = verdict_on(tmp_path / "x.toml", PLAIN.replace("units = 3", "units = 4"))
    (cause,) = verdict.diagnostics[0].related
    assert cause.message.startswith("the shape (4,) comes from layers.2")
    assert cause.region is not None
    assert cause.region.first_line.startswith("layers = ")


def test_an_unclosed_quote_begins_in_the_line_that_has_it(tmp_path: Path) -> None:
    (found,) = verdict_on(tmp_path / "x.toml", 'seed = 1\nloss = "abc\nx = 1\n').diagnostics
    assert found.rule.code == "LK001"
    assert found.region is not None
    assert found.region.line == 2


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FileError("x: cannot be read"), "file-error"),
        (DataError("x: too short"), "LK014"),
        (PluginError("x: cannot be imported"), "plugin-error"),
        (UsageError("--set 1: expected a path"), "usage-error"),
    ],
)
def test_other_errors_are_problems_too(error: LayerkitError, code: str) -> None:
    verdict = failed(Path("x.toml"), error)
    (found,) = verdict.diagnostics
    assert (found.rule.code, found.message, found.region) == (code, str(error), None)
    assert verdict.exit_code == error.exit_code


def test_very_many_problems_are_counted(tmp_path: Path) -> None:
    text = PLAIN + "".join(f"x{number} = 1\n" for number in range(MAX_DIAGNOSTICS + 5))
    verdict = verdict_on(tmp_path / "x.toml", text)
    assert len(verdict.diagnostics) == MAX_DIAGNOSTICS
    assert verdict.count == MAX_DIAGNOSTICS + 5
