from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.new_plugin.kinds import PLUGIN_KINDS
from tests.helpers.commands import here


def test_a_plugin_is_written_and_what_comes_next_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = here(capsys, "plugins", "new", "acme-swish", "--kind", "activation")
    assert (ran.code, ran.err) == (0, "")
    written, _, commands = ran.out.partition("\n\n")
    first, *files = written.splitlines()
    assert first == "acme-swish: the activation 'acme_swish', in acme-swish"
    found = [path for path in Path("acme-swish").rglob("*") if path.is_file()]
    assert sorted(f"  {path.relative_to('acme-swish').as_posix()}" for path in found) == sorted(
        files
    )
    assert commands.splitlines() == [
        "It works as it is. To try it, type:",
        "  cd acme-swish",
        '  pip install --editable ".[dev]"',
        "  pytest",
        "  layerkit plugins check acme-swish",
        "  layerkit run example.toml",
    ]


def test_help_names_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    words = here(capsys, "plugins", "new", "--help").out.replace(",", " ").replace(".", " ").split()
    assert {each.template for each in PLUGIN_KINDS} <= {*words}


def test_component_and_directory_may_be_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a plugin"
    options = ("--kind", "gradient_transform", "--component", "swish", "--out", out)
    ran = here(capsys, "plugins", "new", "acme-things", *options)
    assert ran.code == 0
    assert f"  cd '{out}'\n" in ran.out
    assert (out / "acme_things" / "swish.py").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("acme-swish", "--kind", "laeyr"), "no kind 'laeyr' (did you mean 'layer'?)"),
        (("Acme Swish", "--kind", "layer"), "did you mean 'acme-swish'?"),
        (("layerkit-dense", "--kind", "layer"), "there is a layer 'dense' already, of layerkit "),
        (("acme-swish",), "--kind"),
    ],
)
def test_a_wrong_call_writes_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = here(capsys, "plugins", "new", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert [*tmp_path.iterdir()] == []


def test_what_is_there_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "acme"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    ran = here(capsys, "plugins", "new", "acme-swish", "--kind", "layer", "--out", out)
    assert (ran.code, ran.out) == (4, "")
    assert f"{out}: expected no such file or directory" in ran.err
    assert [path.name for path in tmp_path.rglob("*")] == ["acme", "notes.txt"]


def test_a_directory_that_cannot_be_written_is_an_error_of_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "missing" / "acme"
    ran = here(capsys, "plugins", "new", "acme-swish", "--kind", "layer", "--out", out)
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == f"error: {out}: cannot write: No such file or directory\n"
