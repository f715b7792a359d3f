from __future__ import annotations

import pytest

from layerkit.problems import did_you_mean, problem


def test_a_problem_with_braces_is_worded_as_it_stands() -> None:
    assert problem("odd", "expected {units}, found {0}").message() == "expected {units}, found {0}"


@pytest.mark.parametrize(
    ("found", "hint"),
    [
        ("tahn", "did you mean 'tanh'?"),
        ("softmax-cross-entropy", "did you mean 'softmax_cross_entropy'?"),
        ("TANH", "did you mean 'tanh'?"),
        ("convolution", ""),
        ("", ""),
    ],
)
def test_the_nearest_name_is_suggested_if_one_is_near(found: str, hint: str) -> None:
    assert did_you_mean(found, ["dense", "tanh", "softmax_cross_entropy"]) == hint


def test_all_names_that_end_in_what_was_found_are_suggested() -> None:
    names = ["binary_cross_entropy", "mean_squared_error", "softmax_cross_entropy"]
    hint = "did you mean 'binary_cross_entropy' or 'softmax_cross_entropy'?"
    assert did_you_mean("cross_entropy", names) == hint


def test_no_name_is_near_where_there_is_none() -> None:
    assert did_you_mean("tanh", []) == ""
