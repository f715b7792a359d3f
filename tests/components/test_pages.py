"""The pages about components are those of what this repository registers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layerkit.component import Config, Kind
from layerkit.contracts.kinds import KINDS
from layerkit.layers import Dense
from layerkit.metrics import Accuracy
from layerkit.schema.docstrings import documentation
from tools.components.facts import facts_of
from tools.components.pages import pages
from tools.components.registered import listed, own_registry
from tools.packaging.distributions import own_distributions

PAGES = Path(__file__).parents[2] / "docs" / "components"


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    return pages()


def test_every_page_and_plot_is_generated_and_there_is_no_other(expected: dict[str, str]) -> None:
    found = {
        path.relative_to(PAGES).as_posix(): path.read_text(encoding="utf-8")
        for path in PAGES.rglob("*.*")
    }
    assert found.keys() == expected.keys(), "run 'make docs'"
    assert [name for name in found if found[name] != expected[name]] == [], "run 'make docs'"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_every_component_that_is_declared_is_on_the_page_of_its_kind(
    kind: Kind[Config], expected: dict[str, str]
) -> None:
    page = kind.group.removeprefix("layerkit.") + ".md"
    declared = {name for each in own_distributions() for name in each.components(kind.group)}
    assert declared
    assert set(re.findall(r"(?m)^## (\w+)$", expected[page])) == declared
    links = set(re.findall(rf"\({re.escape(page)}#(\w+)\)", expected["README.md"]))
    assert links == declared


def test_every_component_has_a_summary_an_example_and_its_file(expected: dict[str, str]) -> None:
    for each in listed(own_registry()):
        page = expected[each.kind.group.removeprefix("layerkit.") + ".md"]
        _, _, rest = page.partition(f"\n## {each.name}\n\n")
        entry, _, _ = rest.partition("\n\n## ")
        assert len(entry.splitlines()[0]) > 10, each.name
        assert f"\n- Package: {each.registration.distribution}, [`{each.file}`]" in entry
        assert "```toml\n" in entry, each.name


def test_cells_of_tables_are_as_many_as_headings(expected: dict[str, str]) -> None:
    tables = re.findall(r"(?m)(?:^\|.*\n?)+", "".join(expected.values()))
    assert len(tables) > 100
    for table in tables:
        counts = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(counts) == 1, table


def test_shapes_are_asked_of_the_component() -> None:
    found = dict(facts_of(Dense(units=4)))
    assert found["Shapes"] == ("`(8,) -> (4,)`, `(16, 8) -> (16, 4)`, `(28, 28, 8) -> (28, 28, 4)`")
    assert found["Parameters"].startswith("`weight` `(8, 4)`, `bias` `(4,)`")
    assert dict(facts_of(Accuracy()))["Figures"] == "`accuracy` (higher is better)"


def test_every_component_names_its_source() -> None:
    registry = own_registry()
    without = [
        f"{each.kind.noun} {each.name}"
        for each in listed(registry)
        if not documentation(each.config).references
    ]
    assert without == [], "add a section 'References' to their docstrings"
