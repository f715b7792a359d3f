from __future__ import annotations

import pytest

from benchmarks.parts.step_profile import PYTHON

from .made_up import profile


def test_the_parts_make_the_whole_step() -> None:
    parts = profile().typical.parts()
    assert sum(parts.values()) == pytest.approx(1e6 * 1.0 / 100)
    assert parts[PYTHON] == pytest.approx(2000)


def test_the_run_in_the_middle_is_shown() -> None:
    assert profile().typical.seconds == 1.0


def test_the_named_share_leaves_out_the_rest() -> None:
    assert profile().named_share() == pytest.approx(0.8)
    assert profile().clocks_share() == pytest.approx(0.01)
