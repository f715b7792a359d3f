from __future__ import annotations

import tomllib

import pytest

from tools.packaging.distributions import Distribution, own_distributions
from tools.packaging.set_version import with_version


@pytest.mark.parametrize("each", own_distributions(), ids=lambda each: each.name)
def test_only_the_version_changes(each: Distribution) -> None:
    text = (each.directory / "pyproject.toml").read_text("utf-8")
    changed = with_version(text, "7.8.9")
    assert tomllib.loads(changed)["project"]["version"] == "7.8.9"
    assert with_version(changed, each.project.version) == text


@pytest.mark.parametrize("text", ["", 'version = "1"\nversion = "2"\n'])
def test_a_file_without_a_single_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected one line"):
        with_version(text, "7.8.9")
