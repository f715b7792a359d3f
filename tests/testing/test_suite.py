"""Suites in a pytest of their own, on distributions that are installed for it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter

import pytest

from layerkit.testing import cases
from layerkit.testing.suite import NO_CASE, component_checks
from tests.helpers.plugins import install

GOOD = """
from typing import Literal

import numpy as np

from layerkit.plugin import Activation, ActivationConfig


class SquareConfig(ActivationConfig):
    '''The square.'''

    type: Literal["square"] = "square"


class Square(Activation[SquareConfig]):
    '''The square.'''

    def value(self, x, out):
        np.multiply(x, x, out=out)

    def derivative(self, x, y, out):
        np.multiply(x, 2, out=out)
"""
WRONG = GOOD.replace("(x, 2,", "(x, 3,").replace('"square"', '"wrong"')
BROKEN = "[layerkit.layers]\nsquares = acme_broken:Nothing\n"
SUITES = """
from layerkit.testing import cases, suite

KNOWN = "known"
test_good = suite("Acme_Square", checks=70)
test_number = suite("acme-square", checks=71)
test_shape = suite("acme-square", checks=35, cases=[cases.layer("square", input_shape=(2, 9))])
test_wrong = suite("acme-wrong", checks=70)
test_known = suite("acme-wrong", checks=70, expected_failures={"wrong:input_gradient": KNOWN})
test_mended = suite("acme-square", checks=70, expected_failures={"square:input_gradient": KNOWN})
test_unknown = suite("acme-square", checks=70, expected_failures={"square:no_check": KNOWN})
test_broken = suite("acme-broken", checks=1)
test_own_name = suite("acme-tanh", checks=70)
test_missing = suite("acme-circle", checks=1)
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What one pytest prints of all the suites."""
    site = tmp_path_factory.mktemp("site")
    install(site, "acme-square", "[layerkit.layers]\nsquare = acme_square:Square\n", module=GOOD)
    install(site, "acme-wrong", "[layerkit.layers]\nwrong = acme_wrong:Square\n", module=WRONG)
    install(site, "acme-broken", BROKEN, module=GOOD)
    tanh = WRONG.replace('"wrong"', '"tanh"')
    install(site, "acme-tanh", "[layerkit.layers]\ntanh = acme_tanh:Square\n", module=tanh)
    file = site / "test_it.py"
    file.write_text(SUITES)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=short", "-p", "no:cacheprovider", file],
        cwd=site,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def outcomes(printed: str, test: str) -> Counter[str]:
    return Counter(re.findall(rf"^([A-Z]+) test_it\.py::{test}\[", printed, re.MULTILINE))


def test_every_check_is_a_case(printed: str) -> None:
    assert "PASSED test_it.py::test_good[layer 'square' on (6,): input_gradient]" in printed
    assert outcomes(printed, "test_good") == {"PASSED": 72}


def test_the_number_of_checks_that_ran_is_printed(printed: str) -> None:
    assert "acme-wrong: 140 checks of 1 component: 136 passed, 2 failed, 2 xfailed" in printed


def test_another_number_of_checks_fails_and_says_which(printed: str) -> None:
    assert "number_of_checks: expected 71, found 70; " in printed
    assert outcomes(printed, "test_number") == {"PASSED": 71, "FAILED": 1}


def test_a_case_of_its_own_takes_the_place_of_those_that_are_found(printed: str) -> None:
    assert "PASSED test_it.py::test_shape[layer 'square' on (2, 9): input_gradient]" in printed
    assert outcomes(printed, "test_shape") == {"PASSED": 37}


def test_a_wrong_component_fails_by_the_check_that_finds_it(printed: str) -> None:
    assert "FAILED test_it.py::test_wrong[layer 'wrong' on (6,): input_gradient]" in printed
    assert outcomes(printed, "test_wrong") == {"PASSED": 70, "FAILED": 2}


def test_a_failure_that_is_expected_is_none(printed: str) -> None:
    assert outcomes(printed, "test_known") == {"PASSED": 70, "XFAIL": 2}


def test_a_failure_that_is_expected_and_does_not_come_is_one(printed: str) -> None:
    assert "[XPASS(strict)] known" in printed
    assert outcomes(printed, "test_mended") == {"PASSED": 70, "FAILED": 2}


def test_a_failure_that_is_expected_of_no_check_is_one(printed: str) -> None:
    assert "found 'square:no_check', which is none of them" in printed
    assert outcomes(printed, "test_unknown") == {"PASSED": 71, "FAILED": 1}


def test_a_component_with_the_name_of_a_built_in_is_checked_and_not_that(printed: str) -> None:
    assert outcomes(printed, "test_own_name") == {"PASSED": 70, "FAILED": 2}
    assert "test_own_name[layer 'tanh' on (6,): input_gradient]" in printed


def test_what_cannot_be_checked_fails(printed: str) -> None:
    assert "FAILED test_it.py::test_broken[layer 'squares': loads]" in printed
    assert "expected 'acme-circle' to be installed" in printed
    assert "FAILED test_it.py::test_missing[suite 'acme-circle': installed]" in printed


def test_a_component_without_a_case_fails_and_so_does_a_case_of_another_distribution() -> None:
    found = [*component_checks("layerkit", [cases.layer("relu", input_shape=(3,))])]
    with pytest.raises(AssertionError, match=r"the example of its options has no data: .*csv"):
        next(e for e in found if (e.component, e.check.name) == ("csv", NO_CASE)).check.run()
    with pytest.raises(AssertionError, match="expected a component of layerkit"):
        next(e for e in found if e.check.name == "is_of_the_distribution").check.run()
