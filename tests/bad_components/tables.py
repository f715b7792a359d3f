"""Bad datasets that are tables."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

from tests.bad_components.case import DATA, PLUGIN, Case, Template, indented

RIGHT = """
    self.indices(names)
    cells = {
        "a": [float(row % 7) for row in range(60)],
        "b": [float(row % 5) for row in range(60)],
        "y": [str(row % 3) for row in range(60)],
    }
    yield Chunk([cells[name] for name in names], range(60))
"""
SOURCE = """
from contextlib import contextmanager

class Rows(TableSource):
    def __init__(self, columns=("a", "b", "y")):
        super().__init__("rows", columns)
"""

table = Template(
    kind="dataset",
    group="layerkit.datasets",
    config="TableConfig",
    base="Table",
    place=lambda given: {
        "data": {
            **given,
            "path": "bad.json",
            "target": "y",
            "classes": ["0", "1", "2"],
            "columns": {"a": "number", "b": "number"},
            "validation": 12,
        }
    },
    config_methods={"open": "open(self, path)"},
    methods={"load": "load(self)"},
    right={"open": "yield Rows()"},
    prefix="table",
)


def opening(what: str, body: str, chunks: str = RIGHT, *, found: str = "plan") -> Case:
    """Return the case of a table that is opened like that."""
    return giving(what, chunks, found=found, body=body)


def giving(
    what: str,
    chunks: str,
    codes: tuple[int, ...] = (PLUGIN,),
    *,
    found: str = "run",
    body: str = "yield Rows()",
    more: str = "",
) -> Case:
    """Return the case of a table whose rows are read like that."""
    methods = f"def chunks(self, names, size=512):\n{indented(chunks)}\n{dedent(more)}"
    case = table(what, codes=codes, found=found, top=f"{SOURCE}{indented(methods)}", open=body)
    decorated = "    @contextmanager\n    def open(self, path):"
    return replace(case, source=case.source.replace("    def open(self, path):", decorated))


def with_columns(what: str, columns: str, codes: tuple[int, ...] = (PLUGIN,)) -> Case:
    """Return the case of a table with such columns of two rows."""
    return giving(what, f"yield Chunk({columns}, [1, 2])", codes)


def right() -> Case:
    """Return a table that is right."""
    return giving("right", RIGHT, (0,))


CASES = [
    opening("open_yields_none", "yield None"),
    opening("open_yields_rows", "yield [[1, 2, 3]]"),
    opening("open_yields_nothing", "return\nyield"),
    opening("open_raises", "raise RuntimeError('no table')\nyield"),
    opening("columns_none", "yield Rows(None)"),
    opening("columns_a_number", "yield Rows(3)"),
    opening("source_without_columns", "yield object.__new__(Rows)"),
    giving("chunks_none", "return None"),
    giving("chunks_of_rows", "yield from ([1.0, 2.0, '0'] for _ in range(60))"),
    giving("chunks_raise", "yield from {}['rows']"),
    giving("chunks_end_early", f"{RIGHT}\n    raise StopIteration"),
    giving("no_chunks", "yield from ()", (DATA, PLUGIN)),
    giving("place_raises", RIGHT.replace("float(row % 7)", "'x'"), more="def place(self): pass"),
    with_columns("too_few_columns", "[[1, 2], [1, 2]]"),
    with_columns("too_many_columns", "[[1, 2], [1, 2], ['0', '1'], [1, 2]]"),
    with_columns("columns_of_one_cell", "[[1], [1], ['0']]"),
    with_columns("columns_too_long", "[[1, 2, 3], [1, 2, 3], ['0', '1', '2']]"),
    with_columns("columns_of_several_lengths", "[[1, 2], [1], ['0', '1']]"),
    with_columns("columns_as_numbers", "[1, 2, 3]"),
    with_columns("columns_missing", "None"),
    with_columns("cells_as_objects", "[[object()] * 2, [1, 2], ['0', '1']]", (DATA, PLUGIN)),
    with_columns("cells_as_lists", "[[[1], [2]], [1, 2], ['0', '1']]", (DATA, PLUGIN)),
    with_columns("cells_nan", "[[float('nan')] * 2, [1, 2], ['0', '1']]", (DATA,)),
    giving("rows_none", "yield Chunk([[1], [1], ['0']], None)"),
    giving("rows_as_words", "yield Chunk([[1], [1], ['0']], ['first'])"),
]
