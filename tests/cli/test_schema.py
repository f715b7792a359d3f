from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from layerkit.schema.spec_schema import spec_schema
from tests.helpers.commands import here, in_process
from tests.helpers.plugins import install


def test_the_schema_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    ran = here(capsys, "schema")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == spec_schema()[0]


def test_the_schema_goes_to_a_file_and_specs_are_told_how_to_name_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = here(capsys, "schema", "--out", "spec.schema.json")
    assert ran.code == 0
    assert ran.out == "spec.schema.json: begin specs with '#:schema ./spec.schema.json'\n"
    assert json.loads(Path("spec.schema.json").read_text()) == spec_schema()[0]


def test_a_device_is_written_to_and_stays_and_so_does_a_link(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file.json").write_text("before")
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "file.json")
    assert here(capsys, "schema", "--out", link).code == 0
    assert link.is_symlink()
    assert json.loads((tmp_path / "file.json").read_text()) == spec_schema()[0]
    pipe = tmp_path / "pipe"  # as /dev/null, which root would lose
    os.mkfifo(pipe)
    with (tmp_path / "read.json").open("wb") as read:
        reader = subprocess.Popen(["/bin/cat", pipe], stdout=read)
    assert here(capsys, "schema", "--out", pipe).code == 0
    assert reader.wait(10) == 0
    assert json.loads((tmp_path / "read.json").read_text()) == spec_schema()[0]
    assert pipe.is_fifo()


def test_a_file_that_cannot_be_written_is_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = here(capsys, "schema", "--out", tmp_path / "absent" / "schema.json")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith("error: ")


def test_a_plugin_of_ones_own_is_in_it_and_a_broken_one_is_a_warning(tmp_path: Path) -> None:
    module = '''
from typing import Annotated, Literal, final
from annotated_types import Gt
from layerkit.plugin import Activation, ActivationConfig

class SwishConfig(ActivationConfig):
    """``y = x * sigmoid(sharpness * x)``.

    Attributes
    ----------
    sharpness
        Above 0.
    """

    type: Literal["swish"] = "swish"
    sharpness: Annotated[float, Gt(0)] = 1.0

@final
class Swish(Activation[SwishConfig]):
    def value(self, x, out): ...
    def derivative(self, x, y, out): ...
'''
    points = "[layerkit.layers]\nswish = swish:Swish\nbroken = swish:Broken\n"
    install(tmp_path, "swish", points, module=module)
    ran = in_process("schema", cwd=tmp_path, extra={"PYTHONPATH": str(tmp_path)})
    assert ran.code == 0
    assert ran.err.startswith("warning: left out: layer 'broken' of swish 1.0")
    swish = json.loads(ran.out)["$defs"]["layer.swish"]
    assert swish["properties"]["sharpness"] == {
        "default": 1.0,
        "description": "Above 0.",
        "exclusiveMinimum": 0,
        "type": "number",
    }
