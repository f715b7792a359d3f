from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.errors import DataError, FileError
from layerkit.plan.data_errors import SpecDataError, SpecFileError
from layerkit.plan.network import plan_network
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.loading import parse_document, validate
from layerkit.spec.models import ModelSpec
from layerkit.spec.source import Source

SPEC = """
layers = ["tanh"]
loss = "mean_squared_error"
optimizer = "adam"

[data]
type = "npz"
path = "{}"
"""


def refusal(directory: Path, text: str) -> SpecError:
    document = parse_document(text, "toml", "a.toml", directory)
    spec: ModelSpec = validate(document)
    source: Source = document.source
    with pytest.raises(SpecError) as caught:
        plan_network(spec, source)
    return caught.value


def test_a_file_that_is_missing_is_told_at_its_path_with_the_exit_code_of_files(
    tmp_path: Path,
) -> None:
    error = refusal(tmp_path, SPEC.format("gone.npz"))
    assert isinstance(error, SpecFileError)
    assert isinstance(error, FileError)
    assert error.exit_code == 4
    first, excerpt, carets, advice = str(error).splitlines()
    assert first.startswith("a.toml:8:8: error[LK014]: data.path: ")
    assert first.endswith(
        "gone.npz: expected a data file to read, found: No such file or directory"
    )
    assert (excerpt, carets) == ('8 | path = "gone.npz"', "  |        ^^^^^^^^^^")
    assert advice.startswith("help: check the path")


def test_a_file_that_is_not_what_it_should_be_has_the_exit_code_of_data(tmp_path: Path) -> None:
    (tmp_path / "damaged.npz").write_text("nothing")
    error = refusal(tmp_path, SPEC.format("damaged.npz"))
    assert isinstance(error, SpecDataError)
    assert isinstance(error, DataError)
    assert error.exit_code == 3
    assert "error[LK014]: data.path: " in str(error)


def test_with_something_else_wrong_the_spec_is_to_be_mended(tmp_path: Path) -> None:
    text = 'metrics = ["accuracy", "accuracy"]\n' + SPEC.format("gone.npz")
    error = refusal(tmp_path, text)
    assert type(error) is SpecError
    assert error.exit_code == 2
    assert [each.code for each in error.problems] == ["data", "duplicate-name"]


def test_what_was_found_is_no_advice(tmp_path: Path) -> None:
    (tmp_path / "cut.idx").write_bytes(b"PNG!")
    arrays = 'train_inputs = "cut.idx"\ntrain_labels = "cut.idx"\nclasses = 3\n'
    error = refusal(tmp_path, f'{SPEC.partition("[data]")[0]}[data]\ntype = "idx"\n{arrays}')
    (problem,) = error.problems
    assert problem.loc == ("data", "train_inputs")
    assert "; found 50 4e 47" in problem.reason
    assert problem.hint == ""


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('age = "number"', 'agee = "number"'), "a.toml:11:8: error[LK014]: data.columns.agee: "),
        (('target = "price"', 'target = "prize"'), "a.toml:9:10: error[LK014]: data.target: "),
    ],
)
def test_a_column_that_the_table_lacks_is_told_where_the_spec_names_it(
    tmp_path: Path, change: tuple[str, str], place: str
) -> None:
    (tmp_path / "a.csv").write_text("age,price\n1,2\n")
    text = SPEC.format("a.csv").replace('"npz"', '"csv"')
    text += 'target = "price"\n[data.columns]\nage = "number"\n'
    error = refusal(tmp_path, text.replace(*change))
    assert isinstance(error, SpecDataError)
    assert place in str(error)
    assert "did you mean" in str(error)
