"""``layerkit plugins new``: a plugin to begin with."""

from __future__ import annotations

import shlex
from pathlib import Path

from layerkit.cli.output import say
from layerkit.errors import FileError
from layerkit.formats.atomic import write_directory_atomically
from layerkit.new_plugin.kinds import plugin_kind
from layerkit.new_plugin.names import plugin_names
from layerkit.new_plugin.plugin import plugin_files, template_names
from layerkit.new_plugin.texts import INSTALL
from layerkit.registry import installed


def new_plugin(name: str, noun: str, component: str | None, out: Path | None) -> int:
    """Write a plugin, and say what to do next; return the exit code.

    Raises
    ------
    UsageError
        If there is no such kind, or a name is not valid or means something already.
    FileError
        If the directory is there, or cannot be written.
    """
    kind = plugin_kind(noun)
    names = plugin_names(name, component, kind.kind, installed(), template_names(kind))
    directory = out or Path(name)
    if directory.exists():
        raise FileError(
            f"{directory}: expected no such file or directory, as a new plugin gets one of its "
            "own; choose another with --out"
        )
    files = plugin_files(names, kind)
    write_directory_atomically(directory, {path: text.encode() for path, text in files.items()})
    say(f"{name}: the {kind.noun} '{names.component}', in {directory}")
    for path in files:
        say(f"  {path}")
    say("")
    say("It works as it is. To try it, type:")
    for command in (
        shlex.join(["cd", str(directory)]),
        INSTALL,
        "pytest",
        f"layerkit plugins check {name}",
        "layerkit run example.toml",
    ):
        say(f"  {command}")
    return 0
