from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from layerkit.engine.network import Network
from layerkit.errors import DataError, UsageError
from layerkit.formats.arrow_table import open_arrow
from layerkit.formats.parquet_table import open_parquet
from layerkit.inference.file_options import FileOptions
from layerkit.inference.predict import Prediction, predict_file
from tests.helpers.trained import csv_text, flowers, flowers_run, points, points_run


@pytest.fixture
def network(tmp_path: Path) -> Network:
    return flowers_run(tmp_path, "training.epochs=2")


def names(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()} - {"flowers.csv", "run"}


def test_every_row_gets_its_prediction_in_order(
    tmp_path: Path, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layerkit.inference.inputs.CHUNK_CELLS", 1)  # 64 rows at a time
    records = flowers(200, seed=3)
    (tmp_path / "new.csv").write_text(csv_text(records))
    done: list[int] = []
    wanted = Prediction(tmp_path / "new.csv", tmp_path / "out.csv", keep=["id"])
    assert predict_file(network, wanted, done.append) == 200
    assert done == [64, 128, 192, 200]
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = [*csv.DictReader(file)]
    expected = network.predict(records)
    assert [row["id"] for row in rows] == [record["id"] for record in records]
    assert [row["predicted_species"] for row in rows] == network.predict_classes(records).tolist()
    found = [[row[f"probability_{name}"] for name in network.class_names] for row in rows]
    np.testing.assert_array_equal(np.array(found, np.float32), expected)


def test_every_format_says_the_same(tmp_path: Path, network: Network) -> None:
    records = flowers(10, seed=3)
    (tmp_path / "new.csv").write_text(csv_text(records))
    for name in ("out.jsonl", "out.npz", "out.csv.gz", "out.parquet", "out.arrow"):
        assert predict_file(network, Prediction(tmp_path / "new.csv", tmp_path / name)) == 10
    expected = network.predict(records)
    lines = (tmp_path / "out.jsonl").read_text().splitlines()
    found: list[dict[str, object]] = [json.loads(line) for line in lines]
    assert [each["predicted_species"] for each in found] == [*network.predict_classes(records)]
    with np.load(tmp_path / "out.npz") as arrays:
        np.testing.assert_array_equal(arrays["probabilities"], expected)
        np.testing.assert_array_equal(arrays["classes"], expected.argmax(axis=1))
        assert arrays["class_names"].tolist() == [*network.class_names]
    for opened in (open_parquet(tmp_path / "out.parquet"), open_arrow(tmp_path / "out.arrow")):
        with opened as source:
            (chunk,) = source.chunks(["predicted_species", "probability_setosa"])
            assert [*chunk.columns[0]] == [*network.predict_classes(records)]
            np.testing.assert_array_equal(np.array(chunk.columns[1], np.float32), expected[:, 0])
    with gzip.open(tmp_path / "out.csv.gz", "rt") as file:
        assert len(file.readlines()) == 11


def test_csv_is_written_as_it_was_read(tmp_path: Path, network: Network) -> None:
    text = csv_text(flowers(3), ";").replace(".", ",")
    (tmp_path / "new.csv").write_text(text)
    options = FileOptions(separator=";", decimal=",")
    wanted = Prediction(tmp_path / "new.csv", tmp_path / "out.csv", options, keep=["width"])
    predict_file(network, wanted)
    head, first, *_ = (tmp_path / "out.csv").read_text().splitlines()
    assert head.startswith("width;predicted_species;probability_setosa;")
    cells = first.split(";")
    assert cells[0] == text.splitlines()[1].split(";")[2]
    assert all("." not in cell for cell in cells)


def test_a_table_without_rows_gives_one_without_predictions(
    tmp_path: Path, network: Network
) -> None:
    (tmp_path / "new.csv").write_text("length,width,site\n")
    for name in ("out.csv", "out.npz"):
        assert predict_file(network, Prediction(tmp_path / "new.csv", tmp_path / name)) == 0
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 1
    with np.load(tmp_path / "out.npz") as arrays:
        assert arrays["probabilities"].shape == (0, 3)


@pytest.mark.parametrize("line", [2, 150])
def test_an_error_leaves_no_output_and_the_earlier_one_as_it_was(
    tmp_path: Path, network: Network, line: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layerkit.inference.inputs.CHUNK_CELLS", 1)
    lines = csv_text(flowers(200)).splitlines()
    lines[line - 1] = "f,setosa,x,north,1"
    (tmp_path / "new.csv").write_text("\n".join(lines))
    (tmp_path / "old.csv").write_text("precious")
    before = names(tmp_path)
    for output in ("old.csv", "out.csv", "out.npz"):
        with pytest.raises(DataError, match=rf'new\.csv:{line}:3 column "width"'):
            predict_file(network, Prediction(tmp_path / "new.csv", tmp_path / output))
    assert names(tmp_path) == before
    assert (tmp_path / "old.csv").read_text() == "precious"


def test_an_input_may_be_written_over(tmp_path: Path, network: Network) -> None:
    path = tmp_path / "new.csv"
    path.write_text(csv_text(flowers(3)))
    assert predict_file(network, Prediction(path, path, keep=["id"])) == 3
    assert path.read_text().startswith("id,predicted_species,")


def test_two_columns_of_one_name_are_refused(tmp_path: Path, network: Network) -> None:
    (tmp_path / "new.csv").write_text(csv_text(flowers(3)))
    for keep in (["id", "id"], ["id", "predicted_species"]):
        head = (tmp_path / "new.csv").read_text().replace("id,", "predicted_species,", 1)
        (tmp_path / "two.csv").write_text(head)
        source = "two.csv" if "predicted_species" in keep else "new.csv"
        wanted = Prediction(tmp_path / source, tmp_path / "out.csv", keep=keep[-1:] * 2)
        with pytest.raises(UsageError, match=f"--keep {keep[-1]}: .* two columns of that name"):
            predict_file(network, wanted)
    assert not (tmp_path / "out.csv").exists()


def test_arrays_have_no_columns_to_keep(tmp_path: Path, network: Network) -> None:
    (tmp_path / "new.csv").write_text(csv_text(flowers(3)))
    wanted = Prediction(tmp_path / "new.csv", tmp_path / "out.npz", keep=["id"])
    with pytest.raises(UsageError, match="--keep: expected a table as the output"):
        predict_file(network, wanted)


def test_a_network_of_arrays_predicts_numbers_by_their_order(tmp_path: Path) -> None:
    network, (x, _) = points_run(tmp_path), points(5)
    np.savez(tmp_path / "new.npz", inputs=x)
    predict_file(network, Prediction(tmp_path / "new.npz", tmp_path / "out.csv"))
    head, *rows = (tmp_path / "out.csv").read_text().splitlines()
    assert head == "prediction_0,prediction_1"
    found = np.array([row.split(",") for row in rows], np.float32)
    np.testing.assert_array_equal(found, network.predict(x))
