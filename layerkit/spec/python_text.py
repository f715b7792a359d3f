"""A spec as the Python module that makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from layerkit.component import Config
from layerkit.errors import PluginError, described, repr_of
from layerkit.guard import fault
from layerkit.spec.models import ModelSpec
from layerkit.spec.public_names import PublicName, public_name
from layerkit.spec.python_layout import Brackets, Node, laid_out
from layerkit.strict_model import StrictModel
from layerkit.values import is_table, is_tuple

_SHORT_PATH = 40
"""The longest path that fits on a line of its own behind the directory."""


def to_python(spec: StrictModel, title: str, directory: Path) -> str:
    """Return the text of a module with ``spec``, which is equal to the spec when imported.

    It imports the configs and has one assignment. What has its default is not written. Layout and
    order of imports are those of ruff and black at 88 columns, which longer lines accept too.

    Parameters
    ----------
    spec
        What to write: a spec, or a part of one.
    title
        What the module's docstring says, in plain letters.
    directory
        Where the module will be; paths below it are written relative to the module.

    Raises
    ------
    PluginError
        If a component cannot be written; see `public_name`.
    """
    writer = _Writer(directory.absolute())
    lines = laid_out(writer.model(spec), "spec = ")
    return "\n".join([f'"""{title}"""', "", *writer.imports.lines(), "", *lines, ""])


@dataclass(slots=True)
class _Imports:
    """What the module imports."""

    path: bool = False
    modules: set[str] = field(default_factory=set[str])
    names: dict[PublicName, str] = field(default_factory=dict[PublicName, str])

    def reference(self, found: PublicName) -> str:
        """Return what the module calls a class, and import it."""
        if found.module == "layerkit":
            return f"lk.{found.name}"
        package, _, module = found.module.partition(".")
        if package == "layerkit":
            self.modules.add(module)
            return f"{module}.{found.name}"
        if found not in self.names:
            taken = {"lk", "spec", "Path", *self.modules, *self.names.values()}
            others = (f"{found.name}{number}" for number in range(2, len(taken) + 3))
            free = (name for name in (found.name, *others) if name not in taken)
            self.names[found] = next(free)
        return self.names[found]

    def lines(self) -> list[str]:
        """Return the import statements, in the order of isort."""
        lines = ["from pathlib import Path", ""] if self.path else []
        lines.append("import layerkit as lk")
        for module in sorted({"layerkit", *(each.module for each in self.names)}, key=str.lower):
            own = {each.name: alias for each, alias in self.names.items() if each.module == module}
            kept = sorted((name for name in own if own[name] == name), key=_order)
            lines += _import(module, sorted(self.modules) if module == "layerkit" else kept)
            renamed = sorted((name for name in own if own[name] != name), key=_order)
            lines += [f"from {module} import {name} as {own[name]}" for name in renamed]
        return lines


def _import(module: str, names: Sequence[str]) -> list[str]:
    items = tuple(("", name) for name in names)
    return laid_out(Brackets("(", items, ")", bare=True), f"from {module} import ") if names else []


def _order(name: str) -> tuple[int, str]:
    """Return where isort puts a name: constants, classes, others."""
    if len(name) > 1 and name.isupper():
        return 0, name
    return (1 if name[:1].isupper() else 2), name.lower()


@dataclass(frozen=True, slots=True)
class _Writer:
    """Turns values of a spec into Python.

    Attributes
    ----------
    directory
        Where the module will be.
    imports
        What the values need so far.
    """

    directory: Path
    imports: _Imports = field(default_factory=_Imports)

    def model(self, model: StrictModel) -> Node:
        """Return the call that makes a config."""
        name = self.imports.reference(public_name(type(model)))
        written = _written_options(model)
        options = tuple(
            (f"{key}=", self._option(model, key, value)) for key, value in written.items()
        )
        return Brackets(f"{name}(", options, ")")

    def _option(self, model: StrictModel, key: str, value: object) -> Node:
        try:
            node = self.value(value)
        except _UnwritableError as error:
            raise _fault(
                model, f"the value of '{key}' cannot be written as Python: {error}"
            ) from None
        if isinstance(model, ModelSpec) and isinstance(node, Brackets) and node.open == "(":
            return Brackets("[", node.items, "]")  # its own parameters are sequences
        return node

    def value(self, value: object) -> Node:
        """Return a value of an option."""
        if isinstance(value, StrictModel):
            return self.model(value)
        if is_tuple(value):
            return Brackets("(", tuple(("", self.value(each)) for each in value), ")")
        if is_table(value):
            items = tuple((f"{_text(key)}: ", self.value(each)) for key, each in value.items())
            return Brackets("{", items, "}")
        if isinstance(value, Path):
            return self._path(value)
        if isinstance(value, str):
            return _text(value)
        if value is None or isinstance(value, bool | int | float):
            return repr(value)
        raise _UnwritableError(f"it is {repr_of(value)}")

    def _path(self, path: Path) -> Node:
        self.imports.path = True
        if not path.is_relative_to(self.directory):
            return Brackets("Path(", (("", _text(str(path))),), ")")
        relative = _text(path.relative_to(self.directory).as_posix())
        if len(relative) <= _SHORT_PATH:
            return f"Path(__file__).parent / {relative}"
        return Brackets("Path(__file__).parent.joinpath(", (("", relative),), ")")


class _UnwritableError(Exception):
    """A value of a type that specs do not have."""


def _written_options(model: StrictModel) -> dict[str, object]:
    """Return the options that do not have their defaults, and check that they make the same."""
    fields = type(model).model_fields
    values: dict[str, object] = dict(model)
    written = {
        key: value
        for key, value in values.items()
        if key != "type"
        and (
            fields[key].is_required() or fields[key].get_default(call_default_factory=True) != value
        )
    }
    try:
        again = type(model)(**written)
    except Exception as error:
        raise _fault(
            model, f"expected options that make it again, found {described(error)}"
        ) from error
    if again != model:
        raise _fault(model, f"expected options that make it again, found that they make {again!r}")
    return written


def _fault(model: StrictModel, reason: str) -> PluginError:
    if isinstance(model, Config):
        return fault(model, reason)
    return PluginError(f"{type(model).__name__}: {reason}")


def _text(value: str) -> str:
    """Return a string literal with the quotes that ruff and black prefer."""
    text = repr(value)[1:-1]
    if "'" in value and '"' in value:
        text = text.replace("\\'", "'")
    quote = "'" if value.count('"') > value.count("'") else '"'
    return f"{quote}{text.replace(quote, chr(92) + quote)}{quote}"
