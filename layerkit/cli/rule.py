"""``layerkit rule``: what codes of errors and warnings mean."""

from __future__ import annotations

from layerkit.cli.output import say
from layerkit.cli.tables import show
from layerkit.display.tables import new_table
from layerkit.errors import UsageError
from layerkit.problems import did_you_mean
from layerkit.rules import RULES
from layerkit.rules.example import example, message


def explain_rule(code: str) -> None:
    """Print a rule, a spec that breaks it, and what is said of that spec.

    Parameters
    ----------
    code
        The rule's code, or its name.

    Raises
    ------
    UsageError
        If there is no such rule.
    """
    by_code = {rule.code: rule for rule in RULES.values()}
    rule = by_code.get(code.upper()) or RULES.get(code)
    if rule is None:
        valid = [*by_code, *RULES] if code[:2].upper() != "LK" else [*by_code]
        hint = did_you_mean(code, valid) or "'layerkit rule' lists them all"
        raise UsageError(f"expected the code or the name of a rule, found '{code}' ({hint})")
    say(f"{rule.code} {rule.name} ({rule.severity}): {rule.title}")
    say(f"\n{rule.text.strip()}")
    if rule.severity == "warning":
        say(f'\nsilence = ["{rule.code}"] in a spec silences it; --strict makes it an error.')
    say(f"\nExample, spec.{rule.suffix}:\n\n{_indented(example(rule))}")
    say(f"\nWhat is said of it:\n\n{_indented(message(rule))}")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip().splitlines())


def list_rules() -> None:
    """Print every rule in a table."""
    table = new_table(dict.fromkeys(("code", "severity", "name", "what is wrong"), ""))
    for each in RULES.values():
        table.add_row(each.code, each.severity, each.name, each.title)
    show(table)
