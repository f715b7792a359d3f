from __future__ import annotations

import pytest

from layerkit.cli.tables import new_table, show


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
