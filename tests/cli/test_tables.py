from __future__ import annotations

import pytest
from rich.table import Table

from layerkit.cli.tables import show
from layerkit.display.tables import new_table
from tests.helpers.terminals import terminal


def test_cells_are_never_cut_where_output_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    table = new_table({"name": "", "size": ""}, right=("size",))
    table.add_row("long " * 50 + "[bold]:smile:", "7")
    show(table)
    head, _, row = capsys.readouterr().out.splitlines()
    assert head.startswith("name ")
    assert head.endswith(" size")
    assert row == "long " * 50 + "[bold]:smile:     7"


def test_a_last_line_says_what_columns_come_to(capsys: pytest.CaptureFixture[str]) -> None:
    table = new_table({"name": "total", "size": "12"}, right=("size",))
    table.add_row("a", "12")
    show(table)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].split() == ["total", "12"]
    assert lines[-2] == lines[1]


def layers() -> Table:
    columns = {"layer": "total", "options": "", "output": "", "parameters": "669,706"}
    table = new_table(columns, right=("parameters",), wraps=("options",))
    table.add_row("data", "", "28 x 28", "")
    table.add_row("  inner.dense_1", "units=512 bias=false", "512", "401,920")
    return table


def lines(columns: int) -> list[str]:
    with terminal(columns) as screen:
        show(layers())
    return screen.lines


def test_a_column_of_words_wraps_where_all_of_its_words_fit() -> None:
    assert len(lines(58)) == len(lines(59)) == 6
    assert len(lines(57)) == 7
    assert lines(48)[3:5] == [
        "  inner.dense_1  units=512   512         401,920",
        "                 bias=false",
    ]


def test_a_table_whose_words_do_not_fit_becomes_a_list() -> None:
    assert lines(47) == [
        "layer       data",
        "output      28 x 28",
        "",
        "layer       inner.dense_1",
        "options     units=512 bias=false",
        "output      512",
        "parameters  401,920",
        "",
        "layer       total",
        "parameters  669,706",
    ]


@pytest.mark.parametrize("columns", range(24, 62))
def test_no_word_is_ever_broken(columns: int) -> None:
    words = {word for line in lines(columns) for word in line.split()}
    whole = "layer options output parameters total data 28 x 512 401,920 669,706"
    assert words - {"─" * len(lines(columns)[1])} == {
        *whole.split(),
        "inner.dense_1",
        "units=512",
        "bias=false",
    }
