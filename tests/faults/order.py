"""Whether files reach the disk before their names do, as a recording of system calls shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults.judge import LOST, Mistake
from tests.faults.tracing import Call

_APPENDED = "history.jsonl"
"""The only file that is written under its own name, line by line."""


def order_mistakes(calls: Sequence[Call]) -> Iterator[Mistake]:
    """Go through the calls after which a failure of the power would lose what was said to be saved.

    A file is written under another name, synchronized and renamed, and its directory synchronized
    before another file gets its name, or anything is removed. Lines that were appended are
    synchronized before the run says that it has ended.
    """
    unsynchronized: set[str] = set()
    pending: str | None = None
    for call in calls:
        if call.result < 0 or not call.paths:
            continue
        path = call.paths[0]
        if call.name == "write":
            unsynchronized.add(path)
            if not path.endswith((".partial", _APPENDED)):
                yield Mistake(LOST, f"expected {path} to be written under another name first")
        elif call.name == "fsync":
            unsynchronized.discard(path)
            pending = None if path == pending else pending
        elif call.is_rename or call.name.startswith("unlink"):
            if pending is not None:
                yield Mistake(LOST, f"expected an fsync of {pending} before {call.name} of {path}")
            pending = str(Path(path).parent) if call.is_rename else None
            if call.is_rename and path in unsynchronized:
                yield Mistake(LOST, f"expected {path} to get an fsync before it is renamed")
    if pending is not None:
        yield Mistake(LOST, f"expected an fsync of {pending} at the end")
    for path in sorted(unsynchronized):
        if not path.endswith(".partial"):
            yield Mistake(LOST, f"expected an fsync of {path} before the run says that it ended")
