"""Every built-in component passes every check that plugins are given; so does every plugin here."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from pathlib import Path

from layerkit.contracts.dataset import VectorTarget
from layerkit.contracts.kinds import KINDS
from layerkit.layers import OneHot
from layerkit.registry import installed
from layerkit.testing import cases, suite
from tests.helpers.data_files import write_data_files

PLUGINS = Path(__file__).parents[1] / "plugins"
DIRECTORY = Path(tempfile.mkdtemp())
atexit.register(shutil.rmtree, DIRECTORY, ignore_errors=True)

CASES = [
    cases.layer({"type": "columns", "columns": [2, 0]}, input_shape=(3,)),
    cases.layer(OneHot(categories=(3, 2)), input_shape=(2,)),
    cases.layer({"type": "group_norm", "groups": 2}, input_shape=(2, 3, 6)),
    cases.loss("gaussian_nll", output_shape=(6,), target=VectorTarget((3,))),
    cases.dataset("arrays"),
    *(
        cases.dataset({"type": name, **table})
        for name, table in write_data_files(DIRECTORY).items()
    ),
]

test_components = suite(
    "layerkit",
    cases=CASES,
    checks=4255,
    expected_failures=dict.fromkeys(
        (
            "arrays:counts",
            "arrays:info_is_plausible",
            "arrays:info_is_repeatable",
            "arrays:inputs",
            "arrays:loading_is_repeatable",
            "arrays:parts_are_apart",
            "arrays:targets",
            "arrays:weights",
        ),
        "it stands for arrays that are passed from Python, and has none",
    ),
)


def test_every_distribution_with_components_has_a_suite() -> None:
    registered = {
        each.distribution for kind in KINDS for each in installed().registrations(kind)
    } - {"layerkit"}
    files = [*PLUGINS.glob("*/tests/test_*_components.py")]
    found = {
        name for file in files for name in re.findall(r'suite\(\s*"([\w-]+)"', file.read_text())
    }
    assert registered == found
