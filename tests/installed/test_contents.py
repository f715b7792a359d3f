"""Which files the built ones hold."""

from __future__ import annotations

import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

from tools.packaging.distributions import Distribution

from .built import OWN, every_distribution, output, sdist, wheel

PIP_WHEEL = ("-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps")


def names_in(path: Path) -> set[str]:
    with ZipFile(path) as archive:
        return set(archive.namelist())


def package_files(distribution: Distribution) -> set[str]:
    paths = (path for path in distribution.package.rglob("*") if path.is_file())
    return {
        str(path.relative_to(distribution.directory))
        for path in paths
        if "__pycache__" not in path.parts
    }


def wheel_of(source: Path, into: Path) -> Path:
    """Return the wheel that pip makes of a directory or of a source distribution."""
    into.mkdir()
    output(sys.executable, *PIP_WHEEL, "--wheel-dir", into, source, cwd=into)
    (path,) = into.iterdir()
    return path


@every_distribution
def test_a_wheel_has_the_package_and_its_licences(each: Distribution) -> None:
    info = f"{each.stem}.dist-info"
    names = names_in(wheel(each))
    assert {name for name in names if not name.startswith(info)} == package_files(each)
    licenses = {f"{info}/licenses/{path.name}" for path in each.licenses()}
    assert {name for name in names if name.startswith(f"{info}/licenses/")} == licenses


@every_distribution
def test_a_source_distribution_has_the_licences_too(each: Distribution) -> None:
    with tarfile.open(sdist(each)) as archive:
        names = set(archive.getnames())
    assert {f"{each.stem}/{path.name}" for path in each.licenses()} <= names


def test_three_ways_to_a_wheel_lead_to_the_same_files(tmp_path: Path) -> None:
    layerkit = OWN[0]
    from_sdist = names_in(wheel_of(sdist(layerkit), tmp_path / "from_sdist"))
    from_tree = names_in(wheel_of(layerkit.directory, tmp_path / "from_tree"))
    assert from_sdist == from_tree == names_in(wheel(layerkit))
