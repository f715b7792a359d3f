"""Puts files and outputs of commands into the documentation, so that neither can go stale.

``<!-- file: PATH -->`` is followed by a block with the file, ``<!-- output: COMMAND -->`` by one
with what the command prints. ``make docs`` writes the blocks anew; a test compares them.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {".py": "python", ".toml": "toml", ".json": "json"}
MARKED = re.compile(
    r"<!-- (?P<what>file|output): (?P<argument>.+?) -->\n(?:\n```.*?\n```\n)?", re.DOTALL
)


def pages() -> list[Path]:
    """Return every page of documentation."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/*/*.md")])


def refreshed(text: str) -> str:
    """Return a page's text with every marked block as it should be now."""
    return MARKED.sub(_block, text)


def _block(found: re.Match[str]) -> str:
    argument = found["argument"]
    if found["what"] == "file":
        path = ROOT / argument
        language, content = LANGUAGES[path.suffix], path.read_text(encoding="utf-8")
    else:
        language, content = "console", f"$ {argument}\n{_output(argument)}"
    return f"<!-- {found['what']}: {argument} -->\n\n```{language}\n{content.rstrip()}\n```\n"


def _output(command: str) -> str:
    program, *arguments = shlex.split(command)
    finished = subprocess.run(  # noqa: S603  # the commands are those of our own pages
        [Path(sys.executable).with_name(program), *arguments],
        cwd=ROOT,
        env={"COLUMNS": "88", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return "\n".join(line.rstrip() for line in finished.stdout.splitlines())


if __name__ == "__main__":
    for page in pages():
        page.write_text(refreshed(page.read_text(encoding="utf-8")), encoding="utf-8")
