"""Which files are meant where specs are asked for: files, patterns, directories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from glob import glob, has_magic
from pathlib import Path

from layerkit.errors import FileError

_REQUIRED = re.compile(
    r'(?:^[ \t]*\[{0,2}[ \t]*|[{,]\s*)"?(layers|loss|optimizer)"?\s*[].:=]', re.MULTILINE
)
"""A key that every spec has, as TOML or JSON has it at the top."""
_LOOKED_AT = 256 * 1024


def spec_files(asked: Iterable[Path]) -> Iterator[Path | FileError]:
    """Yield the files that are meant, each once, or why there are none.

    A pattern (``*``, ``?``, ``[...]``, and ``**`` for directories within) that is no file itself
    means the files that match, since not every shell expands patterns. A directory means the specs
    directly in it: files ending in ``.toml`` or ``.json`` with at least two of the keys that every
    spec has, so that other files there are left alone and a spec with a misspelt key is not.
    """
    seen: set[Path] = set()
    for path in asked:
        found: list[Path | FileError] = [*_meant(path)]
        for each in found:
            if isinstance(each, FileError) or each not in seen:
                yield each
        seen |= {each for each in found if isinstance(each, Path) and len(found) > 1}


def _meant(path: Path) -> Iterator[Path | FileError]:
    if path.is_dir() and path.suffix not in {".toml", ".json"}:
        yield from _all_or(
            [each for each in sorted(path.iterdir()) if _is_spec(each)],
            f"{path}: expected a directory with specs, found none",
        )
    elif has_magic(str(path)) and not path.exists():
        found = [Path(each) for each in sorted(glob(str(path), recursive=True))]  # noqa: PTH207
        yield from _all_or(
            [each for each in found if not each.is_dir()],
            f"{path}: expected specs that match, found none",
        )
    else:
        yield path


def _all_or(files: list[Path], error: str) -> Iterator[Path | FileError]:
    yield from files
    if not files:
        yield FileError(error)


def _is_spec(path: Path) -> bool:
    if path.suffix.lower() not in {".toml", ".json"} or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            text = file.read(_LOOKED_AT).decode("utf-8", "replace")
    except OSError:
        return True  # so that its verdict says why it cannot be read
    return len(set(_REQUIRED.findall(text))) >= 2
