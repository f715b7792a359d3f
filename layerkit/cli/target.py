"""The file that a verb writes a spec into, where that is not the spec itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from layerkit.errors import FileError, UsageError
from layerkit.spec.loading import Document, validate
from layerkit.spec.models import ModelSpec


def check_target(document: Document, spec: ModelSpec, target: Path, *, force: bool) -> None:
    """Check that a spec means the same in another file, and that this file may be written.

    Parameters
    ----------
    document, spec
        What was read, and what it means.
    target
        The other file.
    force
        Whether it may be there already.

    Raises
    ------
    FileError
        If it is there already and may not be.
    UsageError
        If relative paths of the spec would lead elsewhere.
    """
    if validate(replace(document, directory=target.parent.absolute())) != spec:
        raise UsageError(
            f"{target}: relative paths in {document.source.name} would lead elsewhere; "
            "write into its directory"
        )
    if target.exists() and not force:
        raise FileError(f"{target}: there is such a file already; --force writes over it")
