"""Links of a page: made absolute, so that they also work where the page is shown alone."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token

CODE_OR_LINK = re.compile(
    r"""
      ^\ {0,3}(?P<fence>`{3,}|~{3,}) .*? ^\ {0,3}(?P=fence)   # a block of code
    | (?P<ticks>`+)(?!`) .+? (?<!`)(?P=ticks)(?!`)            # code in a line
    | (?P<image>!\[[^\]]*\]\()  (?P<picture>[^\s()<>]+)
    | (?P<link>\]\()            (?P<target>[^\s()<>]+)
    | (?P<label>^\[[^\]\n]+\]:\ +) (?P<defined>[^\s<>]+)      # [label]: target
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
IN_HTML = re.compile(r"""\b(?:href|src)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


def absolute_links(text: str, page: PurePosixPath, repository: str, ref: str) -> str:
    """Return a page's text, its links into the repository replaced by links to the web.

    Parameters
    ----------
    text
        Markdown; what stands in code is left alone.
    page
        Where the page is, from the root of the repository: its links start there.
    repository
        Address of the repository, in the manner of GitHub: ``ADDRESS/blob/REF/PATH`` is a file.
    ref
        The tag or branch that links lead to.

    Raises
    ------
    ValueError
        If a link leads out of the repository.
    """

    def web(target: str, view: str) -> str:
        if ABSOLUTE.match(target):
            return target
        path, mark, heading = target.partition("#")
        inside = posixpath.normpath(page.parent / path) if path else str(page)
        if inside.startswith(("../", "/")):
            raise ValueError(f"{page}: '{target}' leads out of the repository")
        return f"{repository}/{view}/{ref}/{inside}{mark}{heading}"

    def replaced(found: re.Match[str]) -> str:
        if found["picture"]:
            return found["image"] + web(found["picture"], "raw")
        if found["target"]:
            return found["link"] + web(found["target"], "blob")
        if found["defined"]:
            return found["label"] + web(found["defined"], "blob")
        return found[0]

    return CODE_OR_LINK.sub(replaced, text)


def links_in(text: str) -> list[str]:
    """Return the targets of all links and images of a page, as a parser of Markdown sees them."""
    return [target for token in MarkdownIt().parse(text) for target in _targets(token)]


def relative_links(text: str) -> list[str]:
    """Return the targets that only work beside the rest of the repository."""
    return [target for target in links_in(text) if not ABSOLUTE.match(target)]


def _targets(token: Token) -> Iterator[str]:
    for key in ("href", "src"):
        if key in token.attrs:
            yield str(token.attrs[key])
    if token.type in {"html_block", "html_inline"}:
        yield from IN_HTML.findall(token.content)
    for child in token.children or ():
        yield from _targets(child)
