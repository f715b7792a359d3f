"""What this machine has: memory, as far as this process may use it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

UNKNOWN = 1 << 62
"""More bytes than any machine has, where a system does not say how many there are."""
_GROUPS = Path("/proc/self/cgroup")
_MOUNT = Path("/sys/fs/cgroup")


def memory_size(groups: Path = _GROUPS, mount: Path = _MOUNT) -> int:
    """Return how many bytes of memory this process may use at most.

    That is what the machine has, or the lowest limit of a control group that the process is in, as
    containers and job schedulers set them.

    Parameters
    ----------
    groups
        The file that says which control groups the process is in.
    mount
        Where control groups are mounted.
    """
    return min([_physical(), *_limits(groups, mount)])


def _physical() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # only some systems say
        return UNKNOWN


def _limits(groups: Path, mount: Path) -> Iterator[int]:
    """Yield the limits of the control groups, of both versions, from the innermost outwards.

    Source: Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.
    """
    try:
        lines = groups.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0" and not controllers:
            root, name = mount, "memory.max"
        elif "memory" in controllers.split(","):
            root, name = mount / "memory", "memory.limit_in_bytes"
        else:
            continue
        # In a container, the path may be that of the host, and its own group is at the root.
        inner = root / path.lstrip("/")
        for directory in (inner, *inner.parents):
            if not directory.is_relative_to(root):
                break
            yield from _limit(directory / name)


def _limit(file: Path) -> Iterator[int]:
    try:
        text = file.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return
    if text.isdecimal():  # "max" is no limit
        yield int(text)
