"""Lists as the API gives them: a page, the number of all, and the links to other pages."""

from __future__ import annotations

from typing import Any, Final

from sandbox.errors import CloudError
from sandbox.vendor_api import Call

_PER_PAGE: Final = 20
_MOST: Final = 200


def page(call: Call, key: str, entries: list[Any]) -> dict[str, Any]:
    """The page that `page` and `per_page` (1 to 200) ask for. Raises CloudError for others."""
    number, size = _number(call, "page", 1), _number(call, "per_page", _PER_PAGE)
    if number < 1 or not 1 <= size <= _MOST:
        raise CloudError(400, f"page starts at 1 and per_page is 1 to {_MOST}")
    start = (number - 1) * size
    last = max(1, -(-len(entries) // size))
    links: dict[str, Any] = {}
    if number < last:
        links["pages"] = {"next": _link(call, number + 1, size), "last": _link(call, last, size)}
    return {key: entries[start : start + size], "links": links, "meta": {"total": len(entries)}}


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, str(default))
    if not text.isdigit():
        raise CloudError(400, f"{name} must be a number, got {text!r}")
    return int(text)


def _link(call: Call, number: int, size: int) -> str:
    return f"{call.base}{call.url}?page={number}&per_page={size}"
