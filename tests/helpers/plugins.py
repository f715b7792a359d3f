"""Writes plugins as an installer would, for tests to import."""

from __future__ import annotations

from pathlib import Path

from layerkit.registry import Registry


def install(
    site: Path,
    distribution: str,
    entry_points: str,
    *,
    version: str = "1.0",
    module: str | None = None,
) -> None:
    """Write what an installer writes about a distribution, and its module if there is one."""
    name = distribution.replace("-", "_")
    info = site / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
    (info / "METADATA").write_text(metadata)
    (info / "entry_points.txt").write_text(entry_points)
    if module is not None:
        (site / f"{name}.py").write_text(module)


def install_plugin(site: Path, source: str, **names: str) -> Registry:
    """Install a module with one class for each name of a kind, and return all that is installed.

    ``site`` must be a directory of the test's own that modules are imported from.
    """
    name = f"plugin_in_{site.name}"
    groups = [f"[layerkit.{kind}]\n{each} = {name}:{each}" for kind, each in names.items()]
    install(site, name, "\n".join(groups), module=source)
    return Registry()
