"""What CI of others uses is valid, and does what docs/ci.md says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from layerkit.values import is_list, is_table
from tests.helpers.commands import LONGEST, environment, here
from tests.helpers.schemas import violations
from tests.helpers.specs import PLAIN

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
SNIPPETS = dict(re.findall(r"<!-- ci: ([a-z-]+) -->\n\n```yaml\n(.*?)```", PAGE, re.DOTALL))
COMMANDS = [
    command
    for command in re.findall(r"(?:^\$|run:|- )\s*(layerkit validate .*)", PAGE, re.MULTILINE)
    if "mistakes" not in command  # its output is shown, which tests/test_docs.py compares
]


def loaded(text: str) -> object:
    found: object = yaml.safe_load(text)
    return {str(key): value for key, value in found.items()} if is_table(found) else found


def at(value: object, *path: str | int) -> object:
    for part in path:
        if is_table(value):
            value = value[str(part)]
        elif is_list(value) and isinstance(part, int):
            value = value[part]
    return value


def test_every_yaml_of_the_page_is_looked_at() -> None:
    assert PAGE.count("```yaml") == len(SNIPPETS) == 5


@pytest.mark.parametrize("name", ["workflow", "command", "sarif"])
def test_workflows_of_the_page_are_as_github_expects(name: str) -> None:
    # YAML 1.1, which PyYAML reads, takes the key 'on' for true; GitHub does not.
    text = re.sub(r"^on:", '"on":', SNIPPETS[name], flags=re.MULTILINE)
    assert violations(loaded(text), "GitHub Workflow") == []


def test_the_schema_of_workflows_refuses_what_is_none() -> None:
    assert violations({"on": "push", "jobs": {"a": {"steps": 3}}}, "GitHub Workflow") != []


def test_the_action_is_as_github_expects() -> None:
    action = loaded((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert violations(action, "GitHub Action") == []
    inputs = at(action, "inputs")
    given = at(loaded(SNIPPETS["workflow"]), "jobs", "validate", "steps", 2, "with")
    assert is_table(inputs)
    assert is_table(given)
    assert given.keys() <= inputs.keys()


def test_the_hook_is_as_pre_commit_expects() -> None:
    hooks: object = loaded((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert violations(hooks, ".pre-commit-hooks.yml") == []
    assert at(hooks, 0, "id") == at(loaded(SNIPPETS["pre-commit"]), "repos", 0, "hooks", 0, "id")
    assert violations(loaded(SNIPPETS["pre-commit"]), ".pre-commit-config.yml") == []


def test_the_hooks_command_takes_the_files_after_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hooks: object = loaded((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    program, *words = shlex.split(str(at(hooks, 0, "entry")))
    assert program == "layerkit"
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(PLAIN)
    assert here(capsys, *words, tmp_path / "a.toml", tmp_path / "b.toml").code == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_page_run(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "spirals.toml").write_text(PLAIN)
    shutil.copy(ROOT / "specs" / "blobs.json", tmp_path / "specs")
    monkeypatch.chdir(tmp_path)
    _, *words = shlex.split(command.partition(" > ")[0])
    ran = here(capsys, *words)
    assert ran.code == 0, ran.err
    assert ran.out


def test_there_are_commands_to_run() -> None:
    assert len(COMMANDS) >= 7


def steps_of_the_action() -> list[str]:
    action = loaded((ROOT / "action.yml").read_text(encoding="utf-8"))
    steps = at(action, "runs", "steps")
    assert is_list(steps)
    return [str(at(step, "run")) for step in steps]


@pytest.mark.skipif(sys.platform == "win32", reason="its bash may be any")
def test_the_action_validates_and_hands_on_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "good.toml").write_text(PLAIN)
    (tmp_path / "bad.toml").write_text(PLAIN.replace("seed", "sede"))
    program = Path(sys.executable).parent
    given = {
        "SPECS": "good.toml b*.toml\n$(touch pwned) `touch pwned` ;touch pwned",
        "FORMAT": "github",
        "OUTPUT": "",
        "STRICT": "false",
        "GITHUB_OUTPUT": str(tmp_path / "outputs"),
        "PATH": f"{program}{os.pathsep}{os.environ['PATH']}",
    }
    ran = subprocess.run(
        ["bash", "-e", "-c", steps_of_the_action()[1]],  # noqa: S607
        cwd=tmp_path,
        env=environment(**given),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert ran.returncode == 2, ran.stderr
    assert "validated good.toml: ok" in ran.stdout
    assert "::error file=bad.toml,line=2,endLine=2,col=1,endColumn=5,title=LK003::" in ran.stdout
    assert (tmp_path / "outputs").read_text() == "exit-code=2\n"
    assert not (tmp_path / "pwned").exists()
