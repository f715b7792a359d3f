"""For every rule a spec that breaks it, and what is said of that spec."""

from __future__ import annotations

from importlib.resources import files

from layerkit.rules.rule import Rule


def example(rule: Rule) -> str:
    """Return a spec that breaks a rule."""
    return _read(f"{rule.code}.{rule.suffix}")


def message(rule: Rule) -> str:
    """Return what is said of the example."""
    return _read(f"{rule.code}.txt")


def _read(name: str) -> str:
    return files("layerkit").joinpath("rules", "examples", name).read_text(encoding="utf-8")
