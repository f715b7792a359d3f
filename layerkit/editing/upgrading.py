"""Specs whose former names are replaced by today's."""

from __future__ import annotations

from layerkit.editing.formatting import checked_size, keeps_comments, tree_of, with_line_ends_of
from layerkit.editing.layout import tree_text
from layerkit.editing.places import Places
from layerkit.editing.values import key_of, node_of
from layerkit.registry import Registry
from layerkit.spec.loading import Document, parse_document, validate
from layerkit.spec.renames import renames


def upgraded(document: Document, registry: Registry | None = None) -> Document:
    """Return a spec with today's names of keys and components, laid out as `formatted` does.

    Parameters
    ----------
    document
        What was read.
    registry
        What resolves the names of components; by default what is installed.

    Raises
    ------
    SpecError
        If it is no valid spec.
    PluginError
        If a plugin that it names is at fault.
    """
    spec = validate(document, (), registry)
    found = [*renames(document.table, spec, registry)]
    if not found:
        return document
    source = document.source
    form = source.form or "toml"
    tree = tree_of(source.text, form)
    places = Places(tree)
    for each in found:
        if each.is_key:
            for keys, depth in places.keys[each.loc]:
                keys[depth] = key_of(each.today, form)
        else:
            places.entries[each.loc].value = node_of(each.today, form)
    text = with_line_ends_of(source.text, checked_size(tree_text(tree), source.name))
    again = parse_document(text, form, source.name, document.directory)
    means_the_same = validate(again, (), registry) == spec
    if not means_the_same or not keeps_comments(tree_of(source.text, form), text):
        raise RuntimeError("upgrading would change what the spec says")
    return again
