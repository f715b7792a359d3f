from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from tools.packaging.distributions import ROOT, Distribution, own_distributions
from tools.packaging.links import absolute_links, links_in, relative_links

HOME = "https://example.org/repository"
FILES = f"{HOME}/blob/v1"


def absolute(text: str, page: str = "plugins/mine/README.md") -> str:
    return absolute_links(text, PurePosixPath(page), HOME, "v1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[up](../../README.md)", f"[up]({FILES}/README.md)"),
        ("[beside](LICENSE)", f"[beside]({FILES}/plugins/mine/LICENSE)"),
        ("[part](../../a.md#b-c)", f"[part]({FILES}/a.md#b-c)"),
        ("[here](#below)", f"[here]({FILES}/plugins/mine/README.md#below)"),
        ("[`code`](./a.py)", f"[`code`]({FILES}/plugins/mine/a.py)"),
        ('[titled](a.md "b")', f'[titled]({FILES}/plugins/mine/a.md "b")'),
        ("![plot](plot.svg)", f"![plot]({HOME}/raw/v1/plugins/mine/plot.svg)"),
        (
            "[![plot](p.svg)](a.md)",
            f"[![plot]({HOME}/raw/v1/plugins/mine/p.svg)]({FILES}/plugins/mine/a.md)",
        ),
        ("[a][b]\n\n[b]: c.md\n", f"[a][b]\n\n[b]: {FILES}/plugins/mine/c.md\n"),
    ],
)
def test_a_link_into_the_repository_becomes_one_to_the_web(text: str, expected: str) -> None:
    assert absolute(text) == expected
    assert relative_links(text) != []
    assert relative_links(absolute(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "[away](https://example.com/a)",
        "[write](mailto:me@example.com)",
        "`[a](b)` and ``[a](b) ` ``",
        "```python\nlayers[0](x)\n```\n",
        "~~~\n[a](b)\n```\n[a](b)\n~~~\n",
        "x[0]; (y)",
    ],
)
def test_anything_else_stays(text: str) -> None:
    assert absolute(text) == text
    assert relative_links(text) == []


def test_code_ends_where_it_ends() -> None:
    text = "```\n[a](b)\n```\n[a](b)\n"
    assert absolute(text) == f"```\n[a](b)\n```\n[a]({FILES}/plugins/mine/b)\n"


def test_a_link_out_of_the_repository_is_refused() -> None:
    with pytest.raises(ValueError, match=r"plugins/mine/README.md: '\.\./\.\./\.\./a' leads out"):
        absolute("[a](../../../a)")


def test_links_in_html_and_in_lists_are_seen() -> None:
    text = "<img src=\"a.png\">\n\n- [b](c.md), <a href='d.md'>d</a>\n"
    assert links_in(text) == ["a.png", "c.md", "d.md"]


@pytest.mark.parametrize("each", own_distributions(), ids=lambda each: each.name)
def test_no_link_of_our_pages_is_missed(each: Distribution) -> None:
    page = PurePosixPath(each.readme.relative_to(ROOT))
    text = each.readme.read_text("utf-8")
    changed = absolute_links(text, page, HOME, "v1")
    assert relative_links(changed) == []
    assert len(links_in(changed)) == len(links_in(text))
