from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from layerkit.builtin.npz import NpzConfig
from layerkit.errors import FileError, PluginError, UsageError
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.loading import load_spec, parse_document, parse_spec, read_document, validate
from layerkit.spec.parsing import MAX_BYTES
from tests.helpers.plugins import install_plugin
from tests.helpers.specs import SPEC, problems, small_spec

NPZ = """
data = {type = "npz", path = "data/train.npz"}
layers = ["tanh"]
loss = "softmax_cross_entropy"
optimizer = {type = "sgd", learning_rate = 1}
"""


def written(directory: Path, content: str | bytes, name: str = "spec.toml") -> Path:
    path = directory / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(path: Path) -> str:
    """Return what is said of a file, after its name."""
    with pytest.raises(SpecError) as caught:
        load_spec(path)
    assert caught.value.exit_code == 2
    assert str(caught.value).startswith(f"{path}:")
    said = str(caught.value).removeprefix(f"{path}:")
    return re.sub(r"^(\d+:\d+:)? error\[LK\d{3}\]: ", "", said).partition("\nhelp: ")[0]


def test_toml_and_json_files_and_strings_give_the_same_spec(tmp_path: Path) -> None:
    spec = load_spec(written(tmp_path, SPEC))
    text = json.dumps(parse_document(SPEC, "toml", "s", Path()).table)
    assert load_spec(written(tmp_path, text, "spec.json")) == spec
    assert load_spec(str(tmp_path / "spec.json")) == spec
    assert parse_spec(SPEC) == parse_spec(text, "json") == spec


def test_overrides_change_the_spec_and_not_the_document(tmp_path: Path) -> None:
    path = written(tmp_path, SPEC)
    assert load_spec(path, ["training.epochs=9", "seed=2"]).training.epochs == 9
    document = read_document(path)
    assert validate(document, ["layers.0.units=5"]) != validate(document)
    assert document.table["seed"] == 1
    with pytest.raises(UsageError):
        load_spec(path, ["training.epochs"])


def test_a_document_keeps_its_text(tmp_path: Path) -> None:
    path = written(tmp_path, SPEC)
    document = read_document(path)
    assert (document.source.text, document.source.name) == (SPEC, str(path))


@pytest.mark.parametrize("encode", ["\ufeff{}", "{}\n\n# ende"])
def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(tmp_path: Path, encode: str) -> None:
    text = encode.format(SPEC.replace("\n", "\r\n"))
    assert load_spec(written(tmp_path, text)) == parse_spec(SPEC)


def test_a_suffix_in_capitals_is_the_same_suffix(tmp_path: Path) -> None:
    assert load_spec(written(tmp_path, SPEC, "SPEC.TOML")) == parse_spec(SPEC)


@pytest.mark.parametrize("name", ["spec", "spec.yaml", "spec.toml.txt", ".toml"])
def test_a_file_of_another_suffix_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal(written(tmp_path, SPEC, name)) == "expected a name ending in .toml or .json"


@pytest.mark.parametrize(
    "name",
    ["absent.toml", "directory.toml", "spec.toml/a.toml", "a\0b.toml", "loop.toml", "x" * 300],
)
def test_a_file_that_cannot_be_read_is_a_file_error(tmp_path: Path, name: str) -> None:
    written(tmp_path, SPEC)
    (tmp_path / "directory.toml").mkdir()
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    with pytest.raises(FileError, match="cannot read the spec: ") as caught:
        load_spec(tmp_path / name)
    assert caught.value.exit_code == 4
    assert str(caught.value).startswith(f"{tmp_path / name}:")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.toml", b"seed = '\xff'", "expected UTF-8 text, found another byte at offset 8"),
        ("a.toml", SPEC.encode("utf-16"), "expected UTF-8 text, found another byte at offset 0"),
        ("a.toml", b"seed = 1\nseed = 2", "no valid TOML: Cannot overwrite a value"),
        ("a.json", b'{"seed": 1, "seed": 2}', "no valid JSON: duplicate key 'seed'"),
        ("a.json", b"[]", "expected a table at the top, found an empty list"),
        ("a.json", b"", "no valid JSON: "),
        ("a.toml", b"a = " + b"[" * 100_000, "expected at most 32 levels of nesting, found more"),
        ("a.toml", b" " * (MAX_BYTES + 1), "expected at most 256 KiB, found more"),
        ("a.toml", b"#" + "é".encode() * MAX_BYTES, "expected at most 256 KiB, found more"),
    ],
)
def test_a_file_that_cannot_be_parsed_is_refused(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    assert refusal(written(tmp_path, content, name)).startswith(reason)


def test_an_empty_file_lacks_every_required_key(tmp_path: Path) -> None:
    said = refusal(written(tmp_path, ""))
    assert [line.rpartition(": ")[2] for line in said.splitlines()] == [
        f"required key '{key}' is missing" for key in ("layers", "loss", "optimizer")
    ]


def test_relative_paths_start_at_the_directory_of_the_spec(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    specs = tmp_path / "specs"
    specs.mkdir()
    written(specs, NPZ)
    monkeypatch.chdir(tmp_path)
    for path in (Path("specs/spec.toml"), specs / "spec.toml"):
        data = load_spec(path).data
        assert isinstance(data, NpzConfig)
        assert data.path == specs / "data" / "train.npz"
    data = parse_spec(NPZ).data
    assert isinstance(data, NpzConfig)
    assert data.path == tmp_path / "data" / "train.npz"


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_file() -> None:
    assert problems(
        text="""
        sed = 1
        metrics = ["acuracy"]
        regularizers = [{type = "l2"}]
        [[layers]]
        type = "dense"
        units = 18446744073709551616
        activation = "tanh"
        [[layers]]
        [optimizer]
        momentum = nan
        type = "sgd"
        [data]
        type = "blobs\\u0000"
        """
    ) == [
        "sed: unknown key 'sed' (did you mean 'seed'?)",
        *(
            each
            for each in problems("metrics=['acuracy']", "regularizers=[{type='l2'}]")
            if each.startswith(("metrics.0: no metric named 'acuracy' is installed (did", "regul"))
        ),
        "layers.0.units: expected an integer of at most 64 bits, found one of 65 bits",
        "layers.0.activation: unknown key 'activation' (an activation is a layer of its own: write "
        "it after this one, such as 'tanh')",
        *problems("layers.1={}"),
        "optimizer.momentum: expected a finite number, found nan",
        "optimizer.learning_rate: required key 'learning_rate' is missing",
        r"data.type: expected text without NUL or surrogates, found 'blobs\x00'",
        "loss: required key 'loss' is missing",
    ]


def test_at_most_twenty_problems_are_shown(tmp_path: Path) -> None:
    text = SPEC.replace("layers = [", "layers = [" + "3, " * 30)
    lines = refusal(written(tmp_path, text)).splitlines()
    assert sum("error[LK" in line for line in lines) == 19  # and the first, cut off by `refusal`
    assert lines[-1].endswith(": and 10 more problems")


def test_a_broken_plugin_is_told_whatever_else_is_wrong(site: Path) -> None:
    registry = install_plugin(site, "import no_such_module", layers="broken")
    wrong = ("seed=true", "layers.1=3", "nothing=1")
    with pytest.raises(PluginError, match="no_such_module") as caught:
        small_spec("layers.3={type='broken', units=3}", *wrong, registry=registry)
    assert caught.value.exit_code == 5
    assert len(problems(*wrong, registry=registry)) == 3


def test_a_plugin_whose_options_fail_to_validate_is_at_fault(site: Path) -> None:
    source = """
from typing import Literal
from pydantic import model_validator
from layerkit.plugin import Activation, ActivationConfig

class Options(ActivationConfig):
    type: Literal["careless"] = "careless"
    slope: float = 1

    @model_validator(mode="after")
    def check(self):
        return {1: self}[self.slope]

class careless(Activation[Options]):
    def value(self, x, out): ...
    def derivative(self, x, y, out): ...
"""
    registry = install_plugin(site, source, layers="careless")
    assert small_spec("layers.1=careless", registry=registry).layers[1].type_name() == "careless"
    with pytest.raises(
        PluginError, match=r"^layer 'careless' of .*: check failed with KeyError: 2\.0 \("
    ) as caught:
        small_spec("layers.1={type='careless', slope=2}", registry=registry)
    assert isinstance(caught.value.__cause__, KeyError)


def test_a_plugin_nested_in_a_plugin_is_told_by_its_path(site: Path) -> None:
    source = """
from typing import Annotated, Literal
from pydantic import Strict
from layerkit.plugin import AnyLayer, Layer, LayerConfig

class Options(LayerConfig):
    type: Literal["wrap"] = "wrap"
    layers: Annotated[tuple[AnyLayer, ...], Strict(False)]

    def plan(self, x):
        return self.layers[0].plan(x)

class wrap(Layer[Options]):
    def forward(self, x, *, training): ...
    def backward(self, dy): ...
"""
    registry = install_plugin(site, source, layers="wrap")
    inner = "{type='wrap', layers=['tanh', {type='dense', unit=3}, 'tahn', 'dense']}"
    said = problems(f"layers.1={{type='wrap', layers=[{inner}, 3]}}", registry=registry)
    assert [each.split(": ")[0] for each in said] == [
        "layers.1.layers.0.layers.1.unit",
        "layers.1.layers.0.layers.2",
        "layers.1.layers.0.layers.3.units",
        "layers.1.layers.1",
    ]
