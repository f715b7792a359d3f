from __future__ import annotations

from layerkit.builtin.csv import CsvConfig
from layerkit.builtin.dense import DenseConfig
from layerkit.schema.docstrings import documentation, parsed
from layerkit.spec.models import Training


def test_summary_and_text_come_before_the_first_section() -> None:
    said = documentation(DenseConfig)
    assert (
        said.summary
        == "Fully connected layer: `y = x @ weight + bias`, `(..., features) -> (..., units)`."
    )
    assert said.text.startswith(f"{said.summary}\n\nAll axes but the last")
    assert "Attributes" not in said.text


def test_names_that_share_an_entry_have_the_same_text() -> None:
    said = documentation(DenseConfig).attributes
    assert said["units"] == "Number of outputs, at least 1."
    assert said["weight_initializer"] == said["bias_initializer"]


def test_attributes_of_bases_are_known_too() -> None:
    said = documentation(CsvConfig).attributes
    assert said["separator"].startswith("The character between cells")
    assert said["path"] == "The file to train on."
    assert said["stratify"].startswith("Whether every part")


def test_a_class_without_a_docstring_says_nothing() -> None:
    assert parsed(None).text == ""
    assert parsed("").attributes == {}


def test_every_field_of_a_section_is_told() -> None:
    assert {*Training.model_fields} <= {*documentation(Training).attributes}


def test_lines_of_a_paragraph_become_one_and_of_references_stay() -> None:
    said = parsed(
        "One\n    line.\n\n    References\n    ----------\n    A (1), a\n    and on.\n    B.\n"
    )
    assert said.summary == "One line."
    assert said.references == "A (1), a\nand on.\nB."
