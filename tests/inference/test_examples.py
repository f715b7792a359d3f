from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layerkit.api import build
from layerkit.engine.network import Network
from layerkit.errors import DataError, FileError, UsageError
from layerkit.inference.examples import own_part, part_of_file
from layerkit.inference.file_options import FileOptions
from layerkit.plan.network import plan_network
from tests.helpers.specs import small_plan, small_spec
from tests.helpers.trained import FLOWERS, POINTS, csv_text, flowers, flowers_spec, points

NO_OPTIONS = FileOptions()


def test_a_runs_own_test_examples_come_first_then_those_to_validate_on() -> None:
    name, part = own_part(small_plan(), None)
    assert (name, len(part)) == ("test", 60)
    name, part = own_part(small_plan("data.test_per_class=0"), None)
    assert (name, len(part)) == ("validation", 30)
    name, part = own_part(small_plan(), "train")
    assert (name, len(part)) == ("train", 120)


def test_a_part_that_is_not_there_is_told_with_those_that_are() -> None:
    plan = small_plan("data.test_per_class=0", "data.validation=0")
    with pytest.raises(UsageError, match=r"test or validation examples .*, found train examples"):
        own_part(plan, None)
    with pytest.raises(UsageError, match="expected test examples among the data of the run"):
        own_part(plan, "test")


def test_data_that_are_gone_can_be_replaced_by_others(tmp_path: Path) -> None:
    plan = plan_network(flowers_spec(tmp_path))
    (tmp_path / "flowers.csv").unlink()
    with pytest.raises(FileError, match=r"flowers\.csv: .*; --data FILE evaluates on other data"):
        own_part(plan, None)
    arrays = build(small_spec(text=POINTS), data=points()).plan
    with pytest.raises(UsageError, match="a run on arrays in memory; --data FILE evaluates"):
        own_part(arrays, None)


def test_a_table_has_its_targets_beside_its_columns(tmp_path: Path) -> None:
    plan = plan_network(flowers_spec(tmp_path))
    path = tmp_path / "other.csv"
    path.write_text(csv_text(flowers(7), ";"))
    part = part_of_file(plan, path, FileOptions(separator=";"))
    assert len(part) == 7
    names = ("setosa", "versicolor", "virginica")
    expected = [names.index(str(record["species"])) for record in flowers(7)]
    assert part.examples.targets.tolist() == expected
    path.write_text(csv_text(flowers(7), names=["length", "width", "site"]))
    with pytest.raises(DataError, match='expected column "species"'):
        part_of_file(plan, path, NO_OPTIONS)
    path.write_text("species,length,width,site\n")
    with pytest.raises(DataError, match="expected rows to evaluate on, found none"):
        part_of_file(plan, path, NO_OPTIONS)


def test_weights_count_where_the_table_has_them_and_its_split_does_not(tmp_path: Path) -> None:
    flowers_spec(tmp_path)
    head, *rows = (tmp_path / "flowers.csv").read_text().splitlines()
    more = [f"{head},w,part", *(f"{row},{n % 3},train" for n, row in enumerate(rows))]
    (tmp_path / "flowers.csv").write_text("\n".join(more))
    changes = ("data.weight='w'", "data.split_column='part'", "data.validation=0")
    spec = small_spec(
        *changes,
        f"data.path='{tmp_path / 'flowers.csv'}'",
        text=FLOWERS,
    )
    plan = plan_network(spec)
    weights = part_of_file(plan, tmp_path / "flowers.csv", NO_OPTIONS).examples.weights
    assert weights is not None
    assert weights.tolist()[:4] == [0, 1, 2, 0]
    (tmp_path / "plain.csv").write_text(csv_text(flowers(5)))
    assert part_of_file(plan, tmp_path / "plain.csv", NO_OPTIONS).examples.weights is None


@pytest.fixture
def numbers() -> Network:
    return build(small_spec(text=POINTS), data=points())


def test_arrays_are_found_by_the_usual_names(tmp_path: Path, numbers: Network) -> None:
    (x, y), (first, second) = points(6), (tmp_path / "a.npz", tmp_path / "b.npz")
    np.savez(first, inputs=x, targets=y, test_inputs=x[:1], test_targets=y[:1])
    np.savez(second, test_inputs=x, test_targets=y)
    for path in (first, second):
        part = part_of_file(numbers.plan, path, NO_OPTIONS)
        np.testing.assert_array_equal(part.examples.inputs, x)
        np.testing.assert_array_equal(part.examples.targets, y)


def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, numbers: Network) -> None:
    path, (x, y) = tmp_path / "a.npz", points(6)
    cases = (
        (x, y[:5], "a target for each of the 6 inputs, found 5"),
        (x, y[:, :1], r"targets of shape \('n', 2\), found \(6, 1\)"),
        (x, y * np.inf, "expected finite numbers"),
        (x * np.nan, y, "expected finite numbers, found nan"),
    )
    for inputs, targets, said in cases:
        np.savez(path, inputs=inputs, targets=targets)
        with pytest.raises(DataError, match=said):
            part_of_file(numbers.plan, path, NO_OPTIONS)
    np.savez(path, inputs=x)
    with pytest.raises(DataError, match="expected an array named 'targets', found inputs"):
        part_of_file(numbers.plan, path, NO_OPTIONS)
    with pytest.raises(UsageError, match=r"a\.csv: expected a \.npz file with arrays"):
        part_of_file(numbers.plan, tmp_path / "a.csv", NO_OPTIONS)


def test_labels_that_are_no_classes_are_refused(tmp_path: Path) -> None:
    plan, path = small_plan(), tmp_path / "a.npz"
    np.savez(path, inputs=np.zeros((3, 2)), targets=[0, 1, 2])
    assert part_of_file(plan, path, NO_OPTIONS).examples.targets.dtype == np.int64
    for targets, said in (([0, 3, 1], "labels from 0 to 2"), ([[0], [1], [2]], "of shape")):
        np.savez(path, inputs=np.zeros((3, 2)), targets=targets)
        with pytest.raises(DataError, match=said):
            part_of_file(plan, path, NO_OPTIONS)


def test_a_table_is_not_evaluated_on_arrays(tmp_path: Path) -> None:
    plan = plan_network(flowers_spec(tmp_path))
    with pytest.raises(UsageError, match=r"a\.npz: expected a table .* trained on named columns"):
        part_of_file(plan, tmp_path / "a.npz", NO_OPTIONS)
