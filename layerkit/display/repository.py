"""Paths as GitHub knows them: relative to the root of the repository."""

from __future__ import annotations

from pathlib import Path


def repository_root(file: Path) -> Path:
    """Return the nearest directory above a file that has a ``.git``; else the current one."""
    for directory in file.absolute().parents:
        if (directory / ".git").exists():  # a file in worktrees and submodules
            return directory
    return Path.cwd()


def in_repository(file: Path, root: Path) -> str | None:
    """Return a path relative to a root, with slashes; None if the file is not below it."""
    for path, above in ((file.absolute(), root), (file.resolve(), root.resolve())):
        if path.is_relative_to(above) and ".." not in path.parts:
            return path.relative_to(above).as_posix()
    return None
