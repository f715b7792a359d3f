"""Specs whose text is changed: read from files or standard input, and written back."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from pathlib import Path
from typing import BinaryIO

from layerkit.errors import FileError
from layerkit.formats.atomic import written_atomically
from layerkit.spec.diagnostics import Problem, SpecError
from layerkit.spec.loading import Document, parse_document
from layerkit.spec.parsing import MAX_BYTES
from layerkit.spec.source import Format, Source

STANDARD_STREAM = Path("-")
"""What stands for standard input and standard output where a file is asked for."""
STANDARD_INPUT = "<stdin>"
"""What messages call standard input."""


def read_standard_input(stream: BinaryIO) -> Document:
    """Parse a spec from a stream: JSON if it begins with a brace, as no TOML does.

    Raises
    ------
    SpecError
        If it is neither.
    """
    content = stream.read(MAX_BYTES + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(content) <= MAX_BYTES or error.start < MAX_BYTES - 3:
            reason = f"expected UTF-8 text, found another byte at offset {error.start}"
            raise SpecError(STANDARD_INPUT, [Problem((), "syntax", reason)]) from error
        text = content.decode("utf-8", "replace")  # cut within a character; too large anyway
    form: Format = "json" if text.lstrip().startswith("{") else "toml"
    return parse_document(text, form, STANDARD_INPUT, Path())


def rewrite(path: Path, source: Source, text: str) -> None:
    """Write what a spec has become into a file, whole or not at all.

    The byte order mark of what was read stays, if there was one, and the permissions of the file.

    Raises
    ------
    FileError
        If the file may not be written to.
    """
    if path.exists() and not os.access(path, os.W_OK):
        raise FileError(f"{path}: cannot write: expected a file that may be written to")
    mark = BOM_UTF8 if source.mark_bytes else b""
    with written_atomically(path) as file:
        file.write(mark + text.encode())
