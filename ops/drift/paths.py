"""Property paths as the engine writes them: `spec.services[0].name`, `env["A.B"]`."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_PART: Final = re.compile(r'\.?([^.\[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]')


def value_at(properties: Any, path: str) -> Any:
    """What stands there; None where there is nothing."""
    found = properties
    for name, index, quoted in _PART.findall(path):
        try:
            found = found[int(index)] if index else found[json.loads(f'"{quoted}"') if quoted else name]
        except (KeyError, IndexError, TypeError):
            return None
    return found
