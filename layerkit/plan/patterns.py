"""Patterns over the paths of parameters, and what each regularizer and group applies to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from typing import Protocol

from layerkit.contracts.layer_plan import ParameterPlan
from layerkit.contracts.optimizer import OptimizerConfig
from layerkit.contracts.regularizer import Patterns
from layerkit.plan.causes import naming_layer
from layerkit.problems import did_you_mean
from layerkit.spec.diagnostics import Loc, Problem
from layerkit.spec.models import ModelSpec

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


class Patterned(Protocol):
    """A config with patterns over parameter paths."""

    @property
    def parameters(self) -> Patterns | None:
        """The patterns; None for the kind's default."""
        ...


def chosen_by(
    configs: Sequence[Patterned], params: Mapping[str, ParameterPlan], *, decaying: bool
) -> tuple[tuple[str, ...], ...]:
    """Return, for each config, the paths that it applies to; see `chosen`."""
    return tuple(chosen(each.parameters, params, decaying=decaying) for each in configs)


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


def pattern_problems(spec: ModelSpec, params: Mapping[str, ParameterPlan]) -> Iterator[Problem]:
    """Yield patterns that match no parameter, and components that apply to none."""
    names = list(params)
    for index, regularizer in enumerate(spec.regularizers):
        loc, what = ("regularizers", index), regularizer.display_name
        yield from _problems(spec, loc, what, regularizer, params, decaying=True)
    for index, transform in enumerate(spec.gradient_transforms):
        loc, what = ("gradient_transforms", index), transform.display_name
        yield from _problems(spec, loc, what, transform, params, decaying=False)
    for index, constraint in enumerate(spec.constraints):
        loc, what = ("constraints", index), constraint.display_name
        yield from _problems(spec, loc, what, constraint, params, decaying=True)
    for index, group in enumerate(spec.optimizer.groups):
        place: Loc = ("optimizer", "groups", index)
        yield from _unmatched(spec, place, group.parameters, names)


def _problems(
    spec: ModelSpec,
    loc: Loc,
    what: str,
    config: Patterned,
    params: Mapping[str, ParameterPlan],
    *,
    decaying: bool,
) -> Iterator[Problem]:
    if not config.parameters and not chosen(config.parameters, params, decaying=decaying):
        reason = f"{what} expects a parameter to apply to, found none"
        but = " but the biases" if decaying else ""
        hint = f"without 'parameters', it takes every parameter{but}"
        yield Problem(loc, "no-match", reason, hint)
    yield from _unmatched(spec, loc, config.parameters or (), list(params))


def _unmatched(
    spec: ModelSpec, loc: Loc, patterns: Sequence[str], params: Sequence[str]
) -> Iterator[Problem]:
    there = ", ".join(params[:_MAX_NAMES]) + (", ..." if len(params) > _MAX_NAMES else "")
    for place, pattern in enumerate(patterns):
        if not matching(pattern, params):
            reason = f"expected a pattern that matches a parameter, found '{pattern}'"
            near = "" if _WILD.search(pattern) else did_you_mean(pattern, params)
            hint = near or f"there are {there or 'no parameters'}"
            cause = naming_layer(spec, near.split("'")[1]) if near else None
            yield Problem((*loc, "parameters", place), "no-match", reason, hint, cause)
