"""All files of a new plugin."""

from __future__ import annotations

from importlib.metadata import EntryPoint

from layerkit.metadata import installed_points
from layerkit.new_plugin import templates, texts
from layerkit.new_plugin.kinds import PluginKind
from layerkit.new_plugin.names import PluginNames
from layerkit.new_plugin.source import (
    names_used,
    packages_imported,
    renamed,
    source,
    template_text,
)
from layerkit.registry import Registry
from layerkit.schema.docstrings import documentation
from layerkit.testing.suite import checks_of_component

_NAME = "placeholder"


def plugin_files(names: PluginNames, kind: PluginKind) -> dict[str, str]:
    """Return the text of every file, by its path in the directory of the plugin."""
    template, test = kind.template, f"test_{kind.template}"
    registry = _registry(kind)
    config = registry.load(kind.kind, _NAME)
    checks = sum(1 for _ in checks_of_component(kind.kind, _NAME, registry))
    summary = renamed(documentation(config).summary, names)
    use = texts.spec_text(dict([kind.use]))
    return {
        "pyproject.toml": texts.pyproject(names, kind, packages_imported(template_text(template))),
        "README.md": texts.readme(names, kind, summary, renamed(use, names).rstrip()),
        "example.toml": renamed(texts.spec_text(kind.spec()), names),
        f"{names.package}/__init__.py": texts.package_init(names, kind),
        f"{names.package}/{names.component}.py": source(template, names),
        f"{names.package}/py.typed": "",
        f"tests/test_{names.component}.py": source(test, names),
        f"tests/test_{names.component}_components.py": texts.suite_test(names, checks),
    }


def template_names(kind: PluginKind) -> set[str]:
    """Return the names that the code of such a plugin uses, beside those of its component."""
    modules = (kind.template, f"test_{kind.template}")
    return set[str]().union(*(names_used(template_text(each)) for each in modules))


def _registry(kind: PluginKind) -> Registry:
    """Return what is installed, and the template as if it were."""
    target = f"{templates.__name__}.{kind.template}:Placeholder"
    point = EntryPoint(_NAME, target, kind.kind.group)
    others = (
        each.entry
        for each in installed_points()
        if (each.entry.group, each.entry.name) != (point.group, point.name)
    )
    return Registry([*others, point])
