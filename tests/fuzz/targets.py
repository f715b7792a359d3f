"""What is fuzzed: each target takes any bytes, and raises only for what is a bug of ours."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np

from layerkit.component import Config
from layerkit.contracts.kinds import KINDS
from layerkit.display.verdicts import failed
from layerkit.display.verdicts_json import verdicts_json
from layerkit.engine.checkpoint import read_state
from layerkit.engine.data import load_data
from layerkit.errors import LayerkitError, PluginError
from layerkit.formats.checked_json import checked
from layerkit.formats.weights import read_arrays, read_note, save_checked
from layerkit.plan.network import plan_network
from layerkit.plan.warnings import warnings_of
from layerkit.registry import installed
from layerkit.rules import RULES
from layerkit.rules.example import example
from layerkit.spec.loading import parse_document, validate
from layerkit.spec.models import ModelSpec
from layerkit.spec.overrides import apply_overrides
from layerkit.spec.source import Format
from tests.hostile.cases import cases

Target: TypeAlias = Callable[[bytes], None]

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 100_000
"""Characters of a message, of 20 problems."""
LARGEST = 16 * 1024
"""Bytes of a text to begin with."""
_SPEC: dict[str, object] = {
    "layers": [{"type": "dense", "units": 2}],
    "loss": "mean_squared_error",
    "optimizer": "sgd",
}


def fuzz_spec(form: Format, content: bytes) -> None:
    """Read a spec, plan it, and word what is wrong with it."""
    text = content.decode("utf-8", "surrogateescape")
    try:
        document = parse_document(text, form, "S", ROOT / "specs")
        warnings_of(plan_network(validate(document), document.source))
    except LayerkitError as error:
        _check(error)


def fuzz_override(content: bytes) -> None:
    """Change a spec as ``--set`` does."""
    table: dict[str, object] = {**_SPEC, "training": {"epochs": 1}}
    try:
        text = content.decode("utf-8", "surrogateescape")
        validate(parse_document(json.dumps(apply_overrides(table, [text])), "json", "S", Path()))
    except LayerkitError as error:
        _check(error)
    except (TypeError, UnicodeEncodeError):  # what only this target makes JSON of: dates
        return


def fuzz_data(directory: Path, data: Mapping[str, object], content: bytes) -> None:
    """Read a data file."""
    path = directory / str(next(value for value in data.values() if "x." in str(value)))
    path.write_bytes(content)
    try:
        table = json.dumps({**_SPEC, "data": dict(data)})
        document = parse_document(table, "json", "S", directory)
        load_data(plan_network(validate(document), document.source))
    except LayerkitError as error:
        _check(error)


def fuzz_weights(directory: Path, content: bytes) -> None:
    """Read weights as a run directory has them, and a manifest."""
    path = directory / "x.safetensors"
    path.write_bytes(content)
    for read in (read_arrays, read_note, read_state):
        try:
            read(path)
        except LayerkitError as error:
            _check(error)
    try:
        checked(content, "manifest.json")
    except LayerkitError as error:
        _check(error)


def fuzz_checkpoint(directory: Path, content: bytes) -> None:
    """Read a checkpoint whose checksum is right, and whose note may be anything."""
    path = directory / "x.checkpoint"
    arrays = {"parameters": np.zeros(3, np.float32)}
    save_checked(path, arrays, content.decode("utf-8", "replace"))
    try:
        read_state(path)
    except LayerkitError as error:
        _check(error)


def _check(error: LayerkitError) -> None:
    """Check an error, which is never that of a plugin, and what is said of it."""
    if isinstance(error, PluginError) or error.exit_code not in {2, 3, 4}:
        raise AssertionError(f"expected an error of the input, found {error}") from error
    said = str(error)
    if len(said) > LONGEST:
        raise AssertionError(f"expected at most {LONGEST} characters, found {len(said)}")
    json.loads(verdicts_json([failed(Path("S"), error)], error.exit_code))


def targets(directory: Path) -> dict[str, Target]:
    """Return every target by its name; they write their files into a directory."""
    csv = {"type": "csv", "path": "x.csv", "target": "c"}
    npz = {"type": "npz", "path": "x.npz"}
    idx = {"type": "idx", "train_inputs": "x.idx", "train_labels": "x.idx", "classes": 2}
    npy = {"type": "npy", "train_inputs": "x.npy", "train_targets": "x.npy"}
    jsonl = {"type": "jsonl", "path": "x.jsonl", "target": "c"}
    return {
        "toml": partial(fuzz_spec, "toml"),
        "json": partial(fuzz_spec, "json"),
        "set": fuzz_override,
        **{
            str(data["type"]): partial(fuzz_data, directory, data)
            for data in (csv, npz, idx, npy, jsonl)
        },
        "weights": partial(fuzz_weights, directory),
        "checkpoint": partial(fuzz_checkpoint, directory),
    }


def seeds(target: str) -> Iterator[bytes]:
    """Yield inputs to begin with."""
    if target in {"toml", "json"}:
        yield from _spec_seeds(target)
    elif target == "set":
        yield from (b"training.epochs=3", b'layers.0={type="dense"}', b'a."b.c"=[1]', b"seed = x")
    elif target in {"csv", "jsonl"}:
        yield (
            b'a,b,c\n1,"x",0.5\n2,y,1\n' if target == "csv" else b'{"a": 1, "c": 2}\n{"a": null}\n'
        )
    elif target == "npy":
        yield from (_npy(np.ones((3, 2), np.float32)), _npy(np.arange(4)))
    elif target == "npz":
        content = io.BytesIO()
        np.savez(content, train_inputs=np.ones((3, 2)), train_targets=np.ones(3))
        yield content.getvalue()
    elif target == "idx":
        header = bytes([0, 0, 8, 1, 0, 0, 0, 2, 0, 1])
        yield from (header, gzip.compress(header))
    else:
        yield from _checkpoint_seeds(target)


def _spec_seeds(form: str) -> Iterator[bytes]:
    for path in sorted((ROOT / "specs").glob(f"*.{form}")):
        yield path.read_bytes()
    for rule in RULES.values():
        if rule.suffix == form:
            yield example(rule).encode()
    for case in cases():
        content = case.text.encode() if isinstance(case.text, str) else case.text or b""
        if case.suffix == f".{form}" and len(content) < LARGEST:
            yield content


def _checkpoint_seeds(target: str) -> Iterator[bytes]:
    note = '{"numbers": {"progress": {"step": 1, "epoch": 1}}, "history": []}'
    if target == "checkpoint":
        yield note.encode()
        return
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "a"
        save_checked(path, {"a": np.zeros(2, np.float32)}, note)
        yield path.read_bytes()


def _npy(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def words() -> Iterator[str]:
    """Yield words that specs are made of."""
    configs: list[type[Config]] = []
    yield from ModelSpec.model_fields
    for kind in KINDS:
        for name in installed().names(kind):
            yield name
            configs.append(installed().load(kind, name))
    yield from {field for config in configs for field in config.model_fields}
    yield from (
        '"""',
        "'''",
        "[[layers]]",
        "[data]",
        " = ",
        "nan",
        "inf",
        "\\u0000",
        "1e999",
        "true",
    )
