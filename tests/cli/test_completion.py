"""What Tab does, by what bash and zsh ask and are told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from layerkit.cli.completion import (
    complete_component,
    complete_override,
    complete_path,
    complete_rule,
    joined_words,
)
from layerkit.rules import RULES
from tests.helpers.commands import environment

ROOT = Path(__file__).parents[2]
SPEC = "specs/mnist_tanh_dropout.toml"
BASH = shutil.which("bash")
LAYERKIT = Path(sys.executable).with_name("layerkit")


def texts(found: list[tuple[str, str]]) -> list[str]:
    return [text for text, _ in found]


def told(line: str, **extra: str) -> list[str]:
    """Return what bash is told where a line ends; it breaks words at '=' and ':'."""
    words = line.replace("=", " = ").replace(":", " : ")
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.rstrip().split(" ")) - 1)}
    if line.endswith(" "):
        asked["COMP_CWORD"] = str(len(words.rstrip().split(" ")))
    ran = subprocess.run(
        [LAYERKIT],
        cwd=ROOT,
        env=environment(_LAYERKIT_COMPLETE="complete_bash", **asked, **extra),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.split()


def test_a_key_is_completed_and_so_is_what_a_spec_says_there() -> None:
    assert told(f"layerkit run {SPEC} --set optimizer.l") == [
        "optimizer.learning_rate=",
        "optimizer.learning_rate=0.1",
    ]


def test_a_value_is_completed_after_the_sign_where_bash_breaks_the_word() -> None:
    assert told(f"layerkit run {SPEC} --set optimizer.type=ad") == [
        "adabelief",
        "adadelta",
        "adagrad",
        "adam",
        "adamax",
        "adamw",
    ]


def test_a_change_before_counts() -> None:
    line = f"layerkit validate {SPEC} --set optimizer.type=adamw --set optimizer.weight_d"
    assert told(line)[0] == "optimizer.weight_decay="
    assert told(f"layerkit validate {SPEC} --set optimizer.weight_d") == []


@pytest.mark.skipif(BASH is None, reason="bash is not installed")
def test_bash_with_the_script_that_is_installed_completes() -> None:
    ask = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    path = f"{LAYERKIT.parent}:{os.environ['PATH']}"
    program = f"""
eval "$(layerkit --show-completion bash)"
COMP_WORDS=(layerkit plugins show layer : resid); COMP_CWORD=5
_layerkit_completion layerkit; echo "${{COMPREPLY[@]}}"
COMP_WORDS=(layerkit run {SPEC} --set training.ep); COMP_CWORD=4
_layerkit_completion layerkit; echo "${{COMPREPLY[@]}}"
"""
    ran = subprocess.run(
        [str(BASH), "--norc", "-c", program],
        cwd=ROOT,
        env=environment(PATH=path, **ask),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.splitlines() == ["residual", "training.epochs= training.epochs=25"], (
        ran.stderr
    )


def test_zsh_is_told_what_keys_mean() -> None:
    asked = f"layerkit explain {SPEC} layers.1.uni"
    ran = subprocess.run(
        [LAYERKIT],
        cwd=ROOT,
        env=environment(_LAYERKIT_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS=asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert '"layers.1.units":"integer above 0"' in ran.stdout


def at(typed: str, spec: str = SPEC) -> list[str]:
    return texts(complete_override(typed, {"spec": ROOT / spec}, ()))


def test_lists_are_completed_by_index_and_components_by_their_options() -> None:
    assert at("layers.") == [f"layers.{index}." for index in range(8)]
    assert "layers.1.units=" in at("layers.1.")
    assert at("layers.1.weight_initializer.ty")[0] == "layers.1.weight_initializer.type="
    assert "layers.1.weight_initializer.type=lecun_normal" in at("layers.1.weight_initializer.ty")
    assert at("layers.0.rate") == ["layers.0.rate=", "layers.0.rate_schedule."]
    assert at("layers.0.rate=") == ["layers.0.rate=0.1"]
    assert at("regularizers.0.str") == ["regularizers.0.strength=", "regularizers.0.strength=1e-05"]
    assert at("layers.8") == at("nothing.at.all") == at("seed.x") == at("=") == []


def test_values_that_can_be_listed_are() -> None:
    assert at("dtype=") == ["dtype=float32", "dtype=float64"]
    assert at("optimizer.nesterov=t") == ["optimizer.nesterov=true"]
    assert {"training.batch_size=full", "training.batch_size=128"} <= {*at("training.batch_size=")}
    assert "loss=huber" in at("loss=")


def test_a_spec_in_json_or_none_or_a_broken_one_is_completed_too(tmp_path: Path) -> None:
    assert "layers.0.units=" in at("layers.", "specs/blobs.json")
    assert texts(complete_override("optimizer.ty", {}, ()))[0] == "optimizer.type="
    assert at("tra", "specs/absent.toml")[0] == "training.epochs="
    (tmp_path / "broken.toml").write_text("layers = [")
    (tmp_path / "wrong.toml").write_text('optimizer = {type = "nobody"}\nlayers = 3\n')
    assert at("tra", str(tmp_path / "broken.toml"))[0] == "training.epochs="
    assert "optimizer.type=adam" in at("optimizer.", str(tmp_path / "wrong.toml"))
    assert at("layers.", str(tmp_path / "wrong.toml")) == []


def test_paths_are_completed_without_values() -> None:
    found = complete_path("optimizer.", {"spec": ROOT / SPEC}, ())
    assert {"optimizer.learning_rate", "optimizer.momentum"} <= {*texts(found)}
    assert not any("=" in text for text in texts(found))


def test_components_are_completed_by_name_and_by_kind() -> None:
    assert complete_component("resid") == [("residual", "layer")]
    assert texts(complete_component("quantile")) == []
    assert texts(complete_component("layer:quan")) == ["layer:quantile"]
    assert {"layer:quantile", "loss:quantile"} <= {*texts(complete_component("l"))}


def test_rules_are_completed_by_code_or_name() -> None:
    assert texts(complete_rule("")) == [rule.code for rule in RULES.values()]
    assert complete_rule("LK003") == [("LK003", RULES["unknown-key"].title)]
    assert texts(complete_rule("unknown")) == ["unknown-name", "unknown-key"]


@pytest.mark.parametrize(
    ("words", "cursor", "joined", "at", "lead"),
    [
        ("layerkit run", 1, "layerkit run", 1, ""),
        (
            "layerkit run a.toml --set x = 1 --set y.",
            8,
            "layerkit run a.toml --set x=1 --set y.",
            6,
            "",
        ),
        ("layerkit run --set x = ad", 5, "layerkit run --set x=ad", 3, "x="),
        ("layerkit run --set x =", 4, "layerkit run --set x=", 3, "x="),
        ("layerkit run --set = x", 4, "layerkit run --set=x", 2, "--set="),
        ("layerkit show a : b : c", 6, "layerkit show a:b:c", 2, "a:b:"),
        ("layerkit run --set x = 1 ", 6, "layerkit run --set x=1", 4, ""),
        ("layerkit run 'a b' x", 3, "layerkit run 'a b' x", 3, ""),
        ("layerkit run 'a", 2, "layerkit run 'a", 2, ""),
    ],
)
def test_words_that_bash_broke_are_joined(
    words: str, cursor: int, joined: str, at: int, lead: str
) -> None:
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(cursor)}
    assert joined_words(asked) == lead
    assert asked == {"COMP_WORDS": joined, "COMP_CWORD": str(at)}
