from __future__ import annotations

import subprocess
import sys

import pytest

import layerkit
from layerkit import api


def test_every_name_leads_somewhere_and_there_are_at_most_forty() -> None:
    assert 1 <= len(api.__all__) <= 40
    for name in api.__all__:
        assert getattr(layerkit, name) is getattr(api, name)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nowhere"):
        getattr(layerkit, "nowhere")  # noqa: B009  # a type checker would see through it


def test_importing_layerkit_waits_for_nothing() -> None:
    script = "import sys, layerkit; print(sorted({'numpy', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
