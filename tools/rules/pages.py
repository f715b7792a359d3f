"""The page of every rule, and the table of all."""

from __future__ import annotations

from layerkit.rules import RULES
from layerkit.rules.example import example, message
from layerkit.rules.rule import Rule

_INTRODUCTION = """\
# Errors and warnings of specs

Every error and warning has a code that never means anything else. `layerkit rule CODE` prints the
page of one, `layerkit rule` a table of all.

Errors, from LK001, refuse a spec. Warnings, from LK101, are about what is legal and almost surely
wrong: `validate`, `run` and `summary` print them to standard error, and go on. With `--strict`,
`validate` and `run` take them for errors and exit with 2. Where you know better, silence one in the
spec, and say why:

```toml
silence = ["LK110"] # there are 150 examples in all
```

In Python, `lk.warnings_of(spec)` returns the warnings of a spec, silenced ones left out; `lk.train`
and `lk.run` print none.

A layer of a plugin takes part by the method `traits`, see `LayerTraits`; other components by class
variables: `takes_logits` of losses, `adaptive` and `usual_rate` of optimizers, `is_decay` of
regularizers, `of_numbers` of metrics, `is_zero` of initializers.

These pages are generated from `layerkit/rules/` by `make docs`.
"""


def pages() -> dict[str, str]:
    """Return the text of every page by the name of its file."""
    return {
        "README.md": _index(),
        **{f"{rule.code}.md": page(rule) for rule in RULES.values()},
    }


def page(rule: Rule) -> str:
    """Return the page of a rule."""
    language = "toml" if rule.suffix == "toml" else "text"
    parts = [
        f"# {rule.code}: {rule.title}",
        f"`{rule.name}`, {'an error' if rule.severity == 'error' else 'a warning'}.",
        rule.text.strip(),
        f"An example, `spec.{rule.suffix}`:",
        f"```{language}\n{example(rule).rstrip()}\n```",
        "What is said of it:",
        f"```text\n{message(rule).rstrip()}\n```",
    ]
    if rule.severity == "warning":
        parts.append(f'`silence = ["{rule.code}"]` in a spec silences it.')
    return "\n\n".join(parts) + "\n"


def _index() -> str:
    rows = ["| code | | name | what is wrong |", "|---|---|---|---|"]
    rows += [
        f"| [{each.code}]({each.code}.md) | {each.severity} | `{each.name}` | {each.title} |"
        for each in RULES.values()
    ]
    return "\n".join([_INTRODUCTION, *rows, ""])
