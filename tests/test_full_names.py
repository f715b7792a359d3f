"""Names with their distributions, from a spec to the run that it leaves."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from layerkit.registry import installed
from layerkit.runs.directory import RunDirectory
from layerkit.schema.spec_schema import spec_schema
from layerkit.spec.dumping import to_toml
from layerkit.spec.loading import parse_spec
from layerkit.values import is_list, is_table
from tests.helpers.commands import here, in_process
from tests.helpers.plugins import install

SPEC = """
seed = 1
silence = ["LK110"]
layers = [{type = "dense", units = 4}, "%s", {type = "layerkit:dense", units = 3}]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 20, test_per_class = 10, validation = 12}
optimizer = {type = "sgd", learning_rate = 0.1}
training = {epochs = 2, batch_size = 16}
"""
ACTIVATION = """
from typing import Literal, final
from layerkit.plugin import Activation, ActivationConfig

class {name}Config(ActivationConfig):
    type: Literal["{type}"] = "{type}"

@final
class {name}(Activation[{name}Config]):
    def value(self, x, out):
        out[...] = {factor} * x

    def derivative(self, x, y, out):
        out[...] = {factor}
"""
DEFAULTS = """
[layerkit.initializers]
zeros = {0}:Missing
by_activation = {0}:Missing
[layerkit.schedules]
constant = {0}:Missing
[layerkit.layers]
flatten = {0}:Missing
tanh = {0}:Missing
twice = {0}:Twice
[layerkit.callbacks]
early_stopping = {0}:Missing
[layerkit.datasets]
arrays = {0}:Missing
"""


def install_acme(site: Path, distribution: str, factor: int) -> None:
    """Install a layer ``twice``, and broken components with the names of Layerkit's own."""
    module = distribution.lower().replace("-", "_")
    source = ACTIVATION.format(name="Twice", type="twice", factor=factor)
    install(site, distribution, DEFAULTS.format(module), module=source)
    (site / f"{distribution.replace('-', '_')}.py").rename(site / f"{module}.py")


@pytest.fixture
def acme(site: Path) -> Path:
    """Install two distributions that offer the same names."""
    install_acme(site, "Acme-Kit", 2)
    install_acme(site, "rival", 3)
    installed.cache_clear()
    return site


@pytest.fixture(autouse=True)
def _forget() -> object:
    yield
    installed.cache_clear()


@pytest.mark.usefixtures("acme")
def test_names_that_defaults_have_trouble_no_spec() -> None:
    spec = parse_spec(SPEC % "tanh")
    assert 'weight_initializer]\ntype = "by_activation"' in to_toml(spec)
    assert ":" not in to_toml(spec)


@pytest.mark.usefixtures("acme")
def test_a_spec_says_which_and_its_dump_keeps_it() -> None:
    spec = parse_spec(SPEC % "acme-kit:twice")
    assert spec == parse_spec(to_toml(spec))
    assert [layer["type"] for layer in tomllib.loads(to_toml(spec))["layers"]] == [
        "dense",
        "acme-kit:twice",
        "dense",
    ]


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("twice", 5, "write 'acme-kit:twice' or 'rival:twice', or uninstall one of them"),
        ("Acme_Kit:twice", 2, "help: did you mean 'acme-kit:twice'?"),
        ("elsewhere:twice", 2, "help: 'twice' is registered as 'acme-kit:twice' and 'rival:twice'"),
        ("rival:tanh", 5, "layer 'tanh' of rival 1.0 (rival:Missing): AttributeError"),
        (":twice", 2, "no layer named 'twice' of a distribution '' is installed"),
        ("rival:", 2, "no layer named '' of a distribution 'rival' is installed"),
        ("rival:twice:", 2, "no layer named 'twice:' of a distribution 'rival' is installed"),
    ],
)
def test_a_name_that_does_not_say_which_is_told_what_to_write(
    acme: Path, capsys: pytest.CaptureFixture[str], name: str, code: int, says: str
) -> None:
    path = acme / "spec.toml"
    path.write_text(SPEC % name)
    ran = here(capsys, "validate", path)
    assert ran.code == code
    assert says in ran.err


@pytest.mark.usefixtures("acme")
def test_json_takes_full_names_and_so_does_the_schema() -> None:
    spec = parse_spec(SPEC % "acme-kit:twice")
    table: object = json.loads(json.dumps(spec.model_dump(mode="json", exclude_none=True)))
    assert parse_spec(json.dumps(table), "json") == spec
    schema, _ = spec_schema()
    definitions = schema["$defs"]
    assert is_table(definitions)
    assert {"layer.acme-kit:twice", "layer.rival:twice", "layer.tanh"} <= definitions.keys()
    assert "layer.twice" not in definitions
    layer = definitions["layer"]
    assert is_table(layer)
    names = layer["oneOf"]
    assert is_list(names)
    assert is_table(names[0])
    assert is_list(names[0]["enum"])
    assert "acme-kit:twice" in names[0]["enum"]


@pytest.mark.usefixtures("acme")
def test_components_are_listed_and_shown_by_full_names(capsys: pytest.CaptureFixture[str]) -> None:
    listed = here(capsys, "plugins", "list", "rival:twice")
    assert listed.code == 0
    assert [line.split()[:4] for line in listed.out.splitlines()[2:]] == [
        ["layer", "rival:twice", "rival", "1.0"]
    ]
    for name in ("acme-kit:twice", "layer:acme-kit:twice"):
        shown = here(capsys, "plugins", "show", name)
        assert (shown.code, shown.err) == (0, "")
        assert "Acme-Kit 1.0" in shown.out
        assert 'layers = ["acme-kit:twice"]' in shown.out
    unknown = here(capsys, "plugins", "show", "acme-kit:twise")
    assert unknown.code == 2
    assert "did you mean 'acme-kit:twice'?" in unknown.err
    assert here(capsys, "plugins", "show", "twice").code == 5


def test_a_run_and_its_record_keep_which_it_was(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    install_acme(one, "Acme-Kit", 2)
    install_acme(two, "rival", 3)
    (tmp_path / "spec.toml").write_text(SPEC % "twice")
    alone = {"PYTHONPATH": str(one)}
    ran = in_process("run", "spec.toml", "--out", "run", cwd=tmp_path, extra=alone)
    assert ran.code == 0, ran.err
    record = RunDirectory(tmp_path / "run")
    assert record.read_manifest()["distributions"] == {"layerkit": "0.1.0", "Acme-Kit": "1.0"}
    assert '\ntype = "twice"' in (tmp_path / "run" / "spec.toml").read_text()
    both = {"PYTHONPATH": f"{one}:{two}"}
    resumed = in_process("resume", "run", "--epochs", "3", cwd=tmp_path, extra=both)
    assert resumed.code == 0, resumed.err
    assert '\ntype = "acme-kit:twice"' in (tmp_path / "run" / "spec.toml").read_text()
    assert record.read_manifest()["distributions"] == {"layerkit": "0.1.0", "Acme-Kit": "1.0"}
    again = in_process("resume", "run", "--epochs", "4", cwd=tmp_path, extra=both)
    assert again.code == 0, again.err
