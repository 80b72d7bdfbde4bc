"""Lists as the API gives them."""

from __future__ import annotations

from typing import Any, Final

from sandbox.vendor_api import Call

_PER_PAGE: Final = 20


def page(call: Call, entries: list[Any]) -> dict[str, Any]:
    """The page that `page` and `per_page` ask for, with `result_info`."""
    number = max(1, int(call.query.get("page") or 1))
    size = max(1, int(call.query.get("per_page") or _PER_PAGE))
    shown = entries[(number - 1) * size : number * size]
    info = {
        "page": number,
        "per_page": size,
        "count": len(shown),
        "total_count": len(entries),
        "total_pages": -(-len(entries) // size),
    }
    return {"result": shown, "result_info": info}
