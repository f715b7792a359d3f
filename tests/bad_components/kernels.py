"""Bad accelerators: functions that replace the inner loop of a component."""

from __future__ import annotations

from tests.bad_components.case import DIVERGED, PLUGIN, PREAMBLE, SPEC, Case

ARGUMENTS = "value, grad, scratch, learning_rate"
RIGHT = """
np.multiply(grad, learning_rate, out=scratch)
np.subtract(value, scratch, out=value)
"""


def kernel(
    what: str,
    body: str = RIGHT,
    *,
    codes: tuple[int, ...] = (PLUGIN,),
    says: str = "",
    found: str = "run",
    decorator: str = "@replaces(SGD, exact=True)",
    arguments: str = ARGUMENTS,
    top: str = "",
) -> Case:
    """Return the case of a function that is registered as what replaces the loop of ``sgd``."""
    name = f"kernel_{what}"
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    source = (
        f"{PREAMBLE}\nfrom layerkit.builtin.sgd import SGD, SGD_MOMENTUM\n{top}\n\n"
        f"{decorator}\ndef Bad({arguments}):\n{lines}"
    )
    spec = {**SPEC, "kernels": "exact"}
    return Case(
        "kernel", name, "layerkit.kernels", source, spec, codes, (says,), found, component="sgd"
    )


CASES = [
    kernel("not_declared", decorator=""),
    kernel(
        "of_another",
        decorator="@replaces(SGD_MOMENTUM, exact=True)",
        arguments="value, grad, velocity, scratch, learning_rate, momentum",
    ),
    kernel("with_other_parameters", arguments="value, grad", body="pass"),
    kernel("leaves_at_import", top="sys.exit(0)"),
    kernel("interrupts_at_import", top="raise KeyboardInterrupt"),
    kernel("raises_a_text_that_cannot_be_made_at_import", top="raise Unprintable"),
    kernel("raises", body="raise ValueError('no such instruction')", says="ValueError"),
    kernel("leaves", body="sys.exit(0)", says="SystemExit"),
    kernel("interrupts", body="raise KeyboardInterrupt", says="KeyboardInterrupt"),
    kernel("of_another_shape", body="value -= np.zeros(7)"),
    kernel("nan", body="value[...] = np.nan"),
    kernel("raises_late", body=f"if next(calls) > 9:\n    raise ValueError('at last')\n{RIGHT}"),
    kernel(
        "nan_late", codes=(DIVERGED,), body=f"if next(calls) > 9:\n    value[...] = np.nan\n{RIGHT}"
    ),
]
