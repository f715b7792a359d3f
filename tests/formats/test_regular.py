from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from layerkit.formats.regular import NotRegularError, open_regular


def test_a_regular_file_is_opened_for_reading(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"1\r\n2")
    with open_regular(tmp_path / "data") as file:
        assert file.read() == b"1\r\n2"


def test_a_directory_is_no_regular_file(tmp_path: Path) -> None:
    with pytest.raises(NotRegularError, match=r"^a directory$"):
        open_regular(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="it has neither")
def test_a_pipe_or_device_is_told_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotRegularError, match=r"^a named pipe$"):
        open_regular(tmp_path / "pipe")
    with pytest.raises(NotRegularError, match=r"^a device$"):
        open_regular(Path("/dev/zero"))


def test_a_path_that_cannot_be_one_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="null"):
        open_regular(Path("a\0b"))
