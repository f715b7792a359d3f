"""Every hostile distribution is told by its name, and troubles nobody who does not use it.

``make test-specs`` prints the numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from layerkit.values import is_list, is_table
from tests.helpers.commands import Ran
from tests.hostile.cases import GOOD
from tests.hostile.forking import Forking, Measured, forking
from tests.hostile.limits import BYTES, SECONDS
from tests.hostile.plugins import PluginCase, plugin_cases

CASES = [*plugin_cases()]
LONGEST = 3000
"""Characters of a message."""


@pytest.fixture(scope="module")
def server() -> Iterator[Forking]:
    with forking() as started:
        yield started


def use(case: PluginCase, directory: Path, server: Forking, *options: str) -> Measured:
    """Validate a spec that names a case's layer, and one that does not."""
    case.install(directory / "site")
    work = directory / "work"
    work.mkdir()
    (work / "bad.toml").write_text(GOOD.replace('"tanh"', f'"{case.written}"'))
    (work / "good.toml").write_text(GOOD)
    return server.run("validate", "bad.toml", *options, directory=work, site=directory / "site")


def check_message(case: PluginCase, ran: Ran) -> None:
    assert ran.code == case.code, ran.err[:2000]
    assert "Traceback" not in ran.err
    assert len(ran.err) < LONGEST
    assert all(each.isprintable() or each == "\n" for each in ran.err)
    message = " ".join(ran.err.replace("error: ", "").split())
    assert case.says in message
    assert case.code != 5 or case.whose in message or "registered twice" in message


def test_there_are_at_least_thirty_cases_with_names_of_their_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 30
    assert len([case for case in CASES if case.code == 5]) >= 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_plugin_is_told_and_troubles_no_other_spec(
    case: PluginCase, tmp_path: Path, server: Forking
) -> None:
    used = use(case, tmp_path, server)
    if case.code:
        check_message(case, used.ran)
    assert used.ran.code == case.code, used.ran.err[:2000]
    assert used.seconds < SECONDS
    assert used.bytes < BYTES
    work, site = tmp_path / "work", tmp_path / "site"
    other = server.run("validate", "good.toml", directory=work, site=site).ran
    assert (other.code, other.err) == (0, "")
    assert other.out.startswith("good.toml: ok")
    listed = server.run("plugins", "list", "--json", directory=work, site=site).ran
    assert listed.code == 0, listed.err[:2000]
    entries: object = json.loads(listed.out)
    assert is_list(entries)
    loads = [
        (each["name"], each["loads"])
        for each in entries
        if is_table(each) and each["distribution"] == (case.distribution or f"hostile-{case.name}")
    ]
    assert all(is_good == (case.code == 0) for _, is_good in loads)
    assert loads
    assert sorted(each.name for each in work.iterdir()) == ["bad.toml", "good.toml"]


@pytest.mark.parametrize(
    "case", [case for case in CASES if not case.code], ids=lambda case: case.name
)
def test_what_a_plugin_does_when_imported_leaves_results_as_they_are(
    case: PluginCase, tmp_path: Path, server: Forking
) -> None:
    used = use(case, tmp_path, server, "--format", "json").ran
    verdict: object = json.loads(used.out)
    assert is_table(verdict)
    work, site = tmp_path / "work", tmp_path / "site"
    quick = ("--set", "training.epochs=1", "--out", "run", "--quiet")
    ran = server.run("run", "bad.toml", *quick, directory=work, site=site).ran
    assert ran.code == 0, ran.err
    assert (work / "run" / "manifest.json").exists()


def test_all_hostile_plugins_together_trouble_no_spec(tmp_path: Path, server: Forking) -> None:
    for case in CASES:
        case.install(tmp_path / "site")
    work = tmp_path / "work"
    work.mkdir()
    (work / "good.toml").write_text(GOOD)
    ran = server.run("validate", "good.toml", directory=work, site=tmp_path / "site").ran
    assert (ran.code, ran.err) == (0, "")
    listed = server.run("plugins", "list", directory=work, site=tmp_path / "site").ran
    assert listed.code == 0, listed.err[:2000]
    assert "Traceback" not in listed.err
    for case in CASES:
        if case.code == 5 and case.distribution is None:
            assert f"hostile-{case.name} " in listed.out
