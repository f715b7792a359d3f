"""Puts files and outputs of commands into the documentation, so that neither can go stale.

``<!-- file: PATH -->`` is followed by a block with the file, ``<!-- output: COMMAND -->`` by one
with what the command prints, ``<!-- components: all -->`` by a table of what the repository's
distributions register, ``<!-- bad-components: COMMAND -->`` by what the command prints about the
tests' bad components if it finds all of them handled. ``<!-- try: COMMAND -->`` is followed by what
the command prints in a directory that all such commands of a page share, and that has the tables of
``docs/examples`` at first; ``<!-- findings: all -->`` by a table of what ``layerkit data`` may
find, ``<!-- unsaid: all -->`` by one of the rules that the JSON Schema of specs does not say;
``<!-- mistakes: plugins -->`` (or ``specs``, ``uncaught``) by one of the mistakes in Python of
``tests/typing``, and what type checkers say of them; ``<!-- specs: all -->`` by one of the shipped
specs, from their comments.
``make docs`` writes the blocks anew; a test compares them.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from functools import partial
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

from layerkit.contracts.kinds import KINDS
from layerkit.findings.codes import CHECKS
from layerkit.schema.spec_schema import spec_schema
from layerkit.schema.unsaid import unsaid_rules

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {".py": "python", ".toml": "toml", ".json": "json"}
EXPECTED = "python -m tests.bad_components --expected"
MARKED = re.compile(
    r"<!-- (?P<what>file|output|try|components|bad-components|findings|unsaid|mistakes|specs): "
    r"(?P<argument>.+?) -->\n"
    r"(?:\n```.*?\n```\n|\n(?:\|[^\n]*\n)+)?",
    re.DOTALL,
)


def pages() -> list[Path]:
    """Return every page of documentation."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/*/*.md")])


def refreshed(text: str) -> str:
    """Return a page's text with every marked block as it should be now."""
    with TemporaryDirectory() as directory:
        tried = Path(directory).resolve()
        for table in ROOT.glob("docs/examples/*.csv"):
            shutil.copy(table, tried)
        return MARKED.sub(partial(_block, tried=tried), text)


def _block(found: re.Match[str], tried: Path) -> str:
    argument = found["argument"]
    tables = {"components": _components, "findings": _findings, "unsaid": _unsaid, "specs": _specs}
    if found["what"] == "mistakes":
        return f"<!-- mistakes: {argument} -->\n\n{_mistakes(argument)}"
    if found["what"] in tables:
        table = tables[found["what"]]()
        return f"<!-- {found['what']}: {argument} -->\n\n{table}"
    if found["what"] == "file":
        path = ROOT / argument
        language, content = LANGUAGES[path.suffix], path.read_text(encoding="utf-8")
    elif found["what"] == "try":
        printed = _output(argument, tried).replace(f"{tried}/", "")
        language, content = "console", f"$ {argument}\n{printed}"
    else:
        # To try them all takes long, and tests do so.
        shown = EXPECTED if found["what"] == "bad-components" else argument
        language, content = "console", f"$ {argument}\n{_output(shown)}"
    return f"<!-- {found['what']}: {argument} -->\n\n```{language}\n{content.rstrip()}\n```\n"


def _components() -> str:
    """Return a table with the names of every kind; those of plugins are in italics."""
    rows = ["| kind | components |", "|---|---|"]
    projects = [ROOT / "pyproject.toml", *sorted(ROOT.glob("plugins/*/pyproject.toml"))]
    groups = [
        tomllib.loads(path.read_text(encoding="utf-8"))["project"]["entry-points"]
        for path in projects
    ]
    for kind in KINDS:
        own, *others = (sorted(each.get(kind.group, ())) for each in groups)
        names = [f"`{name}`" for name in own]
        names += [f"*`{name}`*" for name in sorted(name for other in others for name in other)]
        rows.append(f"| {kind.noun} | {', '.join(names)} |")
    return "\n".join([*rows, ""])


def _findings() -> str:
    """Return a table of what may be found in data."""
    rows = ["| code | finding | reported when | what to do |", "|---|---|---|---|"]
    rows += [
        f"| {each.code} | {each.title} | {each.found_when} | {each.advice} |" for each in CHECKS
    ]
    return "\n".join([*rows, ""])


def _unsaid() -> str:
    """Return a table of the rules that the JSON Schema of specs does not say."""
    rows = ["| at | rule |", "|---|---|"]
    for each in unsaid_rules(spec_schema()[0]):
        places = [place.split(".", 1) for place in each.places]
        kinds = {kind for kind, *_ in places}
        names = ", ".join(f"`{name[-1]}`" for name in places)
        are_keys = all("." in name[-1] for name in places)  # else the component itself is meant
        if len(places) > 3 and len(kinds) == 1 and are_keys:
            names = f"`{places[0][-1].rpartition('.')[2]}` of every {places[0][0]}"
        rows.append(f"| {names} | {each.rule} |")
    return "\n".join([*rows, ""])


def _specs() -> str:
    """Return a table of the shipped specs: what they begin with, and the result that they state."""
    rows = ["| spec | what it is | result on test data |", "|---|---|---|"]
    for path in sorted(ROOT.glob("specs/*.*")):
        comment = "".join(
            f"{line.removeprefix('#').strip()}\n"
            for line in takewhile(
                lambda line: line.startswith("#"), path.read_text(encoding="utf-8").splitlines()
            )
        )
        what = re.split(r"^(?:Result|Data|`pip|$)", comment, maxsplit=1, flags=re.MULTILINE)[0]
        result = re.search(r"^Result: test (.*)$", comment, re.MULTILINE)
        cells = (" ".join(what.split()) or "A spec in JSON.", result[1] if result else "")
        rows.append(f"| [`{path.name}`](../specs/{path.name}) | {' | '.join(cells)} |")
    return "\n".join([*rows, ""])


def _mistakes(which: str) -> str:
    """Return a table of mistakes in Python; those that no checker finds are shown by themselves."""
    rows: list[str] = []
    for path in sorted(ROOT.glob("tests/typing/mistakes/*/*.py")):
        text = path.read_text(encoding="utf-8")
        what = text.split('"""')[1]
        name = f"[{what}](../{path.relative_to(ROOT).as_posix()})"
        said = {
            checker: re.search(rf"^# {checker} \d+: (.*) \[([\w-]+)\]$", text, re.MULTILINE)
            for checker in ("mypy", "pyright")
        }
        if not any(said.values()):
            rows += [f"| {name} |"] if which == "uncaught" else []
        elif which == path.parent.name:
            cells = [_cell(each[1]) if each else "nothing" for each in said.values()]
            rows.append(f"| {name} | {' | '.join(cells)} |")
    head = "| mistake |" if which == "uncaught" else "| mistake | mypy | pyright |"
    return "\n".join([head, "|" + "---|" * (head.count("|") - 1), *rows, ""])


def _cell(message: str) -> str:
    """Return a message as a table shows it."""
    escaped = message.replace("|", "\\|")
    return f"`{escaped}`"


def _output(command: str, directory: Path = ROOT) -> str:
    program, *arguments = shlex.split(command)
    own = Path(sys.executable).with_name(program)
    finished = subprocess.run(  # noqa: S603  # the commands are those of our own pages
        [own if own.exists() else Path("/bin") / program, *arguments],
        cwd=directory,
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
