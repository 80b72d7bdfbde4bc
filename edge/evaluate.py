"""Whether a request matches an expression."""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote, unquote_plus

from edge.errors import ExpressionError
from edge.nodes import Among, Call, Compare, Field, Index, Literal, Logic, Node, Not
from edge.parse import parse
from edge.request import Request

_MOST_DECODINGS: Final = 8

parsed: Final = functools.lru_cache(maxsize=2048)(parse)
"""`parse`, for expressions that are asked again with every request."""


class _Each(list[Any]):
    """One value for each entry of a list, as `[*]` makes them."""


def matches(expression: str, request: Request) -> bool:
    """Whether the request, answered or not, matches. Raises ExpressionError."""
    return bool(_value(parsed(expression), request.fields()))


def _value(node: Node, fields: Mapping[str, Any]) -> Any:  # noqa: C901  one case a kind of node
    match node:
        case Literal(value=value):
            return value
        case Field(name=name):
            if name not in fields:
                raise ExpressionError(f"{name} is not known of a request that nobody sent", "leave it out")
            return fields[name]
        case Index(of=of, key=key):
            return _entry(_value(of, fields), key)
        case Call(name=name, arguments=arguments):
            return _called(name, [_value(argument, fields) for argument in arguments])
        case Compare(operator=operator, left=left, right=right):
            wanted = _value(right, fields)
            return _over(lambda found: _compared(operator, found, wanted), _value(left, fields))
        case Among(value=inner, choices=choices):
            return _over(lambda found: any(_chosen(found, choice) for choice in choices), _value(inner, fields))
        case Not(of=of):
            return not _value(of, fields)
        case Logic(operator="and", parts=parts):
            return all(_value(part, fields) for part in parts)
        case Logic(operator="or", parts=parts):
            return any(_value(part, fields) for part in parts)
        case Logic(parts=parts):
            return sum(bool(_value(part, fields)) for part in parts) % 2 == 1
    raise TypeError(node)


def _entry(holder: Any, key: str | int) -> Any:
    if key == "*":
        return _Each(holder if isinstance(holder, list) else [])
    if isinstance(holder, dict):
        return holder.get(str(key).lower(), [])
    if isinstance(holder, list) and isinstance(key, int):
        return holder[key] if key < len(holder) else None
    return None


def _over(test: Callable[[Any], Any], value: Any) -> Any:
    return _Each(test(item) for item in value) if isinstance(value, _Each) else test(value)


def _compared(operator: str, found: Any, wanted: Any) -> bool:
    if found is None:
        return False
    if operator in _ON_TEXT:
        return _ON_TEXT[operator](str(found), str(wanted))
    return _ON_ANY[operator](found, wanted)


def _wildcard(found: str, pattern: str, flags: int) -> bool:
    body = ".*".join(re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(body, found, flags | re.DOTALL) is not None


_ON_TEXT: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "contains": lambda found, wanted: wanted in found,
    "matches": lambda found, wanted: re.search(wanted, found) is not None,
    "wildcard": lambda found, wanted: _wildcard(found, wanted, re.IGNORECASE),
    "strict wildcard": lambda found, wanted: _wildcard(found, wanted, 0),
}
_ON_ANY: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": lambda found, wanted: bool(found == wanted),
    "ne": lambda found, wanted: bool(found != wanted),
    "lt": lambda found, wanted: bool(found < wanted),
    "le": lambda found, wanted: bool(found <= wanted),
    "gt": lambda found, wanted: bool(found > wanted),
    "ge": lambda found, wanted: bool(found >= wanted),
}


def _chosen(found: Any, choice: str | int | tuple[int, int]) -> bool:
    if isinstance(choice, tuple):
        return isinstance(found, int) and choice[0] <= found <= choice[1]
    if found != choice and isinstance(choice, str) and "/" in choice:
        try:
            return ipaddress.ip_address(found) in ipaddress.ip_network(choice, strict=False)
        except ValueError:
            return False
    return bool(found == choice)


def _called(name: str, values: list[Any]) -> Any:
    first = values[0]
    match name:
        case "any" | "all":
            test = any if name == "any" else all
            return test(first if isinstance(first, list) else [first])
        case "concat":
            return "".join(str(value) for value in values)
        case "starts_with":
            return _over(lambda text: str(text).startswith(values[1]), first)
        case "ends_with":
            return _over(lambda text: str(text).endswith(values[1]), first)
        case "url_decode":
            return _over(lambda text: _decoded(str(text), "".join(values[1:])), first)
        case "substring":
            end = values[2] if len(values) > 2 else None
            return _over(lambda text: str(text)[values[1] : end], first)
        case "remove_bytes":
            return _over(lambda text: "".join(c for c in str(text) if c not in values[1]), first)
        case _:
            return _over(_ON_ONE[name], first)


_ON_ONE: Final[Mapping[str, Callable[[Any], Any]]] = {
    "len": len,
    "lower": lambda text: str(text).lower(),
    "upper": lambda text: str(text).upper(),
}


def _decoded(text: str, options: str) -> str:
    """Percent-decoding with `+` for a blank; option `r` decodes until nothing is left to decode."""
    once = unquote_plus(text)
    for _ in range(_MOST_DECODINGS if "r" in options else 0):
        again = unquote(once)
        if again == once:
            break
        once = again
    return once
