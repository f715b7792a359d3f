"""From values to the parts of a tree, as they are written in TOML or JSON."""

from __future__ import annotations

import json
import re

import tomli_w

from layerkit.editing.tree import Entry, Group, Node, Scalar
from layerkit.formats.json_text import json_text
from layerkit.spec.positions import key_name
from layerkit.spec.source import Format
from layerkit.values import is_list, is_table

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def node_of(value: object, form: Format) -> Node:
    """Return a value as it is written, tables in braces."""
    if is_table(value):
        return Group(True, [pair_of(key, below, form) for key, below in value.items()])
    if is_list(value):
        return Group(False, [Entry([], node_of(each, form)) for each in value])
    return _scalar(value, form)


def _scalar(value: object, form: Format) -> Scalar:
    if form == "json":
        return Scalar(json_text(value))
    return Scalar(tomli_w.dumps({"value": value}).removeprefix("value = ").removesuffix("\n"))


def pair_of(key: str, value: object, form: Format) -> Entry:
    """Return a key with its value as they are written."""
    return Entry([key_of(key, form)], node_of(value, form))


def key_of(key: str, form: Format) -> str:
    """Return a key as it is written."""
    is_bare = form == "toml" and _BARE.fullmatch(key)
    return key if is_bare else _scalar(key, form).text


def name_of(written: str, form: Format) -> str:
    """Return the key that is written so."""
    return str(json.loads(written)) if form == "json" else key_name(written)
