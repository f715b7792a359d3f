"""The formulas of docstrings in LaTeX, as GitHub renders it."""

from __future__ import annotations

import ast
import re

from tools.components.notation import FACTORIAL, NORM, PLUS_MINUS, SPACE, parsed

_GREEK = {"alpha", "beta", "gamma", "delta", "epsilon", "mu", "rho", "sigma", "pi"}
_FUNCTIONS = {"exp", "log", "max", "min", "tanh", "cosh", "sin", "cos"}
_AROUND = {
    "sqrt": r"\sqrt{{{}}}",
    "floor": r"\left\lfloor {} \right\rfloor",
    "ceil": r"\left\lceil {} \right\rceil",
    NORM: r"\left\lvert {} \right\rvert",
    PLUS_MINUS: r"\pm {}",
}
"""What is written around the arguments of a function."""
_SIGNS: dict[type[ast.operator | ast.cmpop], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: r"\cdot",
    ast.MatMult: r"\mathbin{@}",
    ast.Lt: "<",
    ast.LtE: r"\le",
    ast.Gt: ">",
    ast.GtE: r"\ge",
    ast.Eq: "=",
}
_SUM, _PRODUCT, _POWER, _ATOM = range(4)
"""How closely the parts of a term belong together; what is looser needs parentheses."""


class _NoFormulaError(Exception):
    """The tree has something that no formula has."""


def latex(text: str) -> str | None:
    """Return a formula in LaTeX; None if the text is none, and so stays as it is.

    What counts as one computes something: names, numbers, lists, shapes and options with their
    values (``alpha = 1``) do not.
    """
    tree = parsed(text)
    if tree is None or not _computes(tree):
        return None
    try:
        found = _statement(tree)
    except _NoFormulaError:
        return None
    return rf"\displaystyle {found}" if r"\frac" in found else found


def with_formulas(text: str) -> str:
    """Return Markdown in which the literals that are formulas are LaTeX, as GitHub marks it."""
    return re.sub(r"`([^`]+)`", _marked, text)


def _marked(found: re.Match[str]) -> str:
    formula = latex(found[1])
    return found[0] if formula is None else f"$`{formula}`$"


def _computes(tree: ast.stmt) -> bool:
    match tree:
        case ast.Assign(targets=[ast.Name()], value=value) if _is_value(value):
            return False
        case ast.Assign() | ast.AugAssign():
            return True
        case ast.Expr(value=ast.BinOp() | ast.UnaryOp() | ast.Call() | ast.Compare() as value):
            return not _is_value(value)
        case _:
            return False


def _is_value(tree: ast.expr) -> bool:
    """Tell whether an expression is what an option may be: a number, a word, ``-1``."""
    match tree:
        case ast.Constant() | ast.Name(id="true" | "false"):
            return True
        case ast.UnaryOp(operand=ast.Constant()):
            return True
        case _:
            return False


def _statement(tree: ast.stmt) -> str:
    match tree:
        case ast.Assign(targets=targets, value=value):
            names = {ast.unparse(target) for target in targets}
            changed = any(ast.unparse(each) in names for each in ast.walk(value) if _named(each))
            sign = r"\leftarrow" if changed else "="
            return f" {sign} ".join([*map(_items, targets), _term(value)])
        case ast.AugAssign(target=target, op=op, value=value):
            changed_value = ast.BinOp(target, op, value)
            return rf"{_term(target)} \leftarrow {_term(changed_value)}"
        case ast.Expr(value=value):
            return _term(value)
        case _:
            raise _NoFormulaError


def _named(tree: ast.AST) -> bool:
    return isinstance(tree, ast.Name | ast.Subscript)


def _items(tree: ast.expr) -> str:
    """Return what is assigned to: a name, or several."""
    names = tree.elts if isinstance(tree, ast.Tuple) else [tree]
    return ", ".join(map(_term, names))


def _term(tree: ast.expr, least: int = _SUM) -> str:
    """Return an expression, in parentheses if its parts belong together less than ``least``."""
    text, level = _term_and_level(tree)
    return text if level >= least else _parentheses(text)


def _term_and_level(tree: ast.expr) -> tuple[str, int]:
    match tree:
        case ast.BinOp():
            return _operation(tree)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"-{_term(operand, _PRODUCT)}", _SUM
        case ast.Compare(left=left, ops=ops, comparators=terms):
            pairs = zip(ops, terms, strict=True)
            return " ".join([_term(left), *(f"{_sign(op)} {_term(x)}" for op, x in pairs)]), _SUM
        case ast.Attribute(value=value, attr="T"):
            return rf"{_term(value, _ATOM)}^\top", _POWER
        case _:
            return _atom(tree), _ATOM


def _atom(tree: ast.expr) -> str:
    match tree:
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if args:
            return _call(name, args)
        case ast.Name(id=name):
            return _name(name)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _number(value)
        case ast.Constant(value=value) if value is ...:
            return r"\dots"
        case ast.Subscript(value=value, slice=index):
            return f"{_term(value, _ATOM)}_{{{_index(index)}}}"
        case _:
            raise _NoFormulaError


def _operation(tree: ast.BinOp) -> tuple[str, int]:
    match tree.op:
        case ast.Add() | ast.Sub():
            right = _term(tree.right, _PRODUCT if isinstance(tree.op, ast.Sub) else _SUM)
            if right.startswith("-"):
                right = _parentheses(right)
            return f"{_term(tree.left)} {_sign(tree.op)} {right}", _SUM
        case ast.Mult() | ast.MatMult():
            negative = _begins_with_minus(tree.left)
            left = _term(tree.left) if negative else _factor(tree.left, tree.op)
            right = _factor(tree.right, tree.op)
            return f"{left} {_sign(tree.op)} {right}", _SUM if negative else _PRODUCT
        case ast.Div():
            return _fraction(tree), _PRODUCT
        case ast.FloorDiv():
            return _AROUND["floor"].format(_fraction(tree)), _ATOM
        case ast.Pow():
            return f"{_term(tree.left, _ATOM)}^{{{_exponent(tree.right)}}}", _POWER
        case _:
            raise _NoFormulaError


def _begins_with_minus(tree: ast.expr) -> bool:
    """Tell whether an expression is ``-a``, or a product of which that is the first factor."""
    match tree:
        case ast.BinOp(left=left, op=ast.Mult() | ast.MatMult()):
            return _begins_with_minus(left)
        case _:
            return isinstance(tree, ast.UnaryOp)


def _factor(tree: ast.expr, op: ast.operator) -> str:
    """Return a factor; a product of the other sort, elementwise or of matrices, in parentheses."""
    match tree:
        case ast.BinOp(op=ast.Mult() | ast.MatMult() as inner) if type(inner) is not type(op):
            return _parentheses(_term(tree))
        case _:
            return _term(tree, _PRODUCT)


def _parentheses(text: str) -> str:
    tall = any(sign in text for sign in (r"\frac", r"\sqrt", "^"))
    return rf"\left({text}\right)" if tall else f"({text})"


def _fraction(tree: ast.BinOp) -> str:
    """Return a quotient; what is divided several times as one fraction."""
    top, below = tree.left, [tree.right]
    while isinstance(top, ast.BinOp) and isinstance(top.op, ast.Div):
        below = [top.right, *below]
        top = top.left
    least = _SUM if len(below) == 1 else _PRODUCT
    bottom = r" \cdot ".join(_term(each, least) for each in below)
    return rf"\frac{{{_term(top)}}}{{{bottom}}}"


def _exponent(tree: ast.expr) -> str:
    """Return an exponent, whose quotients stay on the line."""
    match tree:
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return f"{_term(left, _PRODUCT)} / {_term(right, _POWER)}"
        case _:
            return _term(tree)


def _call(name: str, args: list[ast.expr]) -> str:
    terms = ", ".join(map(_term, args))
    if name in _AROUND:
        return _AROUND[name].format(terms)
    if name == FACTORIAL:
        return f"{_term(args[0], _ATOM)}!"
    function = rf"\{name}" if name in _FUNCTIONS else _name(name)
    return f"{function}{_parentheses(terms)}"


def _name(name: str) -> str:
    name = name.rstrip("_").replace("π", "pi")
    if name == "log2":
        return r"\log_{2}"
    if SPACE in name:
        return rf"\text{{{name.replace(SPACE, ' ')}}}"
    letters = name.rstrip("0123456789")
    digits = name.removeprefix(letters)
    if letters in _GREEK:
        return rf"\{letters}" + (f"_{{{digits}}}" if digits else "")
    if len(letters) == 1:
        return letters + (f"_{{{digits}}}" if digits else "")
    if re.fullmatch(r"[a-z]_[a-z]", name):
        return f"{name[0]}_{{{name[-1]}}}"
    escaped = name.replace("_", r"\_")
    return rf"\mathrm{{{escaped}}}"


def _index(tree: ast.expr) -> str:
    items = tree.elts if isinstance(tree, ast.Tuple) else [tree]
    return ", ".join(map(_term, items))


def _number(value: float) -> str:
    mantissa, _, exponent = repr(value).partition("e")
    if not exponent:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"


def _sign(op: ast.operator | ast.cmpop) -> str:
    sign = _SIGNS.get(type(op))
    if sign is None:
        raise _NoFormulaError
    return sign
