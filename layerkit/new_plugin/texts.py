"""The texts of a new plugin that are not Python: ``pyproject.toml``, the README, a spec."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import metadata, requires, version

from layerkit.new_plugin.kinds import PluginKind
from layerkit.new_plugin.names import PluginNames
from layerkit.new_plugin.source import LONGEST_LINE
from layerkit.registry import CONTRACT_GROUP, CONTRACT_VERSION

INSTALL = 'pip install --editable ".[dev]"'
"""What makes a plugin importable, and installs what its tests need."""


def pyproject(names: PluginNames, kind: PluginKind, packages: Iterable[str]) -> str:
    """Return ``pyproject.toml``; ``packages`` are those that its source imports from."""
    needed = ", ".join(f'"{each}"' for each in _requirements(packages))
    return f"""\
[build-system]
requires = ["flit_core>=3.11,<5"]
build-backend = "flit_core.buildapi"

[project]
name = "{names.distribution}"
version = "0.1.0"
description = "The {kind.noun} {names.component} for Layerkit."
readme = "README.md"
requires-python = "{metadata("layerkit")["Requires-Python"]}"
dependencies = [{needed}]

[project.optional-dependencies]
dev = ["basedpyright>=1.40", "mypy>=2.4", "pytest>=9"]

# For which version of Layerkit's contract the plugin is written.
[project.entry-points."{CONTRACT_GROUP}"]
{CONTRACT_VERSION} = "layerkit.plugin"

[project.entry-points."{kind.kind.group}"]
{names.component} = "{names.module}:{names.class_name}"

[tool.mypy]
strict = true
files = ["{names.package}", "tests"]

[tool.basedpyright]
typeCheckingMode = "strict"
include = ["{names.package}", "tests"]

[tool.pytest.ini_options]
testpaths = ["tests"]

[tool.ruff]
line-length = {LONGEST_LINE}
"""


def readme(names: PluginNames, kind: PluginKind, summary: str, use: str) -> str:
    """Return the README; ``use`` is the line of a spec that has the component."""
    return f"""\
# {names.distribution}

The {kind.noun} `{names.component}` for Layerkit.

{_in_markdown(summary)}

```toml
{use}
```

`example.toml` is a whole spec: `layerkit run example.toml`.

## Work on it

```console
$ {INSTALL}
$ pytest
$ mypy
$ basedpyright
$ layerkit plugins check {names.distribution}
```

- `{names.package}/{names.component}.py` has the config, which specs fill in, and the class, which
  does the work. Put your formula there, and in the docstring. Layerkit's page `docs/plugins.md`
  says what a component of each kind must do.
- `tests/test_{names.component}.py` compares it with values that were computed by hand.
- `tests/test_{names.component}_components.py` runs every check of `layerkit.testing`, and says how
  many there are. If that number changes, see why before you write the new one.
- Another component needs an entry point in `pyproject.toml`, in the group of its kind. Install the
  plugin again then.

Before others get it, choose a licence: put its text into a file `LICENSE`, and
`license = "..."`, `license-files = ["LICENSE"]` and `authors = [{{ name = "..." }}]` into
`pyproject.toml`.
"""


def suite_test(names: PluginNames, checks: int) -> str:
    """Return the test that runs every check."""
    return f"""\
from __future__ import annotations

from layerkit.testing import suite

test_components = suite("{names.distribution}", checks={checks})
"""


def package_init(names: PluginNames, kind: PluginKind) -> str:
    """Return the package's ``__init__.py``."""
    return f'"""The {kind.noun} {names.component}, as a plugin of Layerkit."""\n'


def spec_text(spec: Mapping[str, str]) -> str:
    """Return a spec as TOML."""
    return "".join(f"{key} = {value}\n" for key, value in spec.items())


def _requirements(packages: Iterable[str]) -> list[str]:
    """Return Layerkit, and of what Layerkit needs the packages that are imported."""
    needed = {re.split("[^A-Za-z0-9_-]", each)[0]: each for each in requires("layerkit") or ()}
    imported = [needed.get(each.replace("_", "-"), "") for each in packages]
    return sorted([f"layerkit>={version('layerkit').partition('+')[0]}", *filter(None, imported)])


def _in_markdown(docstring: str) -> str:
    return docstring.replace("``", "`")
