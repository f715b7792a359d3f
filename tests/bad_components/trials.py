"""Tries cases: with all of them installed, real commands run on a spec that uses one."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import NoReturn

from layerkit.registry import KERNEL_GROUP
from layerkit.values import is_list, is_table
from tests.bad_components.case import PLUGIN, SPEC, Case
from tests.bad_components.server import Server, serving
from tests.helpers.commands import Ran
from tests.helpers.plugins import install

MOST_CHARACTERS = 3000
"""Of a message; a component's own may have no end."""
UNWANTED = {"traceback": r"Traceback", "warning with its source": r"\.py:\d+: \w*Warning"}
"""What no user is to see, as patterns."""


@contextmanager
def trials(cases: Iterable[Case], directory: Path) -> Generator[Trials]:
    """Install cases in a directory, and start the process that tries them."""
    with serving() as server:
        yield Trials(server, cases, directory)


def install_case(case: Case, site: Path) -> None:
    """Install the distribution of a case."""
    points = f"[{case.group}]\n{case.called} = {case.module}:Bad\n"
    install(site, case.distribution, points, module=case.source)


class Trials:
    """Runs commands on specs with bad components, and judges what they do.

    All components are installed at once, but for those that replace the same loop.

    Parameters
    ----------
    server
        Runs the commands.
    cases
        The components.
    directory
        Where to work.
    """

    def __init__(self, server: Server, cases: Iterable[Case], directory: Path) -> None:
        self._server = server
        self._directory = directory
        self._site = directory / "site"
        self._site.mkdir(parents=True)
        for case in cases:
            if case.group != KERNEL_GROUP:
                install_case(case, self._site)

    def run(self, *arguments: str | Path, site: Path | None = None) -> Ran:
        """Run ``layerkit`` where everything is installed, or what is in another directory."""
        return self._server.run(*arguments, directory=self._directory, site=site or self._site)

    def mistakes(self, case: Case) -> list[str]:
        """Return what was done wrong about a bad component; nothing, if it was handled."""
        directory = Path(mkdtemp(prefix=f"{case.name}_", dir=self._directory))
        (directory / "bad.json").write_text(json.dumps(case.spec), encoding="utf-8")
        site = None
        if case.group == KERNEL_GROUP:
            site = directory / "site"
            install_case(case, site)
        if case.found == "summary":
            ran = self.run("summary", directory / "bad.json", site=site)
            return [f"summary: {each}" for each in message_mistakes(case, ran)]
        found = list(self._mistakes_of_run(case, directory, site))
        if case.quiet:
            found += self._mistakes_of_run(case, directory, site, "--quiet")
        if case.found == "plan":
            found += self._mistakes_of_validate(case, directory, site)
        if case.found == "import":
            ran = self.listed if site is None else self._list(site)
            if not _names(case, reasons(ran).get(case.distribution, "")):
                found.append(f"plugins list: expected a reason that names it, found {shown(ran)}")
        return found

    @cached_property
    def listed(self) -> Ran:
        """What ``plugins list --json`` does about all that is installed; it takes a while."""
        return self._list(self._site)

    def _list(self, site: Path) -> Ran:
        return self.run("plugins", "list", "--json", site=site)

    def _mistakes_of_run(
        self, case: Case, directory: Path, site: Path | None, *options: str
    ) -> Iterator[str]:
        written = directory / f"run{''.join(options)}"
        ran = self.run("run", directory / "bad.json", "--out", written, *options, site=site)
        for each in (*message_mistakes(case, ran), *record_mistakes(ran, written)):
            yield f"{' '.join(('run', *options))}: {each}"

    def _mistakes_of_validate(
        self, case: Case, directory: Path, site: Path | None
    ) -> Iterator[str]:
        good = self._directory / "good.json"
        good.write_text(json.dumps(SPEC), encoding="utf-8")
        ran = self.run("validate", directory / "bad.json", good, site=site)
        for each in message_mistakes(case, ran):
            yield f"validate: {each}"
        if "good.json" not in ran.out:
            yield f"validate: expected that the other spec is valid, found {ran.out!r}"


def reasons(listed: Ran) -> Mapping[str, str]:
    """Return what ``plugins list --json`` says of every distribution that does not load."""
    entries = strict_json(listed.out) if listed.code == 0 else None
    if not is_list(entries):
        return {}
    return {
        str(entry["distribution"]): str(entry["reason"])
        for entry in entries
        if is_table(entry) and not entry["loads"]
    }


def message_mistakes(case: Case, ran: Ran) -> Iterator[str]:
    """Yield what is wrong about exit code and messages."""
    message = " ".join(re.sub(r"(?m)^(error|note|warning): ", "", ran.err).split())
    if ran.code not in case.codes:
        yield f"expected exit code {case.codes[0]}, found {ran.code}: {shown(ran)}"
        return
    for what, pattern in UNWANTED.items():
        if re.search(pattern, ran.out + ran.err):
            yield f"expected no {what}, found {shown(ran)}"
    if len(ran.err) > MOST_CHARACTERS:
        yield f"expected at most {MOST_CHARACTERS} characters, found {len(ran.err)}"
    if ran.code == PLUGIN and not _names(case, message):
        yield f"expected a message that names {case.kind} '{case.called}', found {shown(ran)}"
    elif ran.code and not message:
        yield "expected a message, found none"
    for each in case.says if ran.code else ():
        if each not in message:
            yield f"expected '{each}' in the message, found {shown(ran)}"


def _names(case: Case, message: str) -> bool:
    """Tell whether a message names a component as messages do."""
    whose = f"{case.kind} '{case.called}' of {case.distribution} 1.0 ({case.module}:Bad)"
    return whose in message


def record_mistakes(ran: Ran, written: Path) -> Iterator[str]:
    """Yield what is wrong about the files of a run."""
    if not (written / "manifest.json").exists():
        return
    try:
        manifest = strict_json((written / "manifest.json").read_text("utf-8"))
        for line in (written / "history.jsonl").read_text("utf-8").splitlines():
            strict_json(line)
    except ValueError as error:
        yield f"expected valid JSON in the run directory, found {error}"
        return
    status = str(manifest["status"]) if is_table(manifest) else ""
    if status == "running" or (status == "finished") != (ran.code == 0):
        yield f"expected a status that says how the run ended, found '{status}'"


def strict_json(text: str) -> object:
    """Return what a JSON text says; NaN and Infinity are no JSON."""

    def refuse(word: str) -> NoReturn:
        raise ValueError(f"{word}, which JSON does not have")

    parsed: object = json.loads(text, parse_constant=refuse)
    return parsed


def shown(ran: Ran) -> str:
    """Return what a command printed last, in one line."""
    lines = (ran.err or ran.out).strip().splitlines()
    if "Traceback" in ran.err:
        return f"a traceback that ends in {lines[-1][:200]!r}"
    return repr(" / ".join(lines)[:300])
