from __future__ import annotations

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

import layerkit as lk
from layerkit import datasets, layers, losses, metrics, optimizers
from layerkit.component import Config, Kind
from layerkit.contracts.kinds import KINDS
from layerkit.registry import installed
from layerkit.schema.examples import example_of
from layerkit.spec.python_text import to_python
from layerkit.strict_model import StrictModel
from tests.helpers.plugins import install_plugin
from tests.helpers.specs import small_spec

COMPONENTS = [(kind, name) for kind in KINDS for name in installed().names(kind)]


def imported(path: Path) -> object:
    found = spec_from_file_location("written", path)
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return vars(module)["spec"]


def ruff_complaints(directory: Path) -> str:
    """Return what ruff, as a project of a user has it, would change or complain of."""
    ruff, told = Path(sys.executable).with_name("ruff"), ""
    for width in ("88", "100", "120"):
        options = ["--isolated", "--no-cache", f"--config=line-length={width}"]
        for verb in (["format", "--check", "--diff"], ["check", "--select", "ALL"]):
            ignored = (
                ["--ignore", "INP001,D203,D213,COM812,FBT003,CPY001"] if verb[0] == "check" else []
            )
            command = [str(ruff), *verb, *options, *ignored, "."]
            # In its directory: here layerkit would count as the project's own package.
            done = subprocess.run(
                command, cwd=directory, capture_output=True, text=True, check=False
            )
            told += "" if done.returncode == 0 else f"{width}: {done.stdout}{done.stderr}"
    return told


def a_spec_of(path: Path) -> lk.ModelSpec:
    """Return a spec with every kind of value that an option can have."""
    return lk.ModelSpec(
        data=datasets.Csv(
            path=path,
            target=("wide", "high", "deep", "weight in grams", "price in cents", "age in days"),
            columns={
                "plain": lk.NumberColumn(),
                'a "quoted" name': lk.NumberColumn(missing="keep"),
                "it's": lk.CategoryColumn(categories=("a\tb", "\\", "é", 'both \' and " "')),
            },
            fold=lk.Fold(number=2, of=3),
            validation=0.25,
            decimal=".",
        ),
        layers=[
            layers.FillMissing(),
            layers.Parallel(branches=((), (layers.Dense(units=3), layers.Tanh()))),
            layers.Dense(units=6, bias=False),
        ],
        loss=losses.MeanSquaredError(),
        ties=[lk.Tie(parameter="dense_2.weight", shares="dense_1.weight", transposed=True)],
        optimizer=optimizers.Adam(
            learning_rate=1e-12,
            groups=(lk.ParameterGroup(parameters=("*.bias",), rate=0.5),),
        ),
        metrics=[metrics.R2()],
        training=lk.Training(batch_size="full", early_stopping=lk.EarlyStopping(patience=3)),
    )


@pytest.mark.parametrize(("kind", "name"), COMPONENTS, ids=lambda each: str(each)[:40])
def test_an_example_of_every_component_is_equal_when_imported(
    kind: Kind[Config], name: str, tmp_path: Path
) -> None:
    config = installed().load(kind, name)
    example = example_of(config, installed())
    assert example is not None
    made = config.model_validate(example)
    path = tmp_path / "written.py"
    path.write_text(to_python(made, "A part of a spec.", tmp_path))
    assert imported(path) == made


def test_every_kind_of_value_is_equal_when_imported_and_laid_out_as_ruff_does(
    tmp_path: Path,
) -> None:
    paths = [
        tmp_path / "a.csv",
        tmp_path / "a directory with a rather long name" / "and a file with a long name.csv",
        Path("/elsewhere/a.csv"),
        Path("/elsewhere/a directory with a rather long name/and a file.csv"),
    ]
    for number, path in enumerate(paths):
        spec, file = a_spec_of(path), tmp_path / f"spec{number}.py"
        file.write_text(to_python(spec, "A spec.", tmp_path))
        assert imported(file) == spec
    assert ruff_complaints(tmp_path) == ""
    first = (tmp_path / "spec0.py").read_text()
    assert 'path=Path(__file__).parent / "a.csv"' in first
    assert str(tmp_path) not in first  # it may be moved with its data


def test_what_has_its_default_is_not_written(tmp_path: Path) -> None:
    made = optimizers.Adam(learning_rate=0.001, beta1=0.9, epsilon=1e-6)
    assert to_python(made, "An optimizer.", tmp_path) == (
        '"""An optimizer."""\n\nimport layerkit as lk\nfrom layerkit import optimizers\n\n'
        "spec = optimizers.Adam(epsilon=1e-06)\n"
    )


PLUGIN = """
from typing import Annotated, Literal, final

from pydantic import BeforeValidator, PlainValidator

from layerkit.plugin import Activation, ActivationConfig, Array


class ReluConfig(ActivationConfig):
    type: Literal["my_relu"] = "my_relu"
    {option}


@final
class MyRelu(Activation[ReluConfig]):
    def value(self, x: Array, out: Array) -> None: ...
    def derivative(self, x: Array, y: Array, out: Array) -> None: ...
"""


def written_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, *layers_: str
) -> str:
    """Return a spec with a plugin's layer, as Python."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    registry = install_plugin(tmp_path, source, layers="MyRelu")
    listed = ", ".join((f'"{each}"' if each.isidentifier() else each) for each in layers_)
    spec = small_spec(f"layers=[{listed}]", registry=registry)
    return to_python(spec, "A spec.", tmp_path)


def test_two_classes_of_one_name_get_two_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = PLUGIN.format(option="").replace('"my_relu"', '"MyRelu"')
    text = written_with(tmp_path, monkeypatch, source, "relu", "MyRelu")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "written.py").write_text(text)
    assert "from layerkit_relu.relu import ReluConfig\n" in text
    assert " import ReluConfig as ReluConfig2\n" in text
    made = imported(tmp_path / "specs" / "written.py")
    assert isinstance(made, lk.ModelSpec)
    assert type(made.layers[0]).__module__ == "layerkit_relu.relu"
    assert ruff_complaints(tmp_path / "specs") == ""


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        (
            "size: Annotated[complex, PlainValidator(complex)] = 1j",
            "size = 2",
            "the value of 'size' cannot be written as Python: it is (2+0j)",
        ),
        (
            "size: Annotated[int, BeforeValidator(lambda text: len(text))] = 1",
            'size = "four"',
            "expected options that make it again, found TypeError",
        ),
        (
            "size: Annotated[int, BeforeValidator(lambda number: number + 1)] = 1",
            "size = 4",
            "expected options that make it again, found that they make ReluConfig(",
        ),
    ],
)
def test_a_component_that_python_cannot_make_again_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, value: str, reason: str
) -> None:
    source = PLUGIN.format(option=option).replace('"my_relu"', '"MyRelu"')
    with pytest.raises(lk.PluginError) as caught:
        written_with(tmp_path, monkeypatch, source, f'{{type = "MyRelu", {value}}}')
    assert str(caught.value).startswith(f"layer 'MyRelu' of plugin-in-{tmp_path.name}"[:20])
    assert reason in str(caught.value)


def test_parts_that_are_no_components_are_written_too(tmp_path: Path) -> None:
    parts: list[StrictModel] = [lk.Training(), lk.Checkpoints(keep=2), lk.Fold(number=1, of=2)]
    for part in parts:
        path = tmp_path / "written.py"
        path.write_text(to_python(part, "A part.", tmp_path))
        assert imported(path) == part
