from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from layerkit.errors import FileError
from layerkit.formats.atomic import (
    write_atomically,
    write_directory_atomically,
    written_atomically,
)


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


def test_a_file_that_is_written_in_pieces_appears_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"before")
    with written_atomically(path) as file:
        file.write(b"af")
        file.flush()
        assert path.read_bytes() == b"before"
        file.write(b"ter")
    assert path.read_bytes() == b"after"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("wrong")])
def test_an_error_among_the_pieces_leaves_what_was_there(
    tmp_path: Path, error: BaseException
) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"before")

    def fail() -> None:
        with written_atomically(path) as file:
            file.write(b"after")
            raise error

    with pytest.raises(type(error)):
        fail()
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [
        ("out.csv", b"before")
    ]


def test_what_cannot_be_written_in_pieces_is_an_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        pytest.raises(FileError, match="cannot write: No such file or directory"),
        written_atomically(tmp_path / "absent" / "out.csv"),
    ):
        pytest.fail("there is nothing to write into")
    monkeypatch.setattr("os.fsync", failing(OSError(28, "No space left on device")))
    with (
        pytest.raises(FileError, match=r"out\.csv: cannot write: No space left"),
        written_atomically(tmp_path / "out.csv") as file,
    ):
        file.write(b"after")
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"before")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with written_atomically(tmp_path / "link") as file:
        file.write(b"after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"after"


@pytest.mark.skipif(os.name != "posix", reason="a named pipe")
def test_a_named_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with written_atomically(path) as file:
            file.write(b"content")
        assert os.read(reader, 100) == b"content"
    finally:
        os.close(reader)
    assert path.is_fifo()


FILES = {"a.txt": b"1", "below/far/b.txt": b"2", "below/c.txt": b""}


def test_a_directory_is_written_with_all_its_files(tmp_path: Path) -> None:
    write_directory_atomically(tmp_path / "new", FILES)
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.relative_to(tmp_path / "new").as_posix(): path.read_bytes() for path in found} == (
        FILES
    )
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.rename", "pathlib.Path.write_bytes"])
@pytest.mark.parametrize(
    ("error", "seen"),
    [(OSError(28, "No space left on device"), FileError), (KeyboardInterrupt(), KeyboardInterrupt)],
)
def test_a_directory_that_fails_leaves_nothing(
    call: str,
    error: BaseException,
    seen: type[BaseException],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(call, failing(error))
    with pytest.raises(seen):
        write_directory_atomically(tmp_path / "new", FILES)
    assert [*tmp_path.iterdir()] == []


def test_a_directory_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("new", "link", "missing/new"):
        with pytest.raises(FileError, match=f"{name}: cannot write: (File exists|No such file)"):
            write_directory_atomically(tmp_path / name, FILES)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["link", "new"]
