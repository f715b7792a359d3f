from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.editing.filling import filled
from layerkit.editing.formatting import formatted, tree_of
from layerkit.errors import PluginError
from layerkit.spec.loading import parse_document, read_document, validate
from layerkit.spec.source import Format
from layerkit.values import is_list, is_table
from tests.helpers.plugins import install_plugin
from tests.helpers.specs import SPEC, TINY

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.*"))


def expect_filled(text: str, form: Format = "toml", directory: Path = Path()) -> str:
    """Fill a spec in; check that it means the same, has every default, and keeps its comments."""
    document = parse_document(text, form, "spec", directory)
    spec = validate(document)
    result = filled(document, spec)
    again = parse_document(result, form, "spec", directory)
    assert validate(again) == spec
    expect_every_default(again.table, spec.model_dump(mode="json", exclude_none=True))
    assert filled(again, spec) == result
    assert formatted(result, form) == result
    comments = sorted(tree_of(result, form).comments())
    assert comments == sorted(tree_of(text, form).comments())
    return result


def expect_every_default(written: object, full: object) -> None:
    if is_table(full) and is_table(written):
        assert full.keys() <= written.keys()
        for key, below in full.items():
            expect_every_default(written[key], below)
    elif is_list(full) and is_list(written):
        for index, below in enumerate(full):
            expect_every_default(written[index], below)
    elif isinstance(written, str) and is_table(full) and "type" in full:
        assert full == {"type": written}
    elif not isinstance(written, str):
        assert written == full


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_a_shipped_spec_is_filled_in(path: Path) -> None:
    text = read_document(path).source.text
    expect_filled(text, "json" if path.suffix == ".json" else "toml", path.parent)


REST = 'layers = ["tanh"]\nloss = "mean_squared_error"\n'
WRITTEN = {
    "inline tables": SPEC,
    "one that is too long": TINY,
    "dotted keys": (
        f'{REST}optimizer.type = "sgd" # how\noptimizer.learning_rate = 0.1\ndtype = "float64"'
    ),
    "dotted keys in braces": (
        f'{REST}optimizer = {{ type = "sgd", learning_rate = 1, '
        'schedule.type = "step", schedule.epochs = 3 }'
    ),
    "headers of tables within others alone": (
        f'{REST}optimizer = "adam"\n# when\n[training.early_stopping] # to stop\npatience = 3\n'
    ),
    "a header below dotted keys": (
        f'{REST}optimizer.type = "adam"\n[optimizer.schedule]\ntype = "step"\nepochs = 3\n'
    ),
    "quoted keys": f'{REST}"optimizer" = {{ \'type\' = "adam" }}\n["training"]\n"epochs" = 3\n',
    "comments everywhere": (
        "#:schema ./spec.json\n# top\n\nlayers = [ # open\n# first\n"
        '  "tanh", # one\n  # second\n'
        '{ type = "dense", units = 3 }, # two\n  # last\n] # closed\n'
        'loss = "mean_squared_error" # loss\noptimizer = "adam" # how\n# end\n'
    ),
    "tables within lists of tables": (
        'loss = "mean_squared_error"\noptimizer = "adam"\n[[layers]]\ntype = "dense"\nunits = 3\n'
        '[layers.weight_initializer]\ntype = "normal"\n[[layers]]\ntype = "residual"\n'
        '[[layers.layers]]\ntype = "dense"\nunits = 3\n'
    ),
    "a text where a table may stand": (
        f'{REST}optimizer = "adam"\ndata = {{ type = "spirals", test = 0, fold = "1/3" }}\n'
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_spec_written_in_another_way_is_filled_in(text: str) -> None:
    expect_filled(text)
    expect_filled(text.replace("\n", "\r\n"))


def test_nulls_of_json_stay() -> None:
    text = (
        '{"layers": ["tanh"], "loss": "mean_squared_error", "optimizer": "adam",'
        ' "training": {"early_stopping": null}}'
    )
    assert '"early_stopping": null,' in expect_filled(text, "json")


def test_the_schema_line_stays_first_and_headers_replace_braces_that_are_too_long() -> None:
    result = expect_filled(WRITTEN["comments everywhere"])
    assert result.startswith("#:schema ./spec.json\n# top\n\nloss = {")
    assert (
        '# closed\n# open\n# first\n[[layers]] # one\ntype = "tanh"\n\n'
        '# second\n# last\n[[layers]] # two\ntype = "dense"\nunits = 3\n'
    ) in result


ODD = """
from typing import Literal, final
from pydantic import field_validator
from layerkit.plugin import Activation, ActivationConfig

class OddConfig(ActivationConfig):
    type: Literal["odd"] = "odd"
    number: int = 1

    @field_validator("number")
    @classmethod
    def _doubled(cls, number):
        return 2 * number

@final
class odd(Activation[OddConfig]):
    def value(self, x, out): ...
    def derivative(self, x, y, out): ...
"""


def test_defaults_that_mean_something_else_when_written_are_the_plugins_fault(site: Path) -> None:
    registry = install_plugin(site, ODD, layers="odd")
    text = 'layers = ["odd"]\nloss = "mean_squared_error"\noptimizer = "adam"\n'
    document = parse_document(text, "toml", "a.toml", Path())
    with pytest.raises(PluginError, match=r"a\.toml: cannot be filled in: a component's defaults"):
        filled(document, validate(document, (), registry), registry)


def test_a_long_text_in_a_list_stays_where_it_is() -> None:
    long = f"{'x' * 130}.*"
    constraint = f'{{ type = "max_norm", limit = 1, parameters = ["{long}", "*"] }}'
    text = f"{SPEC}\nconstraints = [{constraint}]\n"
    assert f'parameters = [\n    "{long}",\n' in expect_filled(text)
