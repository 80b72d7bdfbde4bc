"""A rule that is changed anywhere in what it decides is at odds with one of its samples."""

from __future__ import annotations

import ast
import copy
import functools
import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest

from policies.names import policy_names
from policies.registry import registry
from policies.rule import Rule
from tests.policies.judged import samples, wrong
from tests.tetrix import ROOT

OTHER: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
SAME: dict[str, set[str]] = {}
"""By rule, changes that make no difference, with the reason beside each."""


def mutants(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """(what is changed, the module with only that changed) for each comparison, connective, negation and constant that
    decides."""
    for number, node in _deciding(tree):
        for what, change in _changes(node):
            kept = tree.body[number]
            # A copy of the one statement; the same node stands at the same place of its walk.
            index = next(index for index, found in enumerate(ast.walk(kept)) if found is node)
            tree.body[number] = copy.deepcopy(kept)
            change(list(ast.walk(tree.body[number]))[index])
            yield f"line {node.lineno}: {what}: {ast.unparse(node)}", ast.fix_missing_locations(tree)
            tree.body[number] = kept


def _deciding(tree: ast.Module) -> Iterator[tuple[int, Any]]:
    """The expressions of what `broken` uses, which leaves out the samples and what the rule says."""
    used = _used(tree)
    for number, statement in enumerate(tree.body):
        if _defines(statement) in used:
            for node in ast.walk(statement):
                if isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant):
                    yield number, node


def _used(tree: ast.Module) -> set[str]:
    """The names of the module's functions and constants that `broken` leads to."""
    statements = {name: statement for statement in tree.body if (name := _defines(statement))}
    found, new = set[str](), {"broken"}
    while new:
        found |= new
        names = {node.id for name in new for node in ast.walk(statements[name]) if isinstance(node, ast.Name)}
        new = (names & statements.keys()) - found
    return found


def _defines(statement: ast.stmt) -> str | None:
    """The name of a function or a constant: `LEAST: Final = 2`."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return None


def _tree(name: str) -> ast.Module:
    return ast.parse((ROOT / "policies/rules" / f"{name.replace('-', '_')}.py").read_text())


def _compare(index: int, other: ast.cmpop, place: ast.Compare) -> None:
    place.ops[index] = other


def _changes(node: Any) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.Compare(ops=operators):
            for index, operator in enumerate(operators):
                other = OTHER[type(operator)]()
                yield type(operator).__name__, functools.partial(_compare, index, other)
        case ast.BoolOp(op=ast.And()):
            yield "and", lambda place: setattr(place, "op", ast.Or())
        case ast.BoolOp(op=ast.Or()):
            yield "or", lambda place: setattr(place, "op", ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield (
                "not",
                lambda place: (
                    setattr(place, "op", ast.UAdd())
                    or setattr(place, "operand", ast.Call(ast.Name("bool", ast.Load()), [place.operand], []))
                ),
            )
        case ast.Constant(value=bool()):
            yield "truth", lambda place: setattr(place, "value", not place.value)
        case ast.Constant(value=int() | float()):
            yield "one more", lambda place: setattr(place, "value", place.value + 1)
            yield "one less", lambda place: setattr(place, "value", place.value - 1)


def loaded(tree: ast.Module, name: str) -> Rule[Any]:
    """The RULE of a changed module."""
    module = types.ModuleType(f"changed_{name}")
    sys.modules[module.__name__] = module
    try:
        exec(compile(tree, f"{name}.py", "exec"), module.__dict__)  # noqa: S102  a changed copy of the project's own code
    finally:
        del sys.modules[module.__name__]
    rule: Rule[Any] = module.RULE
    return rule


def survives(rule: Rule[Any], name: str) -> bool:
    for kind, _, found in samples(registry()[name]):
        try:
            if wrong(rule, kind, found):
                return False
        except Exception:  # noqa: BLE001  whatever the changed code raises has been noticed
            return False
    return True


@pytest.mark.thorough
@pytest.mark.parametrize("name", policy_names())
def test_every_change_of_a_rule_is_noticed(name: str) -> None:
    alive = {what for what, changed in mutants(_tree(name)) if survives(loaded(changed, name), name)}
    assert alive == SAME.get(name, set())


def test_there_is_something_to_change() -> None:
    assert [name for name in policy_names() if next(mutants(_tree(name)), None) is None] == []
