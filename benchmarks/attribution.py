"""Whose a moment is, when functions call one another and threads work side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple


class Span(NamedTuple):
    """A call: from when to when, in which thread, under which name."""

    start: float
    end: float
    thread: int
    name: str


def attributed(spans: Iterable[Span], background: Collection[str] = ()) -> dict[str, float]:
    """Return the seconds of every name; together they are the time in which anything was called.

    A moment belongs to the innermost call. Where several threads are in calls, each gets an equal
    share of the moment. Calls in the background, which are there to wait for others, get a moment
    only where no other call has it.
    """
    seconds: dict[str, float] = {}
    active: dict[int, list[str]] = {}
    before = 0.0
    for moment, thread, name, starts in _edges(spans):
        inner = [names[-1] for names in active.values() if names]
        at_work = [each for each in inner if each not in background] or inner
        for each in at_work:
            seconds[each] = seconds.get(each, 0.0) + (moment - before) / len(at_work)
        if starts:
            active.setdefault(thread, []).append(name)
        else:
            active[thread].pop()
        before = moment
    return seconds


def _edges(spans: Iterable[Span]) -> Iterator[tuple[float, int, str, bool]]:
    """Yield starts and ends in the order of time; of calls at once, the outer starts first."""
    edges: list[tuple[float, bool, float, Span]] = []
    for span in spans:
        edges.append((span.start, True, -span.end, span))
        edges.append((span.end, False, -span.start, span))
    for moment, starts, _, span in sorted(edges):
        yield moment, span.thread, span.name, starts
