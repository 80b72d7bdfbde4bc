"""The stack as a tree: systems, and below them what changes; what stays is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from report.changes import Change
from report.preview import Operation, Preview

MOST: Final = 80
"""Nodes that can still be looked at; GitHub's Mermaid draws no graph of more than 500 edges or 50,000 characters
(mermaid 11, maxEdges and maxTextSize, 2026-08)."""

Kind = Literal["stack", "system", "change", "rest"]


_Below = Callable[[Sequence[Change]], Iterator["Node"]]
"""What stands below a system, from its changes."""


@dataclass(frozen=True)
class Node:
    """One box. `parent` is the index of the box above it, None for the first."""

    parent: int | None
    kind: Kind
    title: str
    detail: str = ""
    operation: Operation = Operation.SAME


def graph(preview: Preview, changes: Sequence[Change], systems: dict[str, str]) -> tuple[Node, ...]:
    """At most MOST nodes: each change by itself, or by kind where there are too many, or only counted."""
    unchanged = Counter(
        systems.get(part.urn, "") for part in preview.resources if part.custom and part.operation is Operation.SAME
    )
    for below in (_each, _by_kind, _counted):
        nodes = list(_nodes(preview.stack, changes, unchanged, below))
        if len(nodes) <= MOST:
            return tuple(nodes)
    left_out = len(nodes) - MOST + 1
    return (*nodes[: MOST - 1], Node(0, "rest", f"and {left_out} more systems"))


def _nodes(stack: str, changes: Sequence[Change], unchanged: Counter[str], below: _Below) -> Iterator[Node]:
    yield Node(None, "stack", stack)
    index = 0
    for system in sorted({change.system for change in changes} | unchanged.keys()):
        mine = [change for change in changes if change.system == system]
        children = list(below(mine))
        if below is _counted:
            detail = ", ".join(node.title for node in children)
            operation = children[0].operation if children else Operation.SAME
            yield Node(0, "system", system or stack, detail, operation)
            continue
        above = index = index + 1
        yield Node(0, "system", system or stack)
        for node in children:
            index += 1
            yield Node(above, node.kind, node.title, node.detail, node.operation)
        if unchanged[system]:
            index += 1
            yield Node(above, "rest", f"{unchanged[system]} unchanged")


def _each(changes: Sequence[Change]) -> Iterator[Node]:
    for change in changes:
        yield Node(None, "change", change.noun, change.title, change.operation)


def _by_kind(changes: Sequence[Change]) -> Iterator[Node]:
    for operation, mine in _by_operation(changes):
        for noun, count in sorted(Counter(change.noun for change in mine).items()):
            yield Node(None, "change", noun, f"{count} to {operation.value}", operation)


def _counted(changes: Sequence[Change]) -> Iterator[Node]:
    for operation, mine in _by_operation(changes):
        yield Node(None, "change", f"{len(mine)} to {operation.value}", operation=operation)


def _by_operation(changes: Sequence[Change]) -> Iterator[tuple[Operation, list[Change]]]:
    for operation in Operation:
        if mine := [change for change in changes if change.operation is operation]:
            yield operation, mine
