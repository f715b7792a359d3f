"""Every exit code: the usual cause of each, then what is said of it."""

from __future__ import annotations

import os
import re
import signal
import warnings
from collections.abc import Callable, Generator
from pathlib import Path
from typing import NoReturn

import pytest

from layerkit.cli import main
from layerkit.cli.exits import EXIT_CODES
from layerkit.errors import DataError, DivergedError, PluginError
from layerkit.registry import installed
from tests.helpers.commands import finished, here, in_process, start
from tests.helpers.plugins import install
from tests.helpers.specs import TINY, write_spec


def raising(error: BaseException) -> Callable[..., NoReturn]:
    def fails(*_: object, **__: object) -> NoReturn:
        raise error

    return fails


def sending(number: signal.Signals) -> Callable[..., None]:
    def sends(*_: object, **__: object) -> None:
        os.kill(os.getpid(), number)

    return sends


CAUSES: dict[int, Callable[..., None] | None] = {
    0: None,
    1: raising(ZeroDivisionError("a mistake")),
    2: raising(MemoryError("too much")),
    3: raising(DataError("damaged")),
    4: raising(OSError("no space left")),
    5: raising(PluginError("no luck")),
    6: raising(DivergedError("too fast")),
    129: sending(signal.SIGHUP),
    130: sending(signal.SIGINT),
    143: sending(signal.SIGTERM),
}


@pytest.fixture
def listening() -> Generator[None]:
    """Handle SIGINT as Python does by default; a shell's background jobs ignore it."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, previous)


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize("code", EXIT_CODES)
def test_every_exit_code_has_its_cause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: int
) -> None:
    arguments = ("run", write_spec(tmp_path), "--out", tmp_path / "out", "--quiet")
    with pytest.MonkeyPatch.context() as patch:
        if (cause := CAUSES[code]) is not None:
            patch.setattr("layerkit.cli.run.run", cause)
        if code == 1:  # Python leaves with 1, below a traceback
            with pytest.raises(ZeroDivisionError, match="a mistake"):
                here(capsys, *arguments)
            return
        ran = here(capsys, *arguments)
    assert ran.code == code
    assert ran.err.startswith("error: " if code else "")
    assert "Traceback" not in ran.err


def test_no_memory_to_plan_a_spec_is_2_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layerkit.cli.specs.plan_network", raising(MemoryError("too much")))
    ran = here(capsys, "validate", write_spec(tmp_path))
    assert ran.code == 2
    assert ran.err == (
        "error: not enough memory: too much; 'layerkit summary' shows what a spec takes\n"
    )


@pytest.mark.filterwarnings("always")
def test_a_warning_shows_no_source(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def warns(*_arguments: object, strict: bool) -> int:
        assert not strict
        warnings.warn("overflow", RuntimeWarning, stacklevel=1)
        return 0

    monkeypatch.setattr("layerkit.cli.validate.validate_specs", warns)
    ran = here(capsys, "validate", "tiny.toml")
    assert ran.code == 0
    assert re.fullmatch(r"warning: RuntimeWarning: overflow \(test_main\.py, line \d+\)\n", ran.err)


VERBS = {
    "resume": "layerkit.cli.run.StoredRun.read",
    "run": "layerkit.cli.specs.plan_network",
    "validate": "layerkit.cli.specs.load_document",
    "summary": "layerkit.cli.specs.plan_network",
    "plugins list": "layerkit.cli.plugins.installed",
}


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize("verb", VERBS)
def test_ctrl_c_ends_any_verb_with_a_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
) -> None:
    monkeypatch.setattr(VERBS[verb], sending(signal.SIGINT))
    given = {"plugins list": [], "resume": [tmp_path]}.get(verb, [write_spec(tmp_path)])
    ran = here(capsys, *verb.split(), *given)
    assert (ran.code, ran.out, ran.err) == (130, "", "error: interrupted\n")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("listening")
def test_ctrl_c_while_the_command_line_is_read_is_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.metadata.version", sending(signal.SIGINT))
    ran = here(capsys, "--version")
    assert (ran.code, ran.out, ran.err) == (130, "", "error: interrupted\n")


@pytest.mark.parametrize("ignored", [False, True])
def test_a_plugin_that_raises_keyboard_interrupt_is_5(
    site: Path, capsys: pytest.CaptureFixture[str], *, ignored: bool
) -> None:
    name = f"pressing_{ignored}".lower()
    install(
        site, name, f"[layerkit.layers]\npressing = {name}:X\n", module="raise KeyboardInterrupt\n"
    )
    handler = signal.SIG_IGN if ignored else signal.default_int_handler
    previous = signal.signal(signal.SIGINT, handler)
    installed.cache_clear()
    try:
        ran = here(capsys, "validate", write_spec(site, TINY.replace('"tanh"', '"pressing"')))
    finally:
        signal.signal(signal.SIGINT, previous)
        installed.cache_clear()
    assert ran.code == 5
    assert "KeyboardInterrupt" in ran.err


def test_a_bad_spec_is_2_and_says_all_that_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = TINY.replace("units = 8", "unit = 8").replace("tanh", "tahn")
    ran = here(capsys, "run", write_spec(tmp_path, text))
    assert ran.code == 2
    assert ran.out == ""
    assert len(re.findall(r"^\S+:\d+:\d+: error\[LK00[23]\]: ", ran.err, re.MULTILINE)) == 2
    assert "unknown key 'unit'" in ran.err
    assert "did you mean 'tanh'?" in ran.err
    assert not (tmp_path / "runs").exists()


def test_a_wrong_call_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = write_spec(tmp_path)
    assert here(capsys, "run", spec, "--seed", "three").code == 2
    assert here(capsys, "run", spec, "--sed", "3").code == 2
    assert here(capsys, "run").code == 2
    malformed = here(capsys, "run", spec, "--set", "training.epochs")
    assert malformed.code == 2
    assert "expected PATH=VALUE" in malformed.err


def test_damaged_data_are_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "points.npz").write_bytes(b"no archive")
    text = TINY.replace(
        'type = "spirals", train_per_class = 40, test_per_class = 20',
        'type = "npz", classes = 3, path = "points.npz"',
    )
    ran = here(capsys, "validate", write_spec(tmp_path, text))
    assert ran.code == 3
    assert "points.npz" in ran.err


def test_a_missing_file_is_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = here(capsys, "run", "absent.toml")
    assert ran.code == 4
    assert ran.err == "error: absent.toml: cannot read the spec: No such file or directory\n"


def test_a_full_disk_below_standard_output_is_4(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = ("-m", "layerkit", "plugins", "list")
        ran = finished(start(*command, cwd=tmp_path, out=full.fileno()))
    assert ran.code == 4
    assert ran.err == "error: [Errno 28] No space left on device\n"


def test_a_broken_plugin_is_5_for_those_who_use_it(tmp_path: Path) -> None:
    points = "[layerkit.layers]\nbroken = broken:Broken\n"
    install(tmp_path / "site", "broken", points, module="raise RuntimeError('no luck')\n")
    extra = {"PYTHONPATH": str(tmp_path / "site")}
    text = TINY.replace('"tanh"', '"broken"')
    ran = in_process("validate", write_spec(tmp_path, text), cwd=tmp_path, extra=extra)
    assert ran.code == 5
    assert "tiny.toml" in ran.err
    assert "layer 'broken' of broken 1.0 (broken:Broken): RuntimeError: no luck" in ran.err
    assert in_process("validate", write_spec(tmp_path), cwd=tmp_path, extra=extra).code == 0


def test_divergence_is_6(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = TINY.replace('"tanh", ', "").replace("learning_rate = 0.1", "learning_rate = 1e30")
    text = text.replace('"LK110"', '"LK104", "LK110"')
    ran = here(capsys, "run", write_spec(tmp_path, text), "--out", "out")
    assert ran.code == 6
    assert ran.err == (
        "error: training diverged: the loss is nan at step 2 (epoch 1), at a learning rate of "
        "1e+30; the output of dense_2 is the first that is not finite; lower "
        "optimizer.learning_rate\n"
        "note: out has the weights after step 1, the last finite ones kept\n"
    )
    assert '"status": "DivergedError' in (tmp_path / "out" / "manifest.json").read_text()


def test_a_plugin_that_fails_while_it_runs_is_5(tmp_path: Path) -> None:
    points = "[layerkit.callbacks]\nfaulty = faulty:Faulty\n"
    module = """
from typing import Literal
from layerkit.plugin import CallbackConfig, ConfiguredCallback

class FaultyConfig(CallbackConfig):
    type: Literal["faulty"] = "faulty"

class Faulty(ConfiguredCallback[FaultyConfig]):
    def epoch_ended(self, event):
        raise ZeroDivisionError("a mistake")
"""
    install(tmp_path / "site", "faulty", points, module=module)
    spec = write_spec(tmp_path, f'callbacks = ["faulty"]\n{TINY}')
    extra = {"PYTHONPATH": str(tmp_path / "site")}
    ran = in_process("run", spec, "--out", "out", cwd=tmp_path, extra=extra)
    assert ran.code == 5
    assert ran.err == (
        "error: callback 'faulty' of faulty 1.0 (faulty:Faulty): epoch_ended failed with "
        "ZeroDivisionError: a mistake (faulty.py, line 10)\n"
    )


def test_a_bug_of_ours_shows_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a mistake")

    monkeypatch.setattr("layerkit.cli.run.run", fails)
    with pytest.raises(ZeroDivisionError, match="a mistake"):
        main(["run", str(write_spec(tmp_path)), "--out", str(tmp_path / "out")])
