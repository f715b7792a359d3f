"""``layerkit fill``: a spec with every default written."""

from __future__ import annotations

import sys
from pathlib import Path

from layerkit.cli.output import say, write
from layerkit.cli.target import check_target
from layerkit.editing.files import STANDARD_STREAM, read_standard_input, rewrite
from layerkit.editing.filling import filled
from layerkit.errors import UsageError
from layerkit.spec.loading import read_document, validate


def fill_spec(path: Path, out: Path | None, *, force: bool) -> int:
    """Write every default into a spec.

    Parameters
    ----------
    path
        The spec; ``-`` for standard input.
    out
        Where to write: in its place by default, which is standard output for standard input.
    force
        Whether another file that is there already is replaced.

    Raises
    ------
    FileError
        If there is such a file, or it cannot be written.
    SpecError
        If it is no valid spec.
    UsageError
        If relative paths of the spec would lead elsewhere, or the file has another format's name.
    """
    is_input = path == STANDARD_STREAM
    document = read_standard_input(sys.stdin.buffer) if is_input else read_document(path)
    spec = validate(document)
    target = out or path
    if target not in {path, STANDARD_STREAM}:
        form = document.source.form or "toml"
        if target.suffix.lower() != f".{form}":
            raise UsageError(
                f"{target}: expected a name ending in .{form}; "
                "'layerkit convert' writes other formats"
            )
        check_target(document, spec, target, force=force)
    text = filled(document, spec)
    if target == STANDARD_STREAM:
        write(text)
    elif target == path and text == document.source.text:
        say(f"{path}: has every default")
    else:
        rewrite(target, document.source, text)
        say(f"{target}: written")
    return 0
