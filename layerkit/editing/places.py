"""Where in a tree the tables and values of a spec are."""

from __future__ import annotations

from dataclasses import dataclass

from layerkit.editing.tree import Entry, Group, Node, Section, Tree
from layerkit.editing.values import key_of, name_of
from layerkit.spec.positions import Path


@dataclass(slots=True)
class Home:
    """Where a key of a table can be written.

    Attributes
    ----------
    entries
        The keys of a section or of a table in braces.
    before
        What each of the table's own keys begins with there, as in ``training.epochs = 3``.
    """

    entries: list[Entry]
    before: list[str]

    def add(self, entry: Entry) -> None:
        """Write a key behind the others of its table."""
        length = len(self.before)
        own = [n for n, each in enumerate(self.entries) if each.keys[:length] == self.before]
        entry.keys = [*self.before, *entry.keys]
        self.entries.insert(own[-1] + 1 if own else len(self.entries), entry)


class Places:
    """Finds the tables and values of a tree by their paths.

    Attributes
    ----------
    keys
        For the path of every key that is written, each part that stands for it: the keys of an
        entry or of a section, and which of them.
    entries
        The entry that holds the value at a path.
    """

    def __init__(self, tree: Tree) -> None:
        self.keys: dict[Path, list[tuple[list[str], int]]] = {}
        self.entries: dict[Path, Entry] = {}
        self._tree = tree
        self._homes: dict[Path, Home] = {(): Home(tree.sections[0].entries, [])}
        self._sections: dict[Path, int] = {}  # the first one at or below a path
        self._lengths: dict[Path, int] = {}  # of lists of tables under headers
        for number, section in enumerate(tree.sections):
            path = self._header(section, number)
            self._homes[path] = Home(section.entries, [])
            self._pairs(section.entries, path)

    def home(self, path: Path) -> Home:
        """Return where keys of the table at a path can be written."""
        if path not in self._homes:  # there are only headers of tables within it
            number = self._sections[path]
            keys = [key_of(part, self._tree.form) for part in path if isinstance(part, str)]
            section = Section(keys, above=[""])
            self._tree.sections.insert(number, section)
            for each, other in self._sections.items():
                self._sections[each] = other + (other >= number)
            self._homes[path] = Home(section.entries, [])
        return self._homes[path]

    def _header(self, section: Section, number: int) -> Path:
        path: Path = ()
        for depth, key in enumerate(section.keys):
            path = (*path, name_of(key, self._tree.form))
            self.keys.setdefault(path, []).append((section.keys, depth))
            is_last = depth == len(section.keys) - 1
            if is_last and section.is_list:
                self._lengths[path] = self._lengths.get(path, 0) + 1
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
            self._sections.setdefault(path, number)
        return path

    def _pairs(self, entries: list[Entry], table: Path) -> None:
        for entry in entries:
            path = table
            for depth, key in enumerate(entry.keys):
                if depth:
                    self._homes.setdefault(path, Home(entries, entry.keys[:depth]))
                path = (*path, name_of(key, self._tree.form))
                self.keys.setdefault(path, []).append((entry.keys, depth))
            self.entries[path] = entry
            self._value(entry.value, path)

    def _value(self, node: Node, path: Path) -> None:
        if not isinstance(node, Group):
            return
        if node.is_table:
            self._homes[path] = Home(node.entries, [])
            self._pairs(node.entries, path)
            return
        for index, entry in enumerate(node.entries):
            self.entries[(*path, index)] = entry
            self._value(entry.value, (*path, index))
