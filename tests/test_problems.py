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


def test_no_name_is_near_where_there_is_none() -> None:
    assert did_you_mean("tanh", []) == ""
