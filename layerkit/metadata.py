"""What installed distributions say that they register, however badly they say it.

A distribution with broken metadata must trouble nobody who does not use it, so files are read here
line by line: `importlib.metadata` raises on the first that it does not understand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from importlib.metadata import Distribution, EntryPoint, distributions

from layerkit.component import Registration, normalized_name
from layerkit.errors import described

GROUPS = "layerkit."
"""What the names of Layerkit's groups begin with."""
OWN = "layerkit"
"""The distribution that a name means if it has it, whatever others have."""
UNKNOWN = "?"
"""Stands for a name or version that is not known."""

_OBJECT = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*(\s*:\s*[^\W\d]\w*(\.[^\W\d]\w*)*)?(\s*\[.*\])?")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class InstalledPoint:
    """An entry point of a distribution.

    Attributes
    ----------
    registration
        What it registers.
    entry
        What loads it.
    problem
        Why it cannot be loaded; empty if nothing is known to be wrong.
    """

    registration: Registration
    entry: EntryPoint
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Origin:
    name: str
    version: str
    problem: str = ""


def installed_points() -> Iterator[InstalledPoint]:
    """Yield what every distribution registers for Layerkit, the first on the path of each name."""
    seen: set[str] = set()
    for distribution in distributions():
        text, problem = _read(distribution, "entry_points.txt")
        if text is None or GROUPS not in text:
            continue  # most distributions; their metadata would take long to read
        origin = _origin(distribution)
        if origin is None:
            continue  # left by a broken installation
        normalized = normalized_name(origin.name)
        if normalized not in seen or normalized == UNKNOWN:
            seen.add(normalized)
            yield from _points_in(text, origin, problem)


def points_of(entries: Iterable[EntryPoint]) -> Iterator[InstalledPoint]:
    """Yield those of some entry points that register something for Layerkit."""
    origins: dict[int, _Origin] = {}  # reading a distribution's metadata takes long
    for entry in entries:
        if entry.group.startswith(GROUPS):
            if id(entry.dist) not in origins:
                found = None if entry.dist is None else _origin(entry.dist)
                origins[id(entry.dist)] = found or _Origin(UNKNOWN, UNKNOWN)
            yield _point(entry, origins[id(entry.dist)], "")


def _points_in(text: str, origin: _Origin, problem: str) -> Iterator[InstalledPoint]:
    """Yield what an ``entry_points.txt`` registers, lines that say nothing included.

    Source: the Python Packaging User Guide, "Entry points specification".
    """
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            group = line.strip("[]").strip()
        elif line and not line.startswith(("#", ";")) and group.startswith(GROUPS):
            name, _, target = map(str.strip, line.partition("="))
            yield _point(EntryPoint(name, target, group), origin, problem)


def _point(entry: EntryPoint, origin: _Origin, problem: str) -> InstalledPoint:
    target = _shown(entry.value)
    registration = Registration(entry.group, entry.name, origin.name, origin.version, target)
    wrong = origin.problem or problem
    if not wrong and not _OBJECT.fullmatch(entry.value):
        wrong = f"expected 'module:Class' as the entry point's object, found '{target}'"
    return InstalledPoint(registration, entry, f"{wrong}; ask its authors" if wrong else "")


def _origin(distribution: Distribution) -> _Origin | None:
    """Return name and version of a distribution, with what is wrong with its metadata.

    None if there are no metadata.
    """
    for file in ("METADATA", "PKG-INFO"):
        text, problem = _read(distribution, file)
        if text is not None:
            break
    else:
        return None
    headers = HeaderParser().parsestr(text)
    name, version = _header(headers, "Name"), _header(headers, "Version")
    missing = " and ".join(
        key for key, found in (("name", name), ("version", version)) if not found
    )
    if missing and not problem:
        problem = f"its metadata have no {missing}"
    return _Origin(name or UNKNOWN, version or UNKNOWN, problem)


def _header(headers: Message, key: str) -> str:
    found: object = headers[key]
    return "" if found is None else _shown(str(found))


def _shown(text: str) -> str:
    """Return what metadata say as messages may show it: on one line, without an end it is cut."""
    line = "".join(char if char.isprintable() else "?" for char in " ".join(text.split()))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."


def _read(distribution: Distribution, file: str) -> tuple[str | None, str]:
    """Return the text of a file of a distribution, None if there is none, and what is wrong."""
    try:
        with suppress(OSError):
            return distribution.read_text(file), ""
    except UnicodeDecodeError as error:
        return error.object.decode("utf-8", "replace"), f"{file} is no UTF-8 text"
    except Exception as error:  # noqa: BLE001  # finders of others may raise anything
        return None, described(error)
    return None, ""
