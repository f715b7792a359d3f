"""``layerkit fmt``: specs laid out in one way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from layerkit.cli.output import report, report_error, say, write
from layerkit.cli.spec_files import spec_files
from layerkit.editing.files import STANDARD_STREAM, read_standard_input, rewrite
from layerkit.editing.formatting import formatted
from layerkit.editing.upgrading import upgraded
from layerkit.errors import FileError, LayerkitError, UsageError
from layerkit.spec.loading import Document, read_document

NOT_FORMATTED = UsageError.exit_code
"""With ``--check``: as of all else that is wrong with a spec; 1 stands for a bug of Layerkit."""

_Change: TypeAlias = Callable[[Document], str]


def format_specs(asked: Iterable[Path], *, check: bool, upgrade: bool) -> int:
    """Format specs, each in its place; return the exit code of the first bad one, or 0.

    Parameters
    ----------
    asked
        Files, patterns and directories, see `spec_files`; ``-`` for standard input.
    check
        Whether to say only which are not formatted.
    upgrade
        Whether former names become today's.
    """
    files = [*asked]
    change = partial(_changed, upgrade=upgrade)
    if STANDARD_STREAM in files:
        if len(files) > 1:
            raise UsageError("expected '-' alone, or files")
        return _format_standard_input(change, check=check)
    codes = [_format(path, change, check=check) for path in spec_files(files)]
    return next(filter(None, codes), 0)


def _changed(document: Document, *, upgrade: bool) -> str:
    source = (upgraded(document) if upgrade else document).source
    return formatted(source.text, source.form or "toml", source.name)


def _format(path: Path | FileError, change: _Change, *, check: bool) -> int:
    try:
        if isinstance(path, FileError):
            raise path
        document = read_document(path)
        text = change(document)
        if text == document.source.text:
            say(f"{path}: is formatted")
        elif check:
            report(f"{path}: is not formatted; 'layerkit fmt {path}' formats it")
            return NOT_FORMATTED
        else:
            rewrite(path, document.source, text)
            say(f"{path}: formatted")
    except LayerkitError as error:
        report_error(error)
        return error.exit_code
    return 0


def _format_standard_input(change: _Change, *, check: bool) -> int:
    document = read_standard_input(sys.stdin.buffer)
    text = change(document)
    if not check:
        write(text)
        return 0
    if text != document.source.text:
        report(f"{document.source.name}: is not formatted")
        return NOT_FORMATTED
    return 0
