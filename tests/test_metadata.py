from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from layerkit.metadata import UNKNOWN, InstalledPoint, installed_points, points_of

RIGHT = "[layerkit.layers]\nswish = swish:Swish\n"
METADATA = "Metadata-Version: 2.1\nName: {0}\nVersion: 1.0\n"


def found(
    site: Path, distribution: str, points: str | bytes, metadata: str | bytes | None = None
) -> list[InstalledPoint]:
    """Install a distribution and return what is found of it."""
    info = site / f"{distribution}-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_bytes(
        points if isinstance(points, bytes) else points.encode()
    )
    said = METADATA.format(distribution) if metadata is None else metadata
    (info / "METADATA").write_bytes(said if isinstance(said, bytes) else said.encode())
    return [each for each in installed_points() if each.registration.name not in _INSTALLED]


_INSTALLED = {each.registration.name for each in installed_points()} - {"swish"}


def test_entry_points_are_read_with_name_and_version(site: Path) -> None:
    (point,) = found(site, "acme", f"[console_scripts]\nx = y:z\n# no\n; no\n\n{RIGHT}")
    registration = point.registration
    assert (registration.origin, registration.full_name) == ("acme 1.0", "acme:swish")
    assert (registration.target, point.problem) == ("swish:Swish", "")
    assert point.entry == EntryPoint("swish", "swish:Swish", "layerkit.layers")


@pytest.mark.parametrize(
    ("target", "is_right"),
    [
        ("module", True),
        ("package.module:Class", True),
        ("package . module : Class", False),
        ("module:Class.Inner", True),
        ("module : Class", True),
        ("module:Class [extra]", True),
        ("módulo:Clase", True),
        ("", False),
        (":", False),
        ("module:", False),
        ("1module:Class", False),
        ("a:b:c", False),
        ("os:system('x')", False),
    ],
)
def test_an_object_that_is_none_is_told(site: Path, target: str, is_right: bool) -> None:
    (point,) = found(site, "acme", f"[layerkit.layers]\nswish = {target}\n")
    assert (point.problem == "") == is_right
    assert is_right or f"as the entry point's object, found '{target}'" in point.problem


@pytest.mark.parametrize(
    ("metadata", "origin", "problem"),
    [
        ("Name: acme\n", "acme ?", "its metadata have no version"),
        ("Version: 1.0\n", "? 1.0", "its metadata have no name"),
        ("", "? ?", "its metadata have no name and version"),
        (b"Name: acme\nVersion: 2\nAuthor: \xff\n", "acme 2", "METADATA is no UTF-8 text"),
        ("Name: a\x1bb\nVersion: 1\n c\n", "a?b 1 c", ""),
        (f"Name: acme\nVersion: {'1' * 999}\n", f"acme {'1' * 80}...", ""),
    ],
)
def test_what_is_wrong_with_metadata_is_told(
    site: Path, metadata: str | bytes, origin: str, problem: str
) -> None:
    (point,) = found(site, "acme", RIGHT, metadata)
    assert point.registration.origin == origin
    assert point.problem == (f"{problem}; ask its authors" if problem else "")


def test_entry_points_that_are_no_text_are_told(site: Path) -> None:
    points = found(site, "acme", RIGHT.encode() + b"\xff = a:b\n")
    assert len(points) == 2
    assert all("entry_points.txt is no UTF-8 text" in each.problem for each in points)


def test_what_has_no_metadata_is_passed_over(site: Path) -> None:
    assert len(found(site, "acme", RIGHT)) == 1
    (site / "acme-1.0.dist-info" / "METADATA").unlink()
    assert [each for each in installed_points() if each.registration.name == "swish"] == []


def test_entry_points_from_python_have_no_distribution() -> None:
    points = [EntryPoint("a", "b:C", "layerkit.layers"), EntryPoint("a", "b:C", "other")]
    (point,) = points_of(points)
    assert point.registration.distribution == UNKNOWN
    assert point.problem == ""
