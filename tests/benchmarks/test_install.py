from __future__ import annotations

from benchmarks.install import REQUIREMENTS, requirements


def test_requirements_are_the_lines_that_are_no_comments() -> None:
    assert requirements("# why\ntorch==2.13.0\n\n  jax>=0.7  \n") == ["torch==2.13.0", "jax>=0.7"]


def test_torch_is_installed_first_and_in_one_version() -> None:
    first, *others = requirements(REQUIREMENTS.read_text("utf-8"))
    assert first.startswith("torch==")
    assert all("<" in line for line in others)
