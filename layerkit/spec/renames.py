"""Keys and components that a spec calls by a former name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from layerkit.component import Config
from layerkit.registry import Registry, installed
from layerkit.spec.diagnostics import Loc, Problem
from layerkit.spec.models import ModelSpec
from layerkit.strict_model import StrictModel
from layerkit.values import is_list, is_sequence, is_table


@dataclass(frozen=True, slots=True)
class Rename:
    """A former name in a spec.

    Attributes
    ----------
    loc
        Keys and indices that lead to the key, or to the component's name, as they are written.
    path
        The same with today's keys.
    former, today
        The names.
    is_key
        Whether it is that of a key; else it is that of a component.
    """

    loc: Loc
    path: Loc
    former: str
    today: str
    is_key: bool

    @property
    def problem(self) -> Problem:
        """The warning about it."""
        code = "former-key" if self.is_key else "former-component"
        reason = f"'{self.former}' is called '{self.today}' today"
        return Problem(
            self.loc, code, reason, f"write '{self.today}'; 'layerkit fmt --upgrade' does"
        )


def renames(
    table: Mapping[str, object], spec: ModelSpec, registry: Registry | None = None
) -> Iterator[Rename]:
    """Yield every former name that is written in a spec.

    Parameters
    ----------
    table
        The spec as it was read.
    spec
        What it means.
    registry
        What resolved the names of components; by default what is installed.
    """
    yield from _of(table, spec, (), (), registry or installed())


def _of(
    written: object, model: object, loc: Loc, path: Loc, registry: Registry
) -> Iterator[Rename]:
    if isinstance(model, Config):
        yield from _of_name(written, model, loc, path, registry)
    if isinstance(model, StrictModel) and is_table(written):
        fields, former = dict[str, object](model), type(model).former_keys
        for key, below in written.items():
            today = former.get(key, key)
            if today != key:
                yield Rename((*loc, key), (*path, today), key, today, is_key=True)
            yield from _of(below, fields.get(today), (*loc, key), (*path, today), registry)
    elif is_table(model) and is_table(written):
        for key, below in written.items():
            yield from _of(below, model.get(key), (*loc, key), (*path, key), registry)
    elif is_sequence(model) and is_list(written) and len(model) == len(written):
        for index, below in enumerate(written):
            yield from _of(below, model[index], (*loc, index), (*path, index), registry)


def _of_name(
    written: object, config: Config, loc: Loc, path: Loc, registry: Registry
) -> Iterator[Rename]:
    name, kind = written, type(config).__kind__
    if is_table(written):
        name, loc, path = written.get("type"), (*loc, "type"), (*path, "type")
    if not isinstance(name, str) or name == config.type_name() or kind is None:
        return
    if not registry.offers(kind, name) and (found := registry.todays_name(kind, name)):
        yield Rename(loc, path, name, found, is_key=False)
