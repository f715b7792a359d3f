"""Specs that somebody made to do harm, each with its name and how it must end."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np

Prepare: TypeAlias = Callable[[Path], None]

LAYERS = 'layers = [{type = "dense", units = 4}, "tanh", {type = "dense", units = 3}]\n'
LOSS = 'loss = "softmax_cross_entropy"\n'
OPTIMIZER = 'optimizer = {type = "sgd", learning_rate = 0.1}\n'
DATA = 'data = {type = "blobs", validation = 100}\n'
GOOD = LAYERS + LOSS + OPTIMIZER + DATA
DEEP = 100_000
LONG = 100_000


@dataclass(frozen=True, slots=True)
class Case:
    """A hostile spec.

    Attributes
    ----------
    name
        What it tries.
    text
        The spec, as text or as bytes; None if `prepare` makes the file.
    code
        The exit code that it must end with.
    suffix
        Of its file.
    options
        Of the command line.
    prepare
        Makes other files in the directory of the spec.
    """

    name: str
    text: str | bytes | None
    code: int = 2
    suffix: str = ".toml"
    options: tuple[str, ...] = field(default=())
    prepare: Prepare | None = None


def cases() -> Iterator[Case]:
    """Yield every case."""
    yield from _texts()
    yield from _json_texts()
    yield from _keys()
    yield from _numbers()
    yield from _strings()
    yield from _sizes()
    yield from _options()
    yield from _files()
    yield from _data_files()


def _texts() -> Iterator[Case]:
    yield Case("empty", "")
    yield Case("only_spaces", " \t\n" * 1000)
    yield Case("only_a_comment", "# nothing")
    yield Case("nul_bytes", b"\0" * 1000)
    yield Case("nul_in_a_good_spec", GOOD.encode() + b"\0")
    yield Case("random_bytes", bytes(range(256)) * 4)
    yield Case("utf_16", GOOD.encode("utf-16"))
    yield Case("utf_32", GOOD.encode("utf-32"))
    yield Case("latin_1", 'seed = "\xe9"'.encode("latin-1"))
    yield Case("overlong_utf_8", b'seed = "\xc0\x80"')
    yield Case("cut_utf_8", GOOD.encode() + b"# \xe2\x82")
    yield Case("surrogate_in_utf_8", b'loss = "\xed\xa0\x80"')
    yield Case("two_byte_order_marks", b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD.encode())
    yield Case("only_a_byte_order_mark", b"\xef\xbb\xbf")
    yield Case("old_mac_line_ends", GOOD.replace("\n", "\r"))
    yield Case("form_feeds", GOOD.replace("\n", "\f"))
    yield Case("larger_than_the_limit", "# " + "x" * 300 * 1024)
    yield Case("megabytes", "x" * 20 * 2**20)
    yield Case("deep_lists", "x = " + "[" * DEEP + "]" * DEEP)
    yield Case("deep_open_lists", "x = " + "[" * DEEP)
    yield Case("deep_inline_tables", "x = " + "{a = " * 40_000 + "1" + "}" * 40_000)
    yield Case("deep_dotted_keys", ".".join(["a"] * DEEP) + " = 1")
    yield Case("deep_headers", "[" + ".".join(["a"] * DEEP) + "]")
    yield Case("deep_quoted_keys", ".".join(['"a"'] * 50_000) + " = 1")
    yield Case("deep_keys_with_spaces", " . ".join(["a"] * 50_000) + " = 1")
    yield Case("many_deep_headers", "".join(f"[{'a.' * 30}b{i}]\n" for i in range(3000)))
    yield Case("unclosed_string", 'loss = "' + "x" * LONG)
    yield Case("unclosed_long_string", 'loss = """' + 'x" ' * 50_000)
    yield Case("many_quotes", '"' * LONG)
    yield Case("many_backslashes", 'loss = "' + "\\" * LONG)
    yield Case("many_equals", "=" * LONG)
    yield Case("many_commas", "x = [" + "," * LONG)
    yield Case("many_newlines", "\n" * LONG + "=")
    yield Case("many_list_entries", GOOD + "x = [" + "1," * LONG + "]")
    yield Case("many_list_tables", GOOD + "[[layers2]]\n" * 15_000)
    yield Case("banner_before_a_missing_comma", f"x = [1, {'#' * 500}\n 2 3]")
    yield Case("comments_before_a_missing_comma", "x = [1" + "\n#" * LONG + "\n 2]")
    yield Case("blanks_before_a_missing_comma", "x = [1" + " \n" * LONG + " 2]")
    yield Case("same_key_twice", "seed = 1\nseed = 2\n")
    yield Case("same_table_twice", "[data]\n[data]\n")
    yield Case("table_and_key", "data = 1\n[data]\n")
    yield Case("json_in_toml", '{"layers": []}')


def _json_texts() -> Iterator[Case]:
    for name, text in {
        "json_empty": "",
        "json_null": "null",
        "json_list": "[]",
        "json_number": "1",
        "json_string": '"layers"',
        "json_nan": '{"seed": NaN}',
        "json_infinity": '{"seed": -Infinity}',
        "json_deep_lists": "[" * DEEP + "]" * DEEP,
        "json_deep_tables": '{"a":' * 40_000 + "1" + "}" * 40_000,
        "json_deep_open": '{"a":' * 40_000,
        "json_same_key_twice": '{"seed": 1, "seed": 2}',
        "json_long_number": '{"seed": ' + "9" * LONG + "}",
        "json_long_fraction": '{"seed": 0.' + "9" * LONG + "}",
        "json_huge_exponent": '{"seed": 1e999999999}',
        "json_lone_surrogate": '{"loss": "\\ud800"}',
        "json_nul": '{"loss": "\\u0000"}',
        "json_surrogate_key": '{"\\udfff": 1}',
        "json_trailing_comma": '{"seed": 1,}',
        "json_two_documents": '{"seed": 1}{"seed": 1}',
        "json_many_keys": "{" + ",".join(f'"k{i}":1' for i in range(15_000)) + "}",
        "json_banner_before_a_missing_comma": f'{{"a": "{"#" * 500}\\n", "b": "#" "c"}}',
        "json_blanks_before_a_missing_comma": '{"a": 1' + "\n" * LONG + '"b": 2}',
        "json_empty_key": '{"": {"": {"": 1}}}',
    }.items():
        yield Case(name, text, suffix=".json")


def _keys() -> Iterator[Case]:
    yield Case("long_key", GOOD + "x" * LONG + " = 1")
    yield Case("many_unknown_keys", GOOD + "".join(f"k{i} = 1\n" for i in range(15_000)))
    yield Case("long_similar_keys", GOOD + "".join(f"optimizer{i} = 1\n" for i in range(5_000)))
    yield Case("key_with_escapes", GOOD + '"\\u001b[2J" = 1')
    yield Case("key_right_to_left", GOOD + '"\u202eseed" = 1')
    yield Case("key_of_python", GOOD + "__class__ = 1\n__init__ = 2\n")
    yield Case("key_of_pydantic", GOOD + "model_config = 1\nmodel_fields = 2\n")
    yield Case("key_in_a_layer", GOOD.replace("units = 4", "units = 4, " + "x" * 50_000 + " = 1"))
    yield Case("empty_key", GOOD + '"" = 1')


def _numbers() -> Iterator[Case]:
    huge = "1" + "0" * 4000
    for name, value in {
        "huge": huge,
        "beyond_64_bits": str(2**63),
        "negative": "-1",
        "minus_2_63": str(-(2**63)),
        "float": "4.0",
        "nan": "nan",
        "infinity": "inf",
        "true": "true",
        "date": "2026-01-01",
        "list": "[4]",
        "table": "{}",
        "string": '"4"',
        "zero": "0",
    }.items():
        yield Case(f"units_{name}", GOOD.replace("units = 4", f"units = {value}"))
    yield Case("longer_than_python_converts", f"seed = {'9' * LONG}")
    yield Case("hexadecimal_of_100_kB", f"seed = 0x{'f' * LONG}")
    for name, value in {"nan": "nan", "infinity": "-inf", "overflow": "1e999"}.items():
        yield Case(f"learning_rate_{name}", GOOD.replace("0.1}", f"{value}}}"))


def _strings() -> Iterator[Case]:
    for name, value in {
        "of_100_kB": "x" * LONG,
        "of_a_module": "os.system",
        "of_a_path": "../../etc/passwd",
        "with_escapes": "\\u001b]0;pwned\\u0007",
        "with_nul": "\\u0000",
        "with_newlines": "a\\nerror: all is well\\n",
        "of_github_commands": "\\n::add-mask::x",
        "of_a_format": "{0.__class__} %s %n",
        "similar_to_all": "e" * 5_000,
    }.items():
        yield Case(f"name_{name}", GOOD.replace("softmax_cross_entropy", value))
    pattern = "(a+)+$" * 1000
    weights = f'regularizers = [{{type = "l2", strength = 1.0, parameters = ["{pattern}"]}}]\n'
    yield Case("pattern_that_is_slow_to_search", GOOD + weights)
    stars = "*a" * 2000
    weights = f'regularizers = [{{type = "l2", strength = 1.0, parameters = ["{stars}"]}}]\n'
    yield Case("pattern_of_many_stars", GOOD + weights)


def _sizes() -> Iterator[Case]:
    yield Case("units_of_10_12", GOOD.replace("units = 4", f"units = {10**12}"))
    yield Case("units_of_2_63", GOOD.replace("units = 4", f"units = {2**63 - 1}"))
    yield Case("features_of_2_63", GOOD.replace('"blobs"', f'"blobs", features = {2**63 - 1}'))
    yield Case("classes_of_2_63", GOOD.replace('"blobs"', f'"blobs", classes = {2**63 - 1}'))
    per_class = f'"blobs", train_per_class = {2**62}'
    yield Case("examples_of_2_62", GOOD.replace('"blobs"', per_class))
    yield Case("batches_of_2_62", f"{GOOD}training = {{batch_size = {2**62}}}")
    yield Case("threads_of_100_000", GOOD + "training = {threads = 100000}")
    yield Case("threads_of_2_63", GOOD + f"training = {{threads = {2**63 - 1}}}")
    history = f'{{type = "lbfgs", history = {2**62}}}'
    yield Case("history_of_2_62", GOOD.replace(OPTIMIZER, f"optimizer = {history}\n"))
    many = ", ".join(['{type = "dense", units = 3000000}'] * 200)
    yield Case("many_large_layers", GOOD.replace("layers = [", f"layers = [{many}, "))
    yield Case(
        "ten_thousand_bad_layers", GOOD.replace("layers = [", "layers = [" + '"tan", ' * 9000)
    )


def _options() -> Iterator[Case]:
    deep = ".".join(["a"] * 50_000)
    for name, text in {
        "empty": "",
        "without_value": "seed",
        "without_path": "=1",
        "of_dots": "......=1",
        "deep_path": f"{deep}=1",
        "index_beyond": "layers.99999999999.units=1",
        "negative_index": "layers.-1.units=1",
        "deep_value": "seed=" + "[" * 50_000,
        "long_value": "seed=" + "x" * 100_000,
        "below_a_number": "seed.x.y=1",
        "whole_table": "data={}",
    }.items():
        yield Case(f"set_{name}", GOOD, options=("--set", text))


def _files() -> Iterator[Case]:
    yield Case("absent", None, code=4)
    yield Case("directory", None, code=4, prepare=lambda path: path.mkdir())
    yield Case("named_pipe", None, code=4, prepare=os.mkfifo)
    yield Case("device", None, code=4, prepare=lambda path: path.symlink_to("/dev/zero"))
    yield Case("circular_link", None, code=4, prepare=lambda path: path.symlink_to(path))
    yield Case("dangling_link", None, code=4, prepare=lambda path: path.symlink_to("nowhere"))
    yield Case("link_to_itself_below", None, code=4, prepare=_below_a_file)
    yield Case("wrong_suffix", GOOD, suffix=".yaml")
    yield Case("no_suffix", GOOD, suffix="")


def _below_a_file(path: Path) -> None:
    target = path.with_name("file")
    target.write_text("")
    path.symlink_to(target / "below")


def _data_files() -> Iterator[Case]:
    npz = GOOD.replace(DATA, 'data = {type = "npz", path = "x.npz", classes = 3}\n')
    arrays = 'train_inputs = "x.npz", train_targets = "x.npz"'
    npy = GOOD.replace(DATA, f'data = {{type = "npy", {arrays}, classes = 3}}\n')
    idx = ", ".join(
        f'{key} = "x.npz"' for key in ("train_images", "train_labels", "test_images", "test_labels")
    )
    yield Case("npz_absent", npz, code=4)
    yield Case("npz_named_pipe", npz, code=4, prepare=lambda path: os.mkfifo(_data(path)))
    yield Case("npz_device", npz, code=4, prepare=lambda path: _data(path).symlink_to("/dev/zero"))
    yield Case("npz_directory", npz, code=4, prepare=lambda path: _data(path).mkdir())
    yield Case("npy_named_pipe", npy, code=4, prepare=lambda path: os.mkfifo(_data(path)))
    yield Case("npy_device", npy, code=4, prepare=lambda path: _data(path).symlink_to("/dev/zero"))
    yield Case("npy_absent", npy, code=4)
    yield Case("idx_absent", GOOD.replace(DATA, f'data = {{type = "idx", {idx}, classes = 3}}\n'))
    start = GOOD + 'training = {start_from = "../nowhere"}\n'
    yield Case("start_from_absent", start, code=4)
    yield Case("npz_no_archive", npz, code=3, prepare=_written(b"PK\x03\x04" + b"x" * 1000))
    yield Case("npz_of_100_000_members", npz, code=3, prepare=_many_members)
    yield Case("npz_of_objects", npz, code=3, prepare=_objects)
    yield Case("npz_long_header", npz, code=3, prepare=_long_header)
    yield Case("npz_shape_of_2_62", npz, code=3, prepare=_huge_shape)


def _data(path: Path) -> Path:
    return path.with_name("x.npz")


def _written(content: bytes) -> Prepare:
    def prepare(path: Path) -> None:
        _data(path).write_bytes(content)

    return prepare


def _many_members(path: Path) -> None:
    """Write a ZIP directory with names of arrays that have no bytes; `zipfile` takes long."""
    names = [f"array{number}.npy".encode() for number in range(100_000)]
    local = b"PK\x03\x04" + bytes(26)
    entries = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, *[0] * 7, len(name), *[0] * 6) + name
        for name in names
    )
    ends = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entries), len(local), 0)
    _data(path).write_bytes(local + entries + ends)


def _objects(path: Path) -> None:
    objects = np.array([{}, []], dtype=object)
    np.savez(_data(path), train_inputs=objects, train_targets=objects)


def _npy(header: str) -> bytes:
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


def _archive(path: Path, header: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("train_inputs", "train_targets"):
            archive.writestr(f"{name}.npy", _npy(header))
    _data(path).write_bytes(content.getvalue())


def _long_header(path: Path) -> None:
    spaces = " " * 30_000
    _archive(path, f"{{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }}{spaces}")


def _huge_shape(path: Path) -> None:
    shape = (2**31, 2**31)
    _archive(path, f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}")
