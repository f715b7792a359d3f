"""Every bad component is handled, by name."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from layerkit.contracts.kinds import KINDS
from tests.bad_components.case import PLUGIN, SPEC, Case
from tests.bad_components.cases import CASES, RIGHT
from tests.bad_components.report import report
from tests.bad_components.trials import Trials, install_case, reasons
from tests.helpers.commands import in_process


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_it_is_handled(case: Case, trying: Trials) -> None:
    assert trying.mistakes(case) == []


@pytest.mark.parametrize("case", RIGHT, ids=[case.name for case in RIGHT])
def test_what_the_cases_differ_from_is_right(case: Case, trying: Trials) -> None:
    assert trying.mistakes(case) == []


def test_there_are_cases_of_every_kind() -> None:
    assert {case.kind for case in CASES} == {*(kind.noun for kind in KINDS), "kernel"}
    names = Counter(case.name for case in (*CASES, *RIGHT))
    assert [name for name, times in names.items() if times > 1] == []
    assert len(CASES) >= 60


def weights(trying: Trials, directory: Path, site: Path | None = None) -> bytes:
    """Return what a run of a spec without plugins writes."""
    directory.mkdir()
    (directory / "good.json").write_text(json.dumps(SPEC), encoding="utf-8")
    ran = trying.run("run", directory / "good.json", "--out", directory / "run", site=site)
    assert (ran.code, ran.err) == (0, "")
    return (directory / "run" / "model.safetensors").read_bytes()


def test_what_is_installed_but_not_used_changes_nothing(trying: Trials, tmp_path: Path) -> None:
    alone = weights(trying, tmp_path / "alone", site=tmp_path)
    assert weights(trying, tmp_path / "beside_all") == alone


def test_the_list_says_what_loads(trying: Trials) -> None:
    in_site = [case for case in CASES if case.kind != "kernel"]
    unloadable = {case.distribution for case in in_site if case.found == "import"}
    assert reasons(trying.listed).keys() == unloadable


def test_a_process_of_its_own_ends_as_those_here_do(tmp_path: Path) -> None:
    named = {case.name: case for case in CASES}
    leaves = named["layer_forward_leaves"]
    for case in (leaves, *(named[f"layer_import_{way}"] for way in ("leaves", "interrupts"))):
        install_case(case, tmp_path)
    (tmp_path / "bad.json").write_text(json.dumps(leaves.spec), encoding="utf-8")
    extra = {"PYTHONPATH": str(tmp_path)}
    ran = in_process("run", "bad.json", "--quiet", cwd=tmp_path, extra=extra)
    assert ran.code == PLUGIN
    assert "SystemExit" in ran.err
    listed = in_process("plugins", "list", cwd=tmp_path, extra=extra)
    assert listed.code == 0
    assert "of bad-layer-import-interrupts 1.0 (" in " ".join(listed.out.split())


def test_a_component_that_is_right_is_no_bad_one(trying: Trials) -> None:
    (right,) = [case for case in RIGHT if case.name == "layer_right"]
    (found,) = trying.mistakes(replace(right, codes=(PLUGIN,)))
    assert found.startswith("run: expected exit code 5, found 0: ")


def test_the_last_line_counts_what_was_mishandled() -> None:
    total = f"{len(CASES)} bad components tried"
    assert report([]).splitlines()[-1] == f"{total}, 0 mishandled"
    text = report([case.name for case in CASES if case.kind == "kernel"])
    (row,) = [line.split() for line in text.splitlines() if line.startswith("kernel")]
    assert row[1] == row[2]
    assert text.splitlines()[-1] == f"{total}, {row[2]} mishandled"
