from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from layerkit.errors import FileError
from layerkit.formats.atomic import write_atomically


def failing(error: BaseException) -> Callable[..., NoReturn]:
    def fails(*_: object, **__: object) -> NoReturn:
        raise error

    return fails


@pytest.mark.parametrize(
    "call", ["os.fsync", "pathlib.Path.replace", "layerkit.formats.atomic.os.open"]
)
def test_a_file_is_written_whole_or_not_at_all(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model"
    write_atomically(path, b"before")
    monkeypatch.setattr(call, failing(OSError(28, "No space left on device")))
    with pytest.raises(FileError, match=r"model: cannot write: No space left on device"):
        write_atomically(path, b"after")
    assert [each.name for each in tmp_path.iterdir()] == ["model"]
    is_renamed = call.endswith("os.open")
    assert path.read_bytes() == (b"after" if is_renamed else b"before")


def test_what_interrupts_a_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", failing(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "model", b"content")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="only POSIX systems open directories")
def test_content_name_and_directory_reach_the_disk_in_that_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def sync(descriptor: int) -> None:
        is_directory = os.fstat(descriptor).st_mode & 0o040000
        calls.append("sync directory" if is_directory else "sync content")
        fsync(descriptor)

    def rename(path: Path, target: Path) -> Path:
        calls.append("rename")
        return replace(path, target)

    monkeypatch.setattr("os.fsync", sync)
    monkeypatch.setattr(Path, "replace", rename)
    write_atomically(tmp_path / "model", b"content")
    assert calls == ["sync content", "rename", "sync directory"]
