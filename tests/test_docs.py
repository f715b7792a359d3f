"""What the documentation shows is what there is."""

from __future__ import annotations

import doctest
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

import layerkit
from tests.helpers.pages import documentation_pages

ROOT = Path(__file__).resolve().parent.parent


PAGES = documentation_pages()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_in_the_page_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_file_that_the_architecture_page_sends_readers_to_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page[page.index("## Where do I look for") : page.index("## One mechanism")]
    files = re.findall(r"`([a-z_/]+\.py)`", table)
    assert len(files) >= 15
    assert [file for file in files if not (ROOT / "layerkit" / file).is_file()] == []


def test_every_base_that_the_plugin_page_names_is_there_for_plugins() -> None:
    page = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    bases = re.findall(r"^\| `(\w+Config)`, `(\w+)` \|", page, re.MULTILINE)
    assert len(bases) == 8
    offered = vars(import_module("layerkit.plugin"))
    assert [name for pair in bases for name in pair if name not in offered] == []


MODULES = [name for _, name, _ in pkgutil.walk_packages(layerkit.__path__, "layerkit.")]


def test_examples_in_docstrings_run() -> None:
    finder, runner, tried = doctest.DocTestFinder(), doctest.DocTestRunner(), 0
    for name in MODULES:
        if not name.endswith("__main__"):
            for test in finder.find(import_module(name)):
                if test.examples:
                    tried += 1
                    runner.run(test)
    assert runner.failures == 0
    assert tried >= 2
