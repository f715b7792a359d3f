"""Numbers as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from layerkit.arrays import Shape


def number(value: float) -> str:
    """Return four decimals, or an exponent where those would say little."""
    if value == 0 or 0.001 <= abs(value) < 10_000:
        return f"{value:.4f}"
    return f"{value:.3e}"


def figure(name: str, value: float) -> str:
    """Return the value of a loss or metric; an accuracy is a percentage."""
    return f"{100 * value:.2f} %" if name.endswith("accuracy") else number(value)


def figures(values: Mapping[str, float], of: str = "") -> str:
    """Return figures with their names: ``test accuracy 98.21 %, test loss 0.0612``."""
    ordered = sorted(values, key=lambda name: name == "loss")
    return ", ".join(f"{of} {name} {figure(name, values[name])}".strip() for name in ordered)


def count(size: int, noun: str) -> str:
    """Return ``1 layer`` or ``1,200 layers``."""
    return f"{size:,} {noun}" if size == 1 else f"{size:,} {noun}s"


def shape_text(shape: Shape) -> str:
    """Return ``28 x 28 x 1``."""
    return " x ".join(map(str, shape)) or "1"


def duration(seconds: float) -> str:
    """Return ``0.25 s``, ``58.3 s``, ``12 min 03 s`` or ``1 h 05 min``."""
    if seconds < 1:
        return f"{seconds:.2f} s"
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def clock(seconds: float) -> str:
    """Return ``0:41`` or ``1:05:00``, which changes little in width as it counts down."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def byte_count(size: int) -> str:
    """Return bytes as ``1.6 MiB``."""
    amount = float(size)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < 1024:
            return f"{amount:.0f} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:,.1f} TiB"
