"""The parts of a parsed expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Literal:
    """A text, a number or an address that stands in the expression."""

    value: str | int


@dataclass(frozen=True)
class Field:
    """A property of the request or the response."""

    name: str


@dataclass(frozen=True)
class Index:
    """One entry of a map or list; `*` stands for each of a list."""

    of: Node
    key: str | int


@dataclass(frozen=True)
class Call:
    """A function."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Compare:
    """Two values and the operator between them, in its word form: `eq`, `contains`, `matches`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Among:
    """A value that is one of several; a pair is a range, both ends included."""

    value: Node
    choices: tuple[str | int | tuple[int, int], ...]


@dataclass(frozen=True)
class Not:
    of: Node


@dataclass(frozen=True)
class Logic:
    """`and`, `xor`, `or` between conditions."""

    operator: str
    parts: tuple[Node, ...]


Node = Literal | Field | Index | Call | Compare | Among | Not | Logic


def inside(node: Node) -> Iterator[Node]:
    """The node and everything that it is made of."""
    yield node
    match node:
        case Index(of=of) | Not(of=of):
            yield from inside(of)
        case Call(arguments=parts) | Logic(parts=parts):
            for part in parts:
                yield from inside(part)
        case Compare(left=left, right=right):
            yield from inside(left)
            yield from inside(right)
        case Among(value=value):
            yield from inside(value)
