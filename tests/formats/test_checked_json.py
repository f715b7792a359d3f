from __future__ import annotations

import json

import pytest

from layerkit.errors import DataError
from layerkit.formats.checked_json import CHECKSUM, checked, with_checksum

FACTS = {"name": "Käse", "steps": [1, 2.5], "end": '"' + "0" * 64 + '"\n}\n'}


def test_what_was_written_is_read_again() -> None:
    content = with_checksum(FACTS)
    assert checked(content, "facts") == FACTS
    assert json.loads(content) == {**FACTS, CHECKSUM: json.loads(content)[CHECKSUM]}
    assert with_checksum(FACTS) == content
    assert checked(with_checksum({}), "facts") == {}


def test_every_flipped_bit_and_every_missing_end_is_refused() -> None:
    content = with_checksum({"scale": 1.0})
    for bit in range(8 * len(content)):
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(DataError, match=r"facts: (no valid JSON|expected what its last line)"):
            checked(bytes(damaged), "facts")
    for size in range(len(content)):
        with pytest.raises(DataError):
            checked(content[:size], "facts")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[1]", "facts: expected an object, found other JSON"),
        (b'{"a": 1}\n', "facts: expected what its last line, a checksum over the file, says"),
        (b"[" * 100_000, "facts: no valid JSON"),
        (b"\xff", "facts: no valid JSON"),
    ],
)
def test_anything_else_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        checked(content, "facts")
