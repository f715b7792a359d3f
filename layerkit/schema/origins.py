"""Every value of a spec, and where it comes from: a line, an option, or a default."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from layerkit.errors import UsageError
from layerkit.problems import did_you_mean
from layerkit.spec.loading import Document
from layerkit.spec.models import ModelSpec
from layerkit.spec.positions import Path, Place, positions
from layerkit.spec.renames import renames
from layerkit.values import is_list, is_sequence, is_table

DEFAULT = "default"
"""The origin of what nobody wrote."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a spec.

    Attributes
    ----------
    path
        Keys and indices that lead to it.
    value
        As JSON has it; None for what is left out and has no default.
    origin
        ``specs/x.toml:12``, ``--set 2``, or `DEFAULT`.
    owners
        The tables that it is in, from the spec itself to the nearest, each with its path.
    """

    path: Path
    value: object
    origin: str
    owners: tuple[tuple[Path, BaseModel], ...]

    @property
    def owner(self) -> BaseModel:
        """The table that has the key that leads to it."""
        return self.owners[-1][1]

    @property
    def key(self) -> str:
        """The key of that table."""
        return str(self.path[len(self.owners[-1][0])]) if self.path else ""


class Origins:
    """Finds values of a spec, and where they come from.

    Parameters
    ----------
    document
        What was read.
    spec
        What it means.
    """

    def __init__(self, document: Document, spec: ModelSpec) -> None:
        self._document = document
        self._spec = spec
        source = document.source
        form = source.form
        self._former = {
            each.path: each.loc[-1] for each in renames(document.table, spec) if each.is_key
        }
        self._places: dict[Path, Place] = {} if form is None else dict(positions(source.text, form))

    def all(self, path: Path = ()) -> Iterator[Value]:
        """Yield every value below a path that is no table, in the order of the spec's keys."""
        found, owners = self._found(path)
        yield from self._leaves(path, found, owners)

    def at(self, path: Path) -> Value:
        """Return the value at a path, table or not.

        Raises
        ------
        UsageError
            If there is nothing.
        """
        found, owners = self._found(path)
        short = self._short(path, found)
        return Value(path, _plain(found if short is None else short), self.origin(path), owners)

    def origin(self, path: Path) -> str:
        """Return where the value at a path comes from."""
        written = self._written(path)
        if written is None:
            return DEFAULT
        names = [str(part) for part in written]
        source = self._document.source
        for override in reversed(source.overrides):
            keys = list(override.keys)
            if keys == names[: len(keys)]:
                return f"{override.label}: {override.text}"
        while written and written not in self._places:
            written = written[:-1]
        place = self._places.get(written)
        span = None if place is None else place.value or place.key
        if span is None:
            return source.name
        return f"{source.name}:{source.text.count(chr(10), 0, span.start) + 1}"

    def _written(self, path: Path) -> Path | None:
        """Return the path of what the document says there; None if it says nothing."""
        here: object = self._document.table
        path = self._with_former_keys(path)
        for depth, part in enumerate(path):
            if is_table(here) and part in here:
                here = here[str(part)]
            elif is_list(here) and isinstance(part, int) and part < len(here):
                here = here[part]
            elif isinstance(here, str) and part == "type":
                return path[:depth]  # a bare name
            else:
                return None
        return path

    def _with_former_keys(self, path: Path) -> Path:
        return tuple(self._former.get(path[: depth + 1], part) for depth, part in enumerate(path))

    def _found(self, path: Path) -> tuple[object, tuple[tuple[Path, BaseModel], ...]]:
        here: object = self._spec
        owners: list[tuple[Path, BaseModel]] = []
        for depth, part in enumerate(path):
            if isinstance(here, BaseModel):
                owners.append((path[:depth], here))
            here = _below(here, part, path[:depth])
        return here, tuple(owners) or (((), self._spec),)

    def _leaves(
        self, path: Path, value: object, owners: tuple[tuple[Path, BaseModel], ...]
    ) -> Iterator[Value]:
        inside, short = _inside(value), self._short(path, value)
        if inside is None or short is not None:
            if value is not None:
                shown = value if short is None else short
                yield Value(path, _plain(shown), self.origin(path), owners)
            return
        own = (*owners, (path, value)) if isinstance(value, BaseModel) and path else owners
        for part, below in inside.items():
            yield from self._leaves((*path, part), below, own)

    def _short(self, path: Path, value: object) -> str | None:
        """Return the text that stands for a table that is no component, such as ``"3/10"``."""
        written = self._at(path)
        is_short = isinstance(value, BaseModel) and "type" not in type(value).model_fields
        return written if is_short and isinstance(written, str) else None

    def _at(self, path: Path) -> object:
        """Return what the document says at a path, None if it says nothing."""
        here: object = self._document.table
        for part in self._with_former_keys(path):
            if is_table(here):
                here = here.get(str(part))
            elif is_list(here) and isinstance(part, int) and part < len(here):
                here = here[part]
            else:
                return None
        return here


def parsed_path(text: str) -> Path:
    """Return the keys and indices of a path such as ``layers.2.units``."""
    return tuple(int(part) if part.isdecimal() else part for part in text.split("."))


def path_text(path: Path) -> str:
    """Return a path as it is typed."""
    return ".".join(map(str, path))


def _inside(value: object) -> dict[str | int, object] | None:
    """Return what is in a value, where a spec may have tables in it; None for others."""
    if isinstance(value, BaseModel):
        fields: dict[str, object] = dict(value)
        return dict(sorted(fields.items(), key=lambda field: field[0] != "type"))
    if is_table(value):
        return dict(value.items())
    if is_sequence(value) and value and all(_inside(each) is not None for each in value):
        return _numbered(value)
    return None


def _numbered(values: Sequence[object]) -> dict[str | int, object]:
    return dict[str | int, object](enumerate(values))


def _below(value: object, part: str | int, path: Path) -> object:
    inside = _numbered(value) if is_sequence(value) else _inside(value)
    where = f"'{path_text(path)}'" if path else "the spec"
    if inside is None:
        raise UsageError(f"{where} is {_plain(value)!r:.60}, which has nothing below it")
    if part in inside:
        return inside[part]
    if is_sequence(value):
        raise UsageError(f"{where}: expected an index from 0 to {len(inside) - 1}, found '{part}'")
    names = [str(key) for key in inside]
    hint = did_you_mean(str(part), names) or f"it has {', '.join(names)}"
    raise UsageError(f"{where} has no key '{part}' ({hint})")


def _plain(value: object) -> object:
    """Return a value as JSON has it."""
    if isinstance(value, BaseModel):
        table: dict[str, object] = value.model_dump(mode="json", exclude_none=True)
        return dict(sorted(table.items(), key=lambda field: field[0] != "type"))
    if is_table(value):
        return {key: _plain(below) for key, below in value.items()}
    if is_sequence(value):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
