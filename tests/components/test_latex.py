from __future__ import annotations

import pytest

from tools.components.latex import latex, with_formulas


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y = x @ weight + bias", r"y = x \mathbin{@} \mathrm{weight} + \mathrm{bias}"),
        ("y = x * (a + b)", r"y = x \cdot (a + b)"),
        ("a - (b - c)", "a - (b - c)"),
        ("a - b - c", "a - b - c"),
        ("a + -b * c", "a + (-b \\cdot c)"),
        ("-a * b * c", r"-a \cdot b \cdot c"),
        ("(u @ v) * u", r"(u \mathbin{@} v) \cdot u"),
        ("(a + b) ** 2", "(a + b)^{2}"),
        ("-a ** 2", "-a^{2}"),
        ("beta1^(t - s)", r"\beta_{1}^{t - s}"),
        ("factor^(t / length)", r"\mathrm{factor}^{t / \mathrm{length}}"),
        ("x² + 0.2 x³", r"x^{2} + 0.2 \cdot x^{3}"),
        ("a / (b * c)", r"\displaystyle \frac{a}{b \cdot c}"),
        ("a / b / (c + d)", r"\displaystyle \frac{a}{b \cdot (c + d)}"),
        ("a / b * c", r"\displaystyle \frac{a}{b} \cdot c"),
        ("a // b", r"\displaystyle \left\lfloor \frac{a}{b} \right\rfloor"),
        ("|a - b| <= delta", r"\left\lvert a - b \right\rvert \le \delta"),
        (
            "|a| / |b|",
            r"\displaystyle \frac{\left\lvert a \right\rvert}{\left\lvert b \right\rvert}",
        ),
        ("log(n!)", r"\log(n!)"),
        ("W^T W - I", r"W^\top \cdot W - I"),
        ("x[i - 1] * w_g", r"x_{i - 1} \cdot w_{g}"),
        ("±1 / n", r"\displaystyle \pm \frac{1}{n}"),
        ("2π (a + b)", r"2 \cdot \pi \cdot (a + b)"),
        ("third quartile - median", r"\text{third quartile} - \mathrm{median}"),
        ("1 - 1e-7", "1 - 10^{-7}"),
        ("mu(t) = beta * t", r"\mu(t) = \beta \cdot t"),
        ("i, f = split(x)", r"i, f = \mathrm{split}(x)"),
        ("learning_rate * g", r"\mathrm{learning\_rate} \cdot g"),
    ],
)
def test_a_formula_becomes_latex(text: str, expected: str) -> None:
    assert latex(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w -= r * (g + v)", r"w \leftarrow w - r \cdot (g + v)"),
        ("w -= a + b", r"w \leftarrow w - (a + b)"),
        ("w /= |w|", r"\displaystyle w \leftarrow \frac{w}{\left\lvert w \right\rvert}"),
        ("v = m * v + g", r"v \leftarrow m \cdot v + g"),
        ("c[t] = f * c[t - 1]", r"c_{t} = f \cdot c_{t - 1}"),
        ("c = b * m", r"c = b \cdot m"),
    ],
)
def test_what_changes_is_told_from_what_is_defined(text: str, expected: str) -> None:
    assert latex(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "units",
        "(..., features) -> (..., units)",
        "(time, features)",
        "[1 - p, p]",
        "alpha = 1",
        "axis=-1",
        "compound = true",
        'average = "macro"',
        "lk.train(spec)",
        "Adam(amsgrad=True)",
        "train/cat/1.jpg",
        "pip install 'layerkit[arrow]'",
        "layerkit init",
        "(0, 1 / bins]",
        "y = bias + sum over a, b of x[a, b]",
        "r * (cos a, sin a)",
        "||a| - b|",
        "a b |",
        "x and y",
        "f()",
    ],
)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert latex(text) is None
    assert with_formulas(f"see `{text}`.") == f"see `{text}`."


def test_formulas_are_marked_as_github_has_them() -> None:
    assert with_formulas("`y = x * w`, `(n,)`") == r"$`y = x \cdot w`$, `(n,)`"
