"""Tables in braces that have become too long for a line, moved below headers of their own."""

from __future__ import annotations

from layerkit.editing.layout import is_too_long
from layerkit.editing.tree import Entry, Group, Scalar, Section, Tree


def move_long_tables(tree: Tree) -> None:
    """Move tables, and lists of tables, whose lines are too long, below headers.

    TOML has no line breaks within braces.
    """
    if tree.form == "toml":
        tree.sections = [moved for section in tree.sections for moved in _moved(section)]


def _moved(section: Section) -> list[Section]:
    """Return a section without what is too long, and sections with that."""
    kept: list[Entry] = []
    others: list[Section] = []
    stays: list[str] = []
    for entry in section.entries:
        tables = _tables(entry, section.keys) if is_too_long(entry) else []
        others += [moved for table in tables for moved in _moved(table)]
        if tables:
            about = _without_what_stays(entry.above)
            stays += entry.above[: len(entry.above) - len(about)]
            tables[0].above = [*about, *tables[0].above]
        else:
            entry.above = [*stays, *entry.above]
            stays = []
            kept.append(entry)
    section.entries = kept
    if others:
        others[0].above = [*stays, *others[0].above]
    return [section, *others]


def _without_what_stays(above: list[str]) -> list[str]:
    """Return the comments that are about a key, not about the file or keys before."""
    if above and above[0].startswith("#:") and "" not in above:
        return above[1:]
    return above[max((n + 1 for n, line in enumerate(above) if not line), default=0) :]


def _tables(entry: Entry, below: list[str]) -> list[Section]:
    """Return a section for each table in a value; none if there is anything else in it."""
    value, keys = entry.value, [*below, *entry.keys]
    above = [entry.comment] if entry.comment else []
    if isinstance(value, Scalar):
        return []
    if value.comment:
        above.append(value.comment)
    if value.is_table:
        return [Section(keys, False, above, "", value.entries)]
    sections: list[Section] = []
    for each in value.entries:
        section = Section(keys, True, [*each.above], each.comment)
        if isinstance(each.value, Group) and each.value.is_table:
            section.entries = each.value.entries
        elif isinstance(each.value, Scalar) and each.value.text[0] in "\"'":
            section.entries = [Entry(["type"], each.value)]
        else:
            return []
        sections.append(section)
    if all(isinstance(each.value, Scalar) for each in value.entries):
        return []
    if sections:
        sections[0].above = [*above, *sections[0].above]
        sections[-1].above += value.below
    return sections
