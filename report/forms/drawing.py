"""The graph as SVG: a tree from left to right, one column a generation, parents beside the middle of their children."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from report.graph import Node

_WIDTH, _HEIGHT, _COLUMN, _ROW, _EDGE = 250, 40, 320, 52, 8
"""Of a box, and the distances between boxes and to the border, in pixels."""

_LONGEST: Final = 34
"""Characters of 7 pixels at the most in a box of that width."""


def svg(nodes: Sequence[Node]) -> str:
    """The element, to be set into a page that gives its classes their colours."""
    columns, rows = _columns(nodes), _rows(nodes)
    width = max(columns) * _COLUMN + _WIDTH + 2 * _EDGE
    height = int(max(rows) * _ROW) + _HEIGHT + 2 * _EDGE
    root = Element(
        "svg", {"viewBox": f"0 0 {width} {height}", "width": f"{width}", "height": f"{height}", "role": "img"}
    )
    SubElement(root, "title").text = "The stack's systems and what changes in them"
    places = [(_EDGE + column * _COLUMN, _EDGE + int(row * _ROW)) for column, row in zip(columns, rows, strict=True)]
    for node, (x, y) in zip(nodes, places, strict=True):
        if node.parent is not None:
            _edge(root, places[node.parent], (x, y))
    for node, (x, y) in zip(nodes, places, strict=True):
        _box(root, node, x, y)
    return tostring(root, encoding="unicode")


def _columns(nodes: Sequence[Node]) -> list[int]:
    """The generation of each node. Parents come before their children."""
    columns: list[int] = []
    for node in nodes:
        columns.append(0 if node.parent is None else columns[node.parent] + 1)
    return columns


def _rows(nodes: Sequence[Node]) -> list[float]:
    """Where each node stands: leaves one below the other, parents in the middle of their children."""
    children: list[list[int]] = [[] for _ in nodes]
    for index, node in enumerate(nodes):
        if node.parent is not None:
            children[node.parent].append(index)
    rows = [0.0] * len(nodes)
    free = 0
    for index in _leaves_first(children):
        if children[index]:
            rows[index] = (rows[children[index][0]] + rows[children[index][-1]]) / 2
        else:
            rows[index] = float(free)
            free += 1
    return rows


def _leaves_first(children: Sequence[Sequence[int]]) -> list[int]:
    """Every node after its children, siblings in their order."""
    order: list[int] = []
    waiting = [0]
    while waiting:
        index = waiting.pop()
        order.append(index)
        waiting.extend(children[index])
    return order[::-1]


def _edge(root: Element, start: tuple[int, int], end: tuple[int, int]) -> None:
    x, y = start[0] + _WIDTH, start[1] + _HEIGHT // 2
    to_x, to_y = end[0], end[1] + _HEIGHT // 2
    middle = (x + to_x) // 2
    SubElement(root, "path", {"d": f"M{x} {y}C{middle} {y} {middle} {to_y} {to_x} {to_y}", "class": "edge"})


def _box(root: Element, node: Node, x: int, y: int) -> None:
    group = SubElement(root, "g", {"class": f"node {node.kind} {node.operation.value}"})
    SubElement(group, "title").text = " ".join(filter(None, (node.title, node.detail)))
    corner = {"x": f"{x}", "y": f"{y}", "width": f"{_WIDTH}", "height": f"{_HEIGHT}", "rx": "6"}
    SubElement(group, "rect", corner)
    lines = [text for text in (node.title, node.detail) if text]
    for number, text in enumerate(lines):
        baseline = y + (25 if len(lines) == 1 else 17 + 16 * number)
        place = {"x": f"{x + 10}", "y": f"{baseline}", "class": "detail" if number else "name"}
        SubElement(group, "text", place).text = _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
