from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from layerkit.api import build
from layerkit.engine.network import Network
from layerkit.errors import DataError, FileError, UsageError
from layerkit.formats.table import Cell
from layerkit.inference.file_options import FileOptions, input_format
from layerkit.inference.inputs import InputChunk, open_inputs
from tests.helpers.trained import csv_text, flowers, flowers_spec, points, points_run


def read(
    network: Network, path: Path, keep: Sequence[str] = (), options: FileOptions | None = None
) -> list[InputChunk]:
    options = FileOptions() if options is None else options
    found = input_format(path, options, network.spec.data)
    with open_inputs(network.plan, path, found, options, keep) as chunks:
        return [*chunks]


@pytest.fixture
def table(tmp_path: Path) -> Network:
    return build(flowers_spec(tmp_path))


@pytest.fixture
def arrays(tmp_path: Path) -> Network:
    return points_run(tmp_path)


def test_columns_are_found_by_name_in_any_order_and_others_are_kept(
    tmp_path: Path, table: Network
) -> None:
    records = flowers(3)
    path = tmp_path / "new.csv"
    path.write_text(csv_text(records, names=["width", "id", "site", "length"]))
    (chunk,) = read(table, path, ["id", "width"])
    expected = [
        [record["length"], record["width"], record["site"] == "north", record["site"] == "south"]
        for record in records
    ]
    np.testing.assert_array_equal(chunk.inputs, expected)
    kept: list[list[Cell]] = [[*column] for column in chunk.kept]
    assert kept == [["f0", "f1", "f2"], [str(record["width"]) for record in records]]


def test_the_same_rows_are_the_same_in_every_format_and_dialect(
    tmp_path: Path, table: Network
) -> None:
    records, paths = flowers(5), [tmp_path / name for name in ("a.csv", "b.jsonl", "c.csv")]
    paths[0].write_text(csv_text(records))
    paths[1].write_text("".join(f"{json.dumps(record)}\n" for record in records))
    german = csv_text(records, ";").replace(".", ",").replace("id;", "Größe;")
    paths[2].write_text(german, encoding="cp1252")
    others = FileOptions(separator=";", decimal=",", encoding="cp1252")
    first, second = (read(table, path)[0].inputs for path in paths[:2])
    third = read(table, paths[2], options=others)[0].inputs
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, third)


def test_a_wrong_cell_is_named_by_its_place(tmp_path: Path, table: Network) -> None:
    path = tmp_path / "new.csv"
    path.write_text("site,length,width\nnorth,1,2\nnroth,1,x\n")
    said = (
        r'new\.csv:3:3 column "width": expected a number, found "x"; .*new\.csv:3:1 column "site": '
        r"expected one of north, south \(did you mean 'north'\?\), found \"nroth\""
    )
    with pytest.raises(DataError, match=said):
        read(table, path)


def test_a_column_that_is_not_there_is_named_with_what_it_may_be(
    tmp_path: Path, table: Network
) -> None:
    path = tmp_path / "new.csv"
    path.write_text("site,lenght,width\nnorth,1,2\n")
    with pytest.raises(DataError, match=r'expected column "length", .* did you mean \'lenght\'\?'):
        read(table, path)
    path.write_text("site,length,width\nnorth,1,2\n")
    with pytest.raises(DataError, match='expected column "di"'):
        read(table, path, ["di"])


def test_arrays_are_no_table_and_a_table_has_no_arrays(
    tmp_path: Path, table: Network, arrays: Network
) -> None:
    np.savez(tmp_path / "a.npz", inputs=points()[0])
    with pytest.raises(UsageError, match=r"a\.npz: expected a table .* trained on named columns"):
        read(table, tmp_path / "a.npz")
    with pytest.raises(UsageError, match="--keep: expected a table as the input"):
        read(arrays, tmp_path / "a.npz", ["id"])


def test_numbers_in_rows_are_the_inputs_of_a_network_trained_on_arrays(
    tmp_path: Path, arrays: Network
) -> None:
    path = tmp_path / "new.csv"
    path.write_text("1,2,3\n4,5,6\n")
    expected = [[1, 2, 3], [4, 5, 6]]
    np.testing.assert_array_equal(read(arrays, path)[0].inputs, expected)
    path.write_text("b,a,id,c\n1,2,x,3\n4,5,y,6\n")
    (chunk,) = read(arrays, path, ["id"])
    np.testing.assert_array_equal(chunk.inputs, expected)
    assert [[*column] for column in chunk.kept] == [["x", "y"]]
    with pytest.raises(
        DataError, match=r"expected 3 columns, .*, found 4; --keep COLUMN takes one"
    ):
        read(arrays, path)
    path.write_text("a,b,c\n1,2,3\n4,,6\n")
    with pytest.raises(DataError, match=r'new\.csv:3:2 column "b": expected a value, found none'):
        read(arrays, path)


@pytest.mark.parametrize("name", ["a.npz", "a.npy"])
def test_arrays_come_a_few_rows_at_a_time(
    tmp_path: Path, arrays: Network, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, _ = points(1000)
    np.savez(tmp_path / "a.npz", inputs=x, other=x[:2])
    np.save(tmp_path / "a.npy", x)
    monkeypatch.setattr("layerkit.inference.inputs.CHUNK_BYTES", 6000)
    monkeypatch.setattr("layerkit.inference.inputs.CHUNK_CELLS", 800)
    chunks = read(arrays, tmp_path / name)
    assert max(len(chunk.inputs) for chunk in chunks) == 400
    np.testing.assert_array_equal(np.concatenate([chunk.inputs for chunk in chunks]), x)


def test_one_of_several_arrays_is_chosen_by_name(tmp_path: Path, arrays: Network) -> None:
    x, _ = points(4)
    path = tmp_path / "a.npz"
    np.savez(path, first=x, second=x * 2)
    with pytest.raises(UsageError, match=r"found first, second; choose one with --array"):
        read(arrays, path)
    chosen = read(arrays, path, options=FileOptions(array="second"))
    np.testing.assert_array_equal(chosen[0].inputs, x * 2)
    with pytest.raises(DataError, match="did you mean 'first'"):
        read(arrays, path, options=FileOptions(array="frist"))
    np.savez(path, single=x)
    assert len(read(arrays, path)[0].inputs) == 4


def test_inputs_of_another_size_or_no_arrays_are_refused(tmp_path: Path, arrays: Network) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.zeros((2, 4)))
    with pytest.raises(DataError, match=r"examples of shape \(3,\), found an array of shape"):
        read(arrays, path)
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(DataError, match=r"expected a \.npz or \.npy file, found other bytes"):
        read(arrays, path)


def test_images_may_be_stored_with_axes_that_the_network_does_not_have(tmp_path: Path) -> None:
    network = points_run(tmp_path)
    np.save(tmp_path / "a.npy", np.arange(6.0).reshape(2, 3, 1))
    assert read(network, tmp_path / "a.npy")[0].inputs.shape == (2, 3)


def test_standard_input_that_is_closed_is_told(
    table: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", None)  # as Python does where it is closed
    with pytest.raises(FileError, match=r"standard input: .*, found it closed"):
        read(table, Path("-"))
