"""Everything that can be wrong with a spec: one rule a file, each with a stable code.

Codes from LK001 are those of errors, from LK101 those of warnings.
"""

from layerkit.rules import (
    batch_of_one,
    data,
    duplicate_name,
    few_validation_examples,
    former_component,
    former_key,
    high_learning_rate,
    many_threads,
    metric_of_numbers,
    missing_key,
    missing_type,
    missing_values,
    much_memory,
    newer_format,
    no_gradient,
    no_match,
    noise_after_output,
    penalty_in_adaptive_steps,
    shape,
    softmax_before_loss,
    squashed_logits,
    syntax,
    too_deep,
    too_large,
    too_much_memory,
    unknown_key,
    unknown_name,
    unscaled_input,
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
        too_much_memory.RULE,
        newer_format.RULE,
        softmax_before_loss.RULE,
        noise_after_output.RULE,
        squashed_logits.RULE,
        high_learning_rate.RULE,
        penalty_in_adaptive_steps.RULE,
        metric_of_numbers.RULE,
        unscaled_input.RULE,
        batch_of_one.RULE,
        no_gradient.RULE,
        few_validation_examples.RULE,
        much_memory.RULE,
        many_threads.RULE,
        former_key.RULE,
        former_component.RULE,
    )
}
"""Every rule by its name, in the order of the codes."""


def code_text(name: str) -> str:
    """Return what messages show for a rule: its code, or the name of a plugin's own."""
    return RULES[name].code if name in RULES else name


def severity_of(name: str) -> Severity:
    """Return whether what a rule is about is an error, as a plugin's own always is."""
    return RULES[name].severity if name in RULES else "error"
