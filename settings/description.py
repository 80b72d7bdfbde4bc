"""The descriptions of fields: the text below each of them in the source.

Pydantic can gather them while the classes are made, which parses every source file at each start; they are needed only
for schemas and documentation.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise


def descriptions(model: type) -> dict[str, str]:
    """The description of each field by name, those of base classes included."""
    found: dict[str, str] = {}
    for part in reversed(model.__mro__):
        if part.__module__.partition(".")[0] == __name__.partition(".")[0]:
            found |= _in_class(part)
    return found


def _in_class(model: type) -> dict[str, str]:
    definition = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    if not isinstance(definition, ast.ClassDef):
        return {}
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairwise(definition.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
