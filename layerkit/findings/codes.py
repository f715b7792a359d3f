"""Every kind of finding: its code, what it means, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Check:
    """A kind of finding.

    Attributes
    ----------
    code
        Its stable name; a code is never given to another check.
    title
        What was found, in a few words.
    found_when
        When exactly it is reported.
    advice
        What to do about it.
    """

    code: str
    title: str
    found_when: str
    advice: str


MISSING = Check(
    "LD001",
    "missing values",
    "a column has cells without a value",
    "check that 'missing' of the column says what is right for them",
)
MOSTLY_MISSING = Check(
    "LD002",
    "mostly missing",
    "more than half of a column's cells have no value",
    "leave the column out, unless that a value is there is what tells",
)
ROWS_LEFT_OUT = Check(
    "LD003",
    "rows left out",
    "rows are left out, as the spec says 'drop'",
    'use "keep" or "other" where too many are lost',
)
DUPLICATES = Check(
    "LD004",
    "duplicate rows",
    "a part has rows whose inputs and targets are those of an earlier row",
    "remove them, unless they are as frequent where the network will be used",
)
DUPLICATES_ACROSS = Check(
    "LD005",
    "rows in two parts",
    "rows to validate or test on have the inputs of a row to train on",
    "remove them: the network has seen them, so its figures are too good",
)
CONTRADICTIONS = Check(
    "LD006",
    "contradicting rows",
    "rows have the same inputs and different targets",
    "correct their targets, or add a column that tells them apart; no network is right on all",
)
CONSTANT = Check(
    "LD007",
    "constant column",
    "a column has the same value in all rows to train on",
    "leave it out: nothing can be learnt from it",
)
SAME_COLUMN = Check(
    "LD008",
    "column there twice",
    "a column equals an earlier one in all rows to train on",
    "leave one of them out",
)
GIVES_AWAY = Check(
    "LD009",
    "gives the target away",
    "a single column tells the target almost without error: classes are ranges or values of it, or "
    "numbers correlate above 0.999",
    "leave it out if it is not known before the target is",
)
OUTLIER = Check(
    "LD010",
    "outlier",
    "a value is more than 10 standard deviations from the mean of its column",
    "check the value; the layers robust and smooth_clip make outliers matter less",
)
STANDS_FOR_MISSING = Check(
    "LD011",
    "number for a missing value",
    "the least or largest value of a column is -999, 9999 or the like, several times",
    "add it to data.missing_values if it stands for a missing value",
)
SCALES = Check(
    "LD012",
    "different scales",
    "columns differ more than 100 times in their deviation, and no layer brings them to one scale",
    "begin the network with the layer standardize",
)
SHIFT = Check(
    "LD013",
    "shift between parts",
    "a column is distributed differently in rows to validate or test on than in those to train on",
    "check how the parts were made; rows in order of time or place want data.split_column",
)
CLASS_SHIFT = Check(
    "LD014",
    "classes shift",
    "a class is more, or less, frequent in rows to validate or test on than in those to train on",
    "set data.stratify = true",
)
IMBALANCE = Check(
    "LD015",
    "imbalanced classes",
    "the most frequent class has more than 10 times the rows of the rarest",
    "look at f1 and recall beside accuracy; class_weights of the loss make rare classes count more",
)
ABSENT_CLASS = Check(
    "LD016",
    "class without rows",
    "a class has no row to train on, or none to validate or test on",
    "get rows of it, take it out of 'classes', or set data.stratify = true",
)
SMALL_PART = Check(
    "LD017",
    "few rows",
    "there are fewer than 50 rows to validate or test on, or none to test on",
    "figures on so few vary widely; 'layerkit crossval' uses every row to test on once",
)

CHECKS = (
    MISSING,
    MOSTLY_MISSING,
    ROWS_LEFT_OUT,
    DUPLICATES,
    DUPLICATES_ACROSS,
    CONTRADICTIONS,
    CONSTANT,
    SAME_COLUMN,
    GIVES_AWAY,
    OUTLIER,
    STANDS_FOR_MISSING,
    SCALES,
    SHIFT,
    CLASS_SHIFT,
    IMBALANCE,
    ABSENT_CLASS,
    SMALL_PART,
)
"""All of them, in the order in which they are reported."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes
    ----------
    check
        What kind it is.
    place
        Where: a cell, a row, a column or a part.
    message
        What was found there.
    others
        Where the same was found too, if those are not findings of their own.
    """

    check: Check
    place: str
    message: str
    others: Sequence[str] = ()

    @property
    def line(self) -> str:
        """All of it but the advice, in one line."""
        more = f" (and {len(self.others):,} more like it)" if self.others else ""
        return f"{self.place}: {self.message}{more}"


def gathered(check: Check, found: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for each place, or one for all if there are many.

    Parameters
    ----------
    check
        What kind they are.
    found
        What was found, by place.
    """
    places = [*found]
    if len(places) <= _SHOWN:
        yield from (Finding(check, place, found[place]) for place in places)
    else:
        yield Finding(check, places[0], found[places[0]], tuple(places[1:]))
