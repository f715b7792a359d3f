from __future__ import annotations

from collections.abc import Callable

import pytest

from layerkit.layers import Dense
from layerkit.testing.case import Case, checks_on


def run(functions: tuple[Callable[[int], None], ...]) -> None:
    Case(Dense(units=3), "layer 'dense'", checks_on("three", 3, functions)).check()


def accepts(subject: int) -> None:
    assert subject == 3


def refuses(subject: int) -> None:
    raise AssertionError(f"expected more than {subject}")


def crashes(subject: int) -> None:
    raise KeyError(subject)


def test_checks_that_pass_are_silent() -> None:
    run((accepts, accepts))


def test_a_failure_begins_with_the_name_of_its_check() -> None:
    with pytest.raises(AssertionError, match=r"^refuses: three: expected more than 3$"):
        run((accepts, refuses, crashes))


def test_any_exception_is_a_failure_of_the_check_that_met_it() -> None:
    with pytest.raises(AssertionError, match=r"^crashes: three: .*found KeyError: 3$") as failure:
        run((crashes, refuses))
    assert isinstance(failure.value.__cause__, KeyError)


def test_an_interrupt_is_not_taken_for_a_failure() -> None:
    def interrupts(subject: int) -> None:
        del subject
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run((interrupts,))


def test_a_check_has_the_name_of_its_function() -> None:
    checks = checks_on("three", 3, (accepts, refuses))
    assert [check.name for check in checks] == ["accepts", "refuses"]


def test_a_case_has_the_name_of_its_component() -> None:
    assert Case(Dense(units=3), "it", ()).component == "dense"
