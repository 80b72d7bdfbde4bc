"""The graph as Mermaid draws it on GitHub and GitLab."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from report.graph import Node
from report.preview import Operation

_COLOURS: Final = {
    Operation.CREATE: ("#dafbe1", "#1a7f37"),
    Operation.IMPORT: ("#ddf4ff", "#0969da"),
    Operation.UPDATE: ("#fff8c5", "#9a6700"),
    Operation.REPLACE: ("#fbefff", "#8250df"),
    Operation.DELETE: ("#ffebe9", "#cf222e"),
}
"""Fill and line. The text is dark on all of them, on a dark page too."""

_SPECIAL: Final = re.compile(r"[^\w .,:;/→…=-]")


def mermaid(nodes: Sequence[Node], longest: int = 60) -> str:
    """The text of a flowchart, without the fence around it; lines of labels have at most `longest` characters."""
    return "\n".join(_lines(nodes, longest)) + "\n"


def _lines(nodes: Sequence[Node], longest: int) -> Iterator[str]:
    yield "flowchart LR"
    for index, node in enumerate(nodes):
        label = "<br/>".join(_escaped(text, longest) for text in (node.title, node.detail) if text)
        style = "" if node.operation is Operation.SAME else f":::{node.operation.value}Node"
        left, right = ("([", "])") if node.kind == "stack" else ("[", "]")
        yield f'  n{index}{left}"{label}"{right}{style}'
        if node.parent is not None:
            yield f"  n{node.parent} --> n{index}"
    for operation, (fill, line) in _COLOURS.items():
        if any(node.operation is operation for node in nodes):
            yield f"  classDef {operation.value}Node fill:{fill},stroke:{line},color:#1f2328"


def _escaped(text: str, longest: int) -> str:
    """Mermaid writes a character in a label as `#` and its number."""
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", cut)
