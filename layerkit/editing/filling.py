"""Specs with every default written, beside what was written before and its comments."""

from __future__ import annotations

from layerkit.editing.formatting import checked_size, keeps_comments, tree_of, with_line_ends_of
from layerkit.editing.headers import move_long_tables
from layerkit.editing.layout import tree_text
from layerkit.editing.places import Places
from layerkit.editing.tree import Group, Section, Tree
from layerkit.editing.upgrading import upgraded
from layerkit.editing.values import key_of, pair_of
from layerkit.errors import PluginError
from layerkit.registry import Registry
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.loading import Document, parse_document, validate
from layerkit.spec.models import ModelSpec
from layerkit.spec.positions import Path
from layerkit.values import is_list, is_table


def filled(document: Document, spec: ModelSpec, registry: Registry | None = None) -> str:
    """Return the text of a spec with every default written, laid out as `formatted` does.

    Keys come behind those that are there already, tables that are missing at the end. What has no
    value by default, such as ``early_stopping``, is left out: TOML has no word for it.

    Parameters
    ----------
    document
        What was read.
    spec
        What it means.
    registry
        What resolves the names of components; by default what is installed.

    Raises
    ------
    SpecError
        If it would be too large.
    PluginError
        If a component has defaults that cannot be written out.
    """
    document = upgraded(document, registry)  # so that no key is there by both of its names
    for with_headers in (True, False):  # what looks like a list of components may be none
        text = _filled(document, spec, with_headers=with_headers)
        if _means(text, document, spec, registry):
            return text
    reason = "a component's defaults, written out, do not mean the same; ask its authors"
    raise PluginError(f"{document.source.name}: cannot be filled in: {reason}")


def _filled(document: Document, spec: ModelSpec, *, with_headers: bool) -> str:
    text, form = document.source.text, document.source.form or "toml"
    tree = tree_of(text, form)
    _Filler(tree).fill(document.table, spec.model_dump(mode="json", exclude_none=True), ())
    if with_headers:
        move_long_tables(tree)
    return with_line_ends_of(text, checked_size(tree_text(tree), document.source.name))


def _means(text: str, document: Document, spec: ModelSpec, registry: Registry | None) -> bool:
    """Tell whether a text means a spec, and has the comments of the document that this is from."""
    source = document.source
    form = source.form or "toml"
    try:
        again = validate(parse_document(text, form, source.name, document.directory), (), registry)
    except SpecError:
        return False
    return again == spec and keeps_comments(tree_of(source.text, form), text)


class _Filler:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._places = Places(tree)

    def fill(self, written: object, full: object, path: Path) -> None:
        """Write what is missing at a path and below."""
        if is_table(written) and is_table(full):
            for key, below in full.items():
                if key in written:
                    self.fill(written[key], below, (*path, key))
                else:
                    self._add(path, key, below)
        elif is_list(written) and is_list(full) and len(written) == len(full):
            for index, below in enumerate(full):
                self.fill(written[index], below, (*path, index))
        elif isinstance(written, str) and is_table(full) and len(full) > 1 and "type" in full:
            entry = self._places.entries[path]
            options = [pair_of(key, value, self._tree.form) for key, value in full.items()]
            options[0].value = entry.value  # the name as it is written
            entry.value = Group(is_table=True, entries=options)

    def _add(self, path: Path, key: str, value: object) -> None:
        form = self._tree.form
        entry = pair_of(key, value, form)
        if path or form == "json" or not is_table(value) or not value:
            entry.starts_line = True
            self._places.home(path).add(entry)
            return
        if self._tree.below[:1] not in ([], [""]):
            self._tree.below.insert(0, "")
        entries = [pair_of(each, below, form) for each, below in value.items()]
        self._tree.sections.append(Section([key_of(key, form)], above=[""], entries=entries))
