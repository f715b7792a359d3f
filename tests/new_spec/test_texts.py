from __future__ import annotations

import tomllib

import pytest

from layerkit.new_spec.texts import figure, is_date, is_missing_text, shown, toml_key, toml_string

ODD = ["", "a.b", 'say "hi"', "back\\slash", "two\nlines", "tab\t", "\x7f", "\x1b[31m", "größe 😀"]


@pytest.mark.parametrize("text", ODD)
def test_toml_reads_keys_and_strings_as_they_were(text: str) -> None:
    assert tomllib.loads(f"{toml_key(text)} = {toml_string(text)}") == {text: text}


@pytest.mark.parametrize("text", [*ODD, "x" * 300])
def test_what_a_comment_shows_is_one_short_line(text: str) -> None:
    assert tomllib.loads(f"# {shown(text)}") == {}
    assert shown(text).isprintable()
    assert len(shown(text)) <= 43


def test_the_usual_texts_stand_for_missing_values() -> None:
    assert all(
        map(is_missing_text, ["", " ", "NA", "n/a", "NaN", "null", "NULL", "?", "-", "#N/A"])
    )
    assert not any(map(is_missing_text, ["0", "none", "Namibia", "--", "no"]))


def test_dates_are_told_from_numbers_and_texts() -> None:
    assert all(map(is_date, ["2024-1-5", "05.01.2024", "1/5/24 10:30", "20240105", "10:30:15.5"]))
    assert not any(map(is_date, ["2024", "2024-13-01", "1.5", "20241301", "1-2"]))


def test_figures_are_short() -> None:
    found = [figure(value) for value in (7.0, 2007.0, 54_321.0, 0.123456, 1234.56)]
    assert found == ["7", "2007", "54,321", "0.1235", "1,234.6"]
