"""What is wrong with the cells of a table, said in one error."""

from __future__ import annotations

from dataclasses import dataclass

from layerkit.errors import DataError
from layerkit.formats.table import Cell, TableSource, shown

_SHOWN = 3
"""Columns whose first wrong cell is shown."""


class WrongCells:
    """Collects the wrong cells of a table.

    Parameters
    ----------
    source
        The table, which says where its cells are.
    """

    def __init__(self, source: TableSource) -> None:
        self._source = source
        self._first: dict[str, _Wrong] = {}

    def note(self, column: str, row: int, expected: str, found: Cell, hint: str = "") -> None:
        """Note a wrong cell.

        Parameters
        ----------
        column
            Its name.
        row
            Where it is, as `Chunk.rows` says.
        expected, found
            What was expected, and what was found.
        hint
            What to do about it.
        """
        if column in self._first:
            self._first[column].count += 1
        else:
            place = self._source.place(row, column)
            self._first[column] = _Wrong(
                f"{place}: expected {expected}, found {shown(found)}", hint
            )

    def check(self) -> None:
        """Check that there are none.

        Raises
        ------
        DataError
            If there are; says where the first of each column is, what was expected and found, and
            how many more there are.
        """
        wrong = [*self._first.values()]
        if not wrong:
            return
        messages = [str(each) for each in wrong[:_SHOWN]]
        if len(wrong) > _SHOWN:
            others = len(wrong) - _SHOWN
            messages.append(
                f"{others} more columns have such cells"
                if others > 1
                else "1 more column has such cells"
            )
        messages += dict.fromkeys(each.hint for each in wrong[:_SHOWN] if each.hint)
        raise DataError("; ".join(messages))


@dataclass(slots=True)
class _Wrong:
    """The first wrong cell of a column, and how many there are."""

    message: str
    hint: str
    count: int = 1

    def __str__(self) -> str:
        return f"{self.message} ({self.count - 1} more)" if self.count > 1 else self.message
