"""What a case is, and how one is written down in a few lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import dedent, indent
from typing import TypeAlias

Table: TypeAlias = dict[str, object]

FINE, SPEC_IS_WRONG, DATA, PLUGIN, DIVERGED = 0, 2, 3, 5, 6
"""Exit codes. 0 is right where the engine can make what it needs of what it gets."""

LATE = 10
"""The step at which a component that is right at first begins to be wrong: in the fourth epoch."""

SPEC: Table = {
    "seed": 1,
    "metrics": ["accuracy"],
    "layers": [{"type": "dense", "units": 8}, "tanh", {"type": "dense", "units": 3}],
    "loss": "softmax_cross_entropy",
    "silence": ["LK110"],  # 12 validation examples are enough here
    "data": {"type": "blobs", "train_per_class": 20, "test_per_class": 10, "validation": 12},
    "optimizer": {"type": "sgd", "learning_rate": 0.1},
    "training": {"epochs": 4, "batch_size": 16},
}
"""Four epochs of three steps each, without a component that could be bad."""

PREAMBLE = '''"""Written by a test."""
import itertools
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from pydantic import Strict, field_validator

from layerkit.plugin import *
from layerkit.plugin import ClassTarget, Examples, Fan, Splits

calls = itertools.count(1)


class Unprintable(Exception):
    def __str__(self):
        raise ValueError("no text")


class Rude(BaseException):
    pass


def deep():
    return deep()

'''


@dataclass(frozen=True, slots=True)
class Case:
    """A bad component, installed as a distribution of its own, and what must become of it.

    Attributes
    ----------
    kind
        Such as ``layer``.
    name
        Of the case. The component is called the same, unless `component` says otherwise.
    group, source
        The entry-point group, and the text of the module.
    spec
        A spec that uses it.
    codes
        The exit codes that are right; the first is the one to be expected.
    says
        What the message must say, beside which component it is.
    found
        When it is found: at ``import`` of the plugin, by the ``plan`` of the spec, in the ``run``,
        or by ``summary`` alone, which asks how much memory it takes.
    component
        What specs call it.
    quiet
        Whether to run it with ``--quiet`` too, which prints no figures.
    """

    kind: str
    name: str
    group: str
    source: str
    spec: Table
    codes: tuple[int, ...] = (PLUGIN,)
    says: tuple[str, ...] = ()
    found: str = "run"
    component: str = ""
    quiet: bool = False

    @property
    def called(self) -> str:
        """What specs call the component."""
        return self.component or self.name

    @property
    def distribution(self) -> str:
        """The name of the distribution."""
        return f"bad-{self.name.replace('_', '-')}"

    @property
    def module(self) -> str:
        """The name of the module."""
        return self.distribution.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Template:
    """A right component of some kind, from which a case differs in a method or two.

    Attributes
    ----------
    kind, group
        As in `Case`.
    config, base
        The classes of the contract.
    place
        Returns the sections of a spec that use a component, given its table.
    signatures
        Of the methods that a case may define, by what it calls them: those of the config first,
        then, after None, those of the class.
    right
        The bodies that make it right.
    lines
        More of the body of its config, such as options.
    prefix
        What names of cases begin with; by default the kind.
    """

    kind: str
    group: str
    config: str
    base: str
    place: Callable[[Table], Table]
    config_methods: Mapping[str, str]
    methods: Mapping[str, str]
    right: Mapping[str, str]
    lines: str = ""
    prefix: str = ""

    def __call__(
        self,
        what: str,
        *,
        codes: tuple[int, ...] | int = PLUGIN,
        says: str | tuple[str, ...] = (),
        found: str = "run",
        top: str = "",
        config: str = "",
        members: str = "",
        place: Callable[[Table], Table] | None = None,
        quiet: bool = False,
        more: Mapping[str, str] | None = None,
        **bodies: str | None,
    ) -> Case:
        """Return the case in which these methods have these bodies instead.

        Parameters
        ----------
        what
            The name of the case, after the kind.
        codes, says, found, quiet
            As in `Case`.
        top
            Statements at the top of the module.
        config, members
            More of the bodies of the config and of the class.
        place
            Another `Template.place`.
        more, bodies
            The bodies; None for a method that `members` defines or nothing does.
        """
        place = place or self.place
        bodies |= more or {}
        name = f"{self.prefix or self.kind.replace(' ', '_')}_{what}"
        of_class = _methods(self.methods, {**self.right, **bodies})
        of_config = _methods(self.config_methods, {**self.right, **bodies})
        unknown = bodies.keys() - self.methods.keys() - self.config_methods.keys()
        if unknown:
            raise ValueError(f"{name}: no such methods: {unknown}")
        source = (
            f"{PREAMBLE}{dedent(top)}\n\n"
            f"class BadConfig({self.config}):\n"
            f'    type: Literal["{name}"] = "{name}"\n'
            f"{indented(self.lines)}{indented(config)}{of_config}\n\n"
            f"@final\nclass Bad({self.base}[BadConfig]):\n"
            f"    steps = 0\n"
            f"{indented(members)}{of_class}"
        )
        return Case(
            self.kind,
            name,
            self.group,
            source,
            {**SPEC, **place({"type": name})},
            (codes,) if isinstance(codes, int) else codes,
            (says,) if isinstance(says, str) else says,
            found,
            quiet=quiet,
        )


def _methods(signatures: Mapping[str, str], bodies: Mapping[str, str | None]) -> str:
    return "".join(
        f"    {'@property' if name == 'mask' else ''}\n    def {signature}:\n{indented(body, 8)}"
        for name, signature in signatures.items()
        if (body := bodies.get(name)) is not None
    )


def indented(lines: str, by: int = 4) -> str:
    """Return lines below each other, that far from the margin."""
    return indent(dedent(lines).strip(), " " * by) + "\n" if lines else ""


def late(wrong: str, right: str) -> str:
    """Return the body of a method that does something wrong from the tenth step on."""
    return f"self.steps += 1\nif self.steps >= {LATE}:\n{indented(wrong)}{dedent(right).strip()}"
