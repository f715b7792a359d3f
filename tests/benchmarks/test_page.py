from __future__ import annotations

from pathlib import Path

import pytest

import benchmarks
from benchmarks.page import page
from benchmarks.results import PATH, read

from .made_up import results

PAGE = Path(benchmarks.__file__).parent.parent / "docs" / "performance.md"


def test_the_page_says_what_was_measured_on_what_and_when() -> None:
    text = page(results())
    assert "Measured on A processor, 2 cores, Linux x86_64, Python 3.11.7; numpy 2.4.6; " in text
    assert "; NumPy's BLAS is openblas 0.3.31 (SkylakeX)." in text
    assert "Measured on 2026-11-23; others kept the cores 1% busy just before." in text


def test_the_page_names_what_did_not_install_and_what_did_not_run() -> None:
    text = page(results())
    assert "Not installed: jax>=0.7 (ERROR: no matching distribution)" in text
    assert "| jax | did not run: ModuleNotFoundError: No module named 'jax' |" in text


def test_the_page_has_a_section_for_what_was_measured_and_none_for_the_rest() -> None:
    headings = [line for line in page(results()).splitlines() if line.startswith("## ")]
    assert headings == ["## Goals", "## Side by side", "## Where a step's time goes"]


@pytest.mark.skipif(not PATH.exists(), reason="nothing has been measured yet")
def test_the_page_in_the_documentation_is_made_from_the_results() -> None:
    assert PAGE.read_text("utf-8") == page(read(PATH)), "run 'python -m benchmarks --page'"
