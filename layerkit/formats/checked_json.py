"""JSON objects in a file with a checksum over all of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from layerkit.errors import DataError
from layerkit.formats.json_text import json_text
from layerkit.values import is_table

CHECKSUM = "file_sha256"
"""The last key of the object: the SHA-256 of the file, computed with zeros in its place."""
_ZEROS = "0" * 64
_END = re.compile(rb'"([0-9a-f]{64})"\n}\n\Z')


def with_checksum(table: Mapping[str, object]) -> bytes:
    """Return a table as JSON, with a checksum as its last key."""
    content = f"{json_text({**table, CHECKSUM: _ZEROS}, indent=2)}\n".encode()
    return _replaced(content, hashlib.sha256(content).hexdigest().encode())


def checked(content: bytes, source: str) -> dict[str, object]:
    """Return the table that `with_checksum` made a file of, without the checksum.

    Parameters
    ----------
    content
        Of the file.
    source
        What messages call it.

    Raises
    ------
    DataError
        If it is anything else, or has been changed.
    """
    try:
        table: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{source}: no valid JSON: {error}") from error
    if not is_table(table):
        raise DataError(f"{source}: expected an object, found other JSON")
    end = _END.search(content)
    zeros = _replaced(content, _ZEROS.encode())
    if end is None or end[1] != hashlib.sha256(zeros).hexdigest().encode():
        raise DataError(
            f"{source}: expected what its last line, a checksum over the file, says; the file was "
            "changed or is damaged"
        )
    return {name: value for name, value in table.items() if name != CHECKSUM}


def _replaced(content: bytes, checksum: bytes) -> bytes:
    return _END.sub(b'"%b"\n}\n' % checksum, content)
