"""Constraints of a design: `where=` keeps the points for which an expression holds.

An expression is Python's arithmetic and comparisons over keys, numbers and words, such as
`militia.base_rate * 2 < convoys.rate and retaliation != 'never'`. It is read, never run.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from sim.errors import InputError, nearest

LONGEST = 500
OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.USub: operator.neg, ast.Not: operator.not_,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip


class Constraint:
    """An expression over the keys of a point.

    Args:
        text: the expression.
        keys: those it may name.

    Raises:
        InputError: it is none, names an unknown key, or asks for more than arithmetic.
    """

    def __init__(self, text: str, keys: list[str]) -> None:
        self.text = text
        self._keys = keys
        if len(text) > LONGEST:
            raise InputError(f"where=: over {LONGEST} characters; write a shorter expression")
        try:
            self._tree = ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError):
            raise InputError(
                f"where={text}: no expression; write militia.excitation < 0.5"
            ) from None
        self._check(self._tree)

    def holds(self, point: Mapping[str, Any]) -> bool:
        """Whether a point is kept."""
        try:
            return bool(self._value(self._tree, point))
        except (TypeError, ZeroDivisionError, OverflowError) as error:
            raise InputError(f"where={self.text}: {error} at {dict(point)}") from None

    def _check(self, node: ast.expr) -> None:
        """Refuse what is not arithmetic."""
        if isinstance(node, ast.Name | ast.Attribute):
            key = _dotted(node)
            if key not in self._keys:
                raise InputError(
                    f"where={self.text}: {key or ast.unparse(node)} is not swept; "
                    f"{nearest(key, self._keys)}"
                )
            return
        if not _known(node):
            raise InputError(f"where={self.text}: {ast.unparse(node)!r} is more than arithmetic")
        for child in _operands(node):
            self._check(child)

    def _value(self, node: ast.expr, point: Mapping[str, Any]) -> Any:
        match node:
            case ast.Constant():
                return node.value
            case ast.Name() | ast.Attribute():
                return point[_dotted(node)]
            case ast.BoolOp(op=ast.And()):
                return all(self._value(v, point) for v in node.values)
            case ast.BoolOp():
                return any(self._value(v, point) for v in node.values)
            case ast.Compare():
                told = [self._value(v, point) for v in [node.left, *node.comparators]]
                pairs = zip(node.ops, told, told[1:], strict=False)
                return all(OPERATORS[type(op)](a, b) for op, a, b in pairs)
            case ast.UnaryOp() | ast.BinOp():
                told = [self._value(v, point) for v in _operands(node)]
                return OPERATORS[type(node.op)](*told)
        raise AssertionError("checked before")


def _known(node: ast.expr) -> bool:
    """Whether a node is a constant, or one of the operators."""
    match node:
        case ast.Constant():
            return isinstance(node.value, int | float | str)
        case ast.BoolOp():
            return True
        case ast.Compare():
            return all(type(op) in OPERATORS for op in node.ops)
        case ast.UnaryOp() | ast.BinOp():
            return type(node.op) in OPERATORS
    return False


def _operands(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BoolOp():
            return node.values
        case ast.Compare():
            return [node.left, *node.comparators]
        case ast.UnaryOp():
            return [node.operand]
        case ast.BinOp():
            return [node.left, node.right]
    return []


def _dotted(node: ast.expr) -> str:
    """A key as it is written; empty for anything else.

    >>> _dotted(ast.parse("militia.base_rate", mode="eval").body)
    'militia.base_rate'
    """
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""
