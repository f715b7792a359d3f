"""A page for every kind with all that is known of its components, and a page that lists all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from layerkit.cli.component import examples
from layerkit.component import Config, Kind
from layerkit.contracts.kinds import KINDS
from layerkit.contracts.layer import LAYERS
from layerkit.contracts.schedule import SCHEDULES
from layerkit.registry import Registry
from layerkit.schema.docstrings import documentation
from layerkit.schema.options import Option, options_of
from tools.components.facts import facts_of
from tools.components.latex import with_formulas
from tools.components.plots import EDGE, EPOCHS, STALLS_AFTER, plot_of
from tools.components.registered import Listed, example_config, listed, own_registry

_INTRODUCTION = """\
# Components

Every component that Layerkit and the [plugins](../../plugins) of this repository register, with
formula, options, shapes, conventions, source and the line of a spec that uses it. `layerkit plugins
show NAME` prints the same of what is installed, other people's plugins included; `layerkit plugins
list WORD` finds components by name, kind or summary.

In formulas, $`@`$ is a matrix product, as in NumPy, and $`\\cdot`$ a product of elements;
$`w \\leftarrow w - g`$ is a step that changes $`w`$. Shapes are those of one example: `(8,)` is an
array of one axis, and `...` stands for any number of axes. The examples of a batch are one more
axis, in front.

These pages are generated from docstrings, types and the code itself by `make docs`.
"""
_ABOUT = {
    LAYERS.group: (
        f"The plots show activations and their derivatives from -{EDGE} to {EDGE}, with the "
        "options that they have by default."
    ),
    SCHEDULES.group: (
        f"The plots show the multiple of the learning rate over {EPOCHS} epochs. A schedule that "
        f"watches a validation loss is given one that improves for {STALLS_AFTER} epochs and then "
        "no more."
    ),
}


def pages(registry: Registry | None = None) -> dict[str, str]:
    """Return every page and plot by the path of its file, below ``docs/components``.

    Raises
    ------
    PackageNotFoundError
        If a distribution of this repository is not installed.
    PluginError
        If a component does not load.
    """
    registry = registry or own_registry()
    everything = [*listed(registry)]
    plots = {
        _plot_file(each): plot for each in everything if (plot := plot_of(each.config, registry))
    }
    by_kind = {kind: [each for each in everything if each.kind is kind] for kind in KINDS}
    found = {"README.md": _index(by_kind)}
    for kind, components in by_kind.items():
        shared = _shared_options(kind, components)
        entries = [_entry(each, registry, shared, plots.keys()) for each in components]
        parts = [_head(kind, components, shared), *entries]
        found[_file(kind)] = "\n\n".join(parts) + "\n"
    return found | plots


def _file(kind: Kind[Config]) -> str:
    return f"{kind.group.removeprefix('layerkit.')}.md"


def _plot_file(component: Listed) -> str:
    return f"plots/{component.kind.group.removeprefix('layerkit.')}/{component.name}.svg"


def _title(kind: Kind[Config]) -> str:
    return kind.group.removeprefix("layerkit.").replace("_", " ").capitalize()


def _index(by_kind: dict[Kind[Config], list[Listed]]) -> str:
    links = ", ".join(f"[{_title(kind).lower()}](#{_anchor(kind)})" for kind in by_kind)
    parts = [_INTRODUCTION.strip(), f"Kinds: {links}."]
    for kind, components in by_kind.items():
        rows = ["| name | what it is | package |", "|---|---|---|"]
        rows += [
            f"| [`{each.name}`]({_file(kind)}#{each.name}) "
            f"| {_cell(documentation(each.config).summary)} | {each.registration.distribution} |"
            for each in components
        ]
        parts += [f"## {_title(kind)}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def _anchor(kind: Kind[Config]) -> str:
    return _title(kind).lower().replace(" ", "-")


def _shared_options(kind: Kind[Config], components: list[Listed]) -> list[Option]:
    """Return the options of a kind that every component of it has as they are."""
    of_each = [options_of(each.config) for each in components]
    return [each for each in options_of(kind.config) if all(each in options for options in of_each)]


def _head(kind: Kind[Config], components: list[Listed], shared: list[Option]) -> str:
    """Return the beginning of a kind's page: what all have in common, and links to each."""
    parts = [f"# {_title(kind)}", "[All components](README.md)"]
    for name, those in groupby(
        sorted(components, key=lambda each: (each.registration.distribution, each.name)),
        lambda each: each.registration.distribution,
    ):
        links = ", ".join(f"[{each.name}](#{each.name})" for each in those)
        parts.append(f"**{name}**: {links}")
    if about := _ABOUT.get(kind.group):
        parts.append(about)
    if shared:
        parts += [f"Every {kind.noun} has these options:", _options(shared)]
    return "\n\n".join(parts)


def _entry(
    component: Listed, registry: Registry, shared: list[Option], plots: Collection[str]
) -> str:
    """Return all that is known of a component."""
    config, documented = component.config, documentation(component.config)
    parts = [f"## {component.name}", with_formulas(documented.text)]
    if (plot := _plot_file(component)) in plots:
        parts.append(f"![Plot of {component.name}]({plot})")
    if lines := [*examples(component.kind, config, registry)]:
        parts.append("\n".join(["```toml", *lines, "```"]))
    if own := [option for option in options_of(config) if option not in shared]:
        parts.append(_options(own))
    parts.append("\n".join(_facts(component, registry)))
    if documented.notes:
        parts.append(f"**Conventions.** {with_formulas(documented.notes)}")
    if documented.references:
        parts.append(f"**Source.** {with_formulas(_one_paragraph(documented.references))}")
    return "\n\n".join(parts)


def _options(options: Iterable[Option]) -> str:
    rows = ["| option | type and range | default | meaning |", "|---|---|---|---|"]
    for each in options:
        default = each.default
        if default not in {"", "required"}:
            default = f"`{default}`"
        meaning = _cell(each.meaning)
        rows.append(
            f"| `{each.name}` | {_escaped(each.allowed)} | {_escaped(default)} | {meaning} |"
        )
    return "\n".join(rows)


def _facts(component: Listed, registry: Registry) -> Iterator[str]:
    config = example_config(component.config, registry)
    for name, fact in facts_of(config) if config is not None else ():
        yield f"- {name}: {fact}"
    file = component.file.as_posix()
    yield f"- Package: {component.registration.distribution}, [`{file}`](../../{file})"


def _one_paragraph(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    """Return Markdown for a cell of a table."""
    return _escaped(with_formulas(text.replace("\n\n", " ")))


def _escaped(text: str) -> str:
    return text.replace("|", r"\|")
