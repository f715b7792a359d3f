"""``layerkit plugins show``: one component, its options, and an example."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel

from layerkit.cli.output import say, say_facts, terminal_width, wrapped
from layerkit.cli.tables import show
from layerkit.component import Config, Kind
from layerkit.contracts.kinds import KINDS
from layerkit.display.tables import new_table
from layerkit.errors import UsageError
from layerkit.problems import did_you_mean
from layerkit.registry import Registry, installed
from layerkit.schema.docstrings import documentation
from layerkit.schema.examples import example_of
from layerkit.schema.options import Option, options_of, value_text
from layerkit.schema.spec_schema import article, is_enough

_PLACES = {
    "layerkit.layers": "layers = [{}]",
    "layerkit.losses": "loss = {}",
    "layerkit.regularizers": "regularizers = [{}]",
    "layerkit.gradient_transforms": "gradient_transforms = [{}]",
    "layerkit.constraints": "constraints = [{}]",
    "layerkit.optimizers": "optimizer = {}",
    "layerkit.schedules": "optimizer.schedule = {}",
    "layerkit.initializers": "weight_initializer = {}",
    "layerkit.datasets": "data = {}",
    "layerkit.metrics": "metrics = [{}]",
    "layerkit.callbacks": "callbacks = [{}]",
}
"""Where in a spec a component stands, by the group of its kind."""


def show_component(name: str, registry: Registry | None = None) -> int:
    """Print all that is known of a component.

    Raises
    ------
    UsageError
        If there is none of that name, or one of several kinds.
    PluginError
        If it does not load.
    """
    registry = registry or installed()
    kind, name = found_component(name, registry)
    config = registry.load(kind, name)
    say_text(documentation(config).text)
    say("")
    say_facts(component_facts(config))
    if options := options_of(config):
        say("")
        show_options(options)
    for title, text in (
        ("Notes", documentation(config).notes),
        ("References", documentation(config).references),
    ):
        if text:
            say("")
            say(f"{title}:")
            say_text(text)
    say("")
    say("Example:")
    for example in examples(kind, config, registry):
        say(f"  {example}")
    return 0


def found_component(name: str, registry: Registry) -> tuple[Kind[Config], str]:
    """Return the kind and the name of what ``name``, ``kind:name`` or the like means.

    Between kind and name may be a distribution, or that alone: ``acme:zeros``.
    """
    noun, _, rest = name.partition(":")
    nouns = {kind.noun.replace(" ", "_"): kind for kind in KINDS}
    wanted = noun.replace(" ", "_")
    if rest and wanted in nouns:
        among = [nouns[wanted]]
    else:
        among, rest = [*KINDS], name
    found = [kind for kind in among if registry.offers(kind, rest)]
    if len(found) == 1:
        return found[0], rest
    if found:
        names = " or ".join(f"{kind.noun.replace(' ', '_')}:{rest}" for kind in found)
        raise UsageError(f"'{rest}' is the name of several components: write {names}")
    registered = [each for kind in among for each in registry.registrations(kind)]
    if ":" in rest:
        distributions = {each.normalized for each in registered}
        if noun not in distributions:
            hint = did_you_mean(noun, [*nouns, *distributions]) or f"kinds are {', '.join(nouns)}"
            raise UsageError(f"no kind or distribution '{noun}' ({hint})")
    names_here = [each.full_name if ":" in rest else each.name for each in registered]
    hint = did_you_mean(rest, names_here) or "'layerkit plugins list' shows what is installed"
    raise UsageError(f"no component '{rest}' is installed ({hint})")


def component_facts(config: type[Config]) -> dict[str, str]:
    """Return what a component is, who provides it, and where its code is."""
    kind, registration = config.__kind__, config.__registration__
    facts = {
        "component": f"{config.type_name()}, {article('component' if kind is None else kind.noun)}"
    }
    if registration is not None:
        facts["package"] = registration.origin
        facts["class"] = registration.target
    facts["file"] = source_file(config)
    return facts


def source_file(model: type[BaseModel]) -> str:
    """Return the file of a class, from the current directory where it is below it."""
    try:
        path = Path(inspect.getfile(model))
    except (OSError, TypeError):  # defined where there is no file
        return "unknown"
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def examples(kind: Kind[Config], config: type[Config], registry: Registry) -> Iterable[str]:
    """Yield lines of a spec that have the component."""
    place = _PLACES.get(kind.group, "{}")
    name, table = str(registry.name_of(config)), example_of(config, registry)
    if is_enough(config, registry):
        yield place.format(value_text(name))
    if table is not None and len(table) > 1:
        yield place.format(value_text(table))


def show_options(options: Iterable[Option]) -> None:
    """Print options as a table."""
    headings = ("option", "type and range", "default", "meaning")
    table = new_table(dict.fromkeys(map(str, headings), ""), wraps=("type and range", "meaning"))
    for each in options:
        table.add_row(each.name, each.allowed, each.default, each.meaning.replace("\n\n", " "))
    show(table)


def say_text(text: str) -> None:
    """Print paragraphs, in a terminal with line breaks between words."""
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            say("")
        for line in paragraph.splitlines():
            say(wrapped(line, terminal_width(sys.stdout), 0))
