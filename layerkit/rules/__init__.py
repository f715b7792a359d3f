"""Everything that can be wrong with a spec: one rule a file, each with a stable code."""

from layerkit.rules import (
    data,
    duplicate_name,
    missing_key,
    missing_type,
    missing_values,
    no_match,
    shape,
    syntax,
    too_deep,
    too_large,
    unknown_key,
    unknown_name,
    wrong_suffix,
    wrong_type,
    wrong_value,
)
from layerkit.rules.rule import Rule, Severity

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        syntax.RULE,
        unknown_name.RULE,
        unknown_key.RULE,
        missing_key.RULE,
        missing_type.RULE,
        wrong_type.RULE,
        wrong_value.RULE,
        shape.RULE,
        duplicate_name.RULE,
        no_match.RULE,
        too_large.RULE,
        too_deep.RULE,
        wrong_suffix.RULE,
        data.RULE,
        missing_values.RULE,
    )
}
"""Every rule by its name, in the order of the codes."""


def code_text(name: str) -> str:
    """Return what messages show for a rule: its code, or the name of a plugin's own."""
    return RULES[name].code if name in RULES else name


def severity_of(name: str) -> Severity:
    """Return whether what a rule is about is an error, as a plugin's own always is."""
    return RULES[name].severity if name in RULES else "error"
