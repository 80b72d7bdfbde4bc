"""Whether an expression may stand where somebody put it: fields of the phase, and fields of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from edge.errors import ExpressionError
from edge.fields import FIELDS, Known, PlanName, at_least
from edge.nodes import Call, Compare, Field, Index, Literal, Logic, Node, inside
from edge.parse import parse


@dataclass(frozen=True)
class Lack:
    """Something in an expression that needs a larger plan."""

    what: str
    needs: PlanName


def checked(expression: str, *, of_response: bool = False) -> Node:
    """The structure of a valid expression. Raises ExpressionError; `of_response` allows what the origin answered."""
    node = parse(expression)
    if not _is_condition(node):
        raise ExpressionError("the expression is a value, not a condition", "compare it with something")
    for field in _fields(node):
        if FIELDS[field.name].of_response and not of_response:
            raise ExpressionError(
                f"{field.name} is known only once the origin has answered", "use it in a response rule"
            )
    return node


def _is_condition(node: Node) -> bool:
    match node:
        case Literal():
            return False
        case Field(name=name):
            return FIELDS[name].kind == "bool"
        case Call(name=name):
            return name in {"any", "all", "starts_with", "ends_with"}
        case Index():
            return False
        case Logic(parts=parts):
            return all(_is_condition(part) for part in parts)
    return True


def lacks(expression: str, plan: PlanName, *, limit: bool = False) -> Iterator[Lack]:
    """What in the expression the plan does not have. `limit`: it stands in a rate limit, where less is allowed."""
    node = parse(expression)
    for field in dict.fromkeys(_fields(node)):
        needs = _needed(FIELDS[field.name], limit)
        if not at_least(plan, needs):
            yield Lack(f"{field.name} in a rate limit" if limit else field.name, needs)
    if not at_least(plan, "business") and any(
        isinstance(part, Compare) and part.operator == "matches" for part in inside(node)
    ):
        yield Lack("a regular expression (matches)", "business")


def _needed(known: Known, limit: bool) -> PlanName:
    if limit and at_least(known.in_limits, known.plan):
        return known.in_limits
    return known.plan


def _fields(node: Node) -> Iterator[Field]:
    return (part for part in inside(node) if isinstance(part, Field))
