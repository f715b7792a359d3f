"""Patterns over the paths of parameters, and what each regularizer and group applies to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate

from layerkit.contracts.layer import ParameterPlan
from layerkit.contracts.optimizer import OptimizerConfig
from layerkit.problems import did_you_mean
from layerkit.spec.diagnostics import Loc, Problem

_MAX_NAMES = 20
_WILD = re.compile(r"[*?[]")


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """How one parameter is updated: factors of the learning rate and of the weight decay."""

    rate: float = 1.0
    decay: float = 1.0


def matching(pattern: str, paths: Iterable[str]) -> list[str]:
    """Return the paths that match a pattern."""
    if not _WILD.search(pattern):
        return [path for path in paths if path == pattern]
    matches = re.compile(translate(pattern)).match
    return [path for path in paths if matches(path)]


def chosen(
    patterns: Sequence[str] | None, params: Mapping[str, ParameterPlan], *, decaying: bool
) -> tuple[str, ...]:
    """Return the paths that any pattern matches, in the order of the network.

    Without patterns, every parameter, or every one that decays.
    """
    if patterns is None:
        return tuple(path for path, param in params.items() if param.decay or not decaying)
    found = {path for pattern in patterns for path in matching(pattern, params)}
    return tuple(path for path in params if path in found)


def groups_of(
    optimizer: OptimizerConfig, params: Mapping[str, ParameterPlan]
) -> dict[str, GroupPlan]:
    """Return how every parameter is updated; the first group that matches it decides."""
    groups: dict[str, GroupPlan] = {}
    of_group = [chosen(each.parameters, params, decaying=False) for each in optimizer.groups]
    for path, param in params.items():
        own = next((i for i, paths in enumerate(of_group) if path in paths), None)
        group = None if own is None else optimizer.groups[own]
        rate = 1.0 if group is None else group.rate
        decay = 1.0 if param.decay else 0.0
        if group is not None and group.decay is not None:
            decay = group.decay
        groups[path] = GroupPlan(rate, decay if optimizer.uses_decay else 1.0)
    return groups


def pattern_problems(
    loc: Loc,
    what: str,
    patterns: Sequence[str] | None,
    paths: Sequence[str],
    params: Sequence[str],
) -> Iterator[Problem]:
    """Yield patterns that match nothing, and a component that applies to nothing.

    Parameters
    ----------
    loc
        Of the component in the spec.
    what
        What messages call it.
    patterns, paths
        What the spec says, and what that chose.
    params
        Every parameter.
    """
    there = ", ".join(params[:_MAX_NAMES]) + (", ..." if len(params) > _MAX_NAMES else "")
    if not patterns and not paths:
        reason = f"{what} expects a parameter to apply to, found none"
        hint = "without 'parameters', it takes every parameter but the biases"
        yield Problem(loc, "no-match", reason, hint)
    for place, pattern in enumerate(patterns or ()):
        if not matching(pattern, params):
            reason = f"expected a pattern that matches a parameter, found '{pattern}'"
            near = "" if _WILD.search(pattern) else did_you_mean(pattern, params)
            hint = near or f"there are {there or 'no parameters'}"
            yield Problem((*loc, "parameters", place), "no-match", reason, hint)
