from __future__ import annotations

import json
from pathlib import Path

import pytest

from layerkit.editing.formatting import tree_of
from layerkit.editing.upgrading import upgraded
from layerkit.spec.loading import parse_document, validate
from layerkit.spec.renames import renames
from layerkit.spec.source import Format
from tests.helpers.commands import in_process
from tests.helpers.renamed import SPEC, install_renamed, with_renamed

ROOT = Path(__file__).parents[2]


def expect_upgraded(text: str, form: Format = "toml") -> str:
    """Upgrade a spec; check that it means the same, with today's names and its comments."""
    registry = with_renamed()
    before = parse_document(text, form, "spec", Path())
    after = upgraded(before, registry)
    spec = validate(after, (), registry)
    assert spec == validate(before, (), registry)
    assert [*renames(before.table, spec, registry)]
    assert [*renames(after.table, spec, registry)] == []
    result = after.source.text
    assert [*tree_of(result, form).comments()] == [*tree_of(text, form).comments()]
    assert upgraded(after, registry) == after
    return result


REST = 'loss = "mean_squared_error"\noptimizer = "adam"\n'


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (
            'layers = [\n    "stretched_tanh", # one\n    # two\n    "tanh",\n]\n',
            'layers = [\n    "scaled_tanh", # one\n    # two\n    "tanh",\n]\n',
        ),
        (
            "layers = [{ type = 'stretched_tanh', \"factor\" = 2 }]\n",
            'layers = [{ type = "scaled_tanh", scale = 2 }]\n',
        ),
        (
            '[[layers]] # a\ntype = "scaled_tanh"\nfactor = 2 # b\n[[layers]]\n'
            'type = "stretched_tanh"\nfactor = 3\n',
            '\n[[layers]] # a\ntype = "scaled_tanh"\nscale = 2 # b\n\n[[layers]]\n'
            'type = "scaled_tanh"\nscale = 3\n',
        ),
    ],
)
def test_former_names_become_todays_and_comments_stay(layers: str, expected: str) -> None:
    assert expect_upgraded(f"{REST}{layers}") == f"{REST}{expected}"


def test_json_is_upgraded_too() -> None:
    table = {"layers": [{"type": "stretched_tanh", "factor": 2}, "stretched_tanh"]}
    text = json.dumps({**table, "loss": "mean_squared_error", "optimizer": "adam"})
    assert '"layers": [{ "type": "scaled_tanh", "scale": 2 }, "scaled_tanh"]' in expect_upgraded(
        text, "json"
    )


def test_a_spec_with_former_names_is_warned_of_until_it_is_upgraded(tmp_path: Path) -> None:
    install_renamed(tmp_path)
    spec = tmp_path / "spec.toml"
    spec.write_text(f"# old\n{SPEC}")
    paths = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}

    def ran(*arguments: str) -> tuple[int, str]:
        done = in_process(*arguments, "spec.toml", cwd=tmp_path, extra=paths)
        return done.code, done.err

    code, said = ran("validate")
    assert code == 0
    assert [line for line in said.splitlines() if "warning" in line] == [
        "spec.toml:3:84: warning[LK113]: layers.2.factor: 'factor' is called 'scale' today",
        "spec.toml:3:42: warning[LK114]: layers.1: 'stretched_tanh' is called 'scaled_tanh' today",
    ]
    explained = in_process("explain", "spec.toml", "layers.2.scale", cwd=tmp_path, extra=paths)
    assert "origin   spec.toml:3\n" in explained.out.replace("origin     ", "origin   ")
    assert ran("fill", "--out", "filled.toml") == (0, "")
    assert ran("fmt", "--upgrade") == (0, "")
    assert spec.read_text().startswith(
        '# old\n\nlayers = [{ type = "dense", units = 1 }, "scaled_tanh", '
        '{ type = "scaled_tanh", scale = 2 }]\n'
    )
    assert ran("validate", "--strict", "filled.toml") == (0, "")
