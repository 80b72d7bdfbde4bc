"""Reads an expression of Cloudflare's rule language."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

from edge.errors import ExpressionError
from edge.fields import FIELDS, FUNCTIONS
from edge.nodes import Among, Call, Compare, Field, Index, Literal, Logic, Node, Not
from edge.tokens import Token, tokens

_COMPARISONS: Final = {
    "==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "~": "matches",
    **{word: word for word in ("eq", "ne", "lt", "le", "gt", "ge", "contains", "matches", "wildcard")},
}  # fmt: skip
_LOGIC: Final = (("or", "||"), ("xor", "^^"), ("and", "&&"))
"""From what binds least to what binds most."""

_TRUTH: Final = {"true": 1, "false": 0}


def parse(expression: str) -> Node:
    """The expression's structure. Raises ExpressionError for what Cloudflare would refuse, unknown fields included."""
    reader = _Reader(list(tokens(expression)))
    node = reader.logic(0)
    reader.end()
    return node


class _Reader:
    def __init__(self, words: list[Token]) -> None:
        self._words = words
        self._at = 0

    def logic(self, level: int) -> Node:
        if level == len(_LOGIC):
            return self._negated()
        parts = [self.logic(level + 1)]
        while self._take(*_LOGIC[level]):
            parts.append(self.logic(level + 1))
        return parts[0] if len(parts) == 1 else Logic(_LOGIC[level][0], tuple(parts))

    def end(self) -> None:
        if word := self._peek():
            raise ExpressionError(
                f"{word.value!r} at character {word.at + 1} follows a complete condition",
                "remove it" if word.value in ")}]" else "put `and` or `or` in between",
            )

    def _negated(self) -> Node:
        if self._take("not", "!"):
            return Not(self._negated())
        if self._take("("):
            node = self.logic(0)
            self._need(")")
            return node
        return self._comparison()

    def _comparison(self) -> Node:
        left = self._value()
        word = self._peek()
        if word is None or word.kind == "text":
            return left
        if self._take("in"):
            return Among(left, self._choices())
        if self._take("strict"):
            self._need("wildcard")
            return Compare("strict wildcard", left, self._value())
        if word.value in _COMPARISONS:
            self._at += 1
            return Compare(_COMPARISONS[word.value], left, self._value())
        return left

    def _choices(self) -> tuple[str | int | tuple[int, int], ...]:
        self._need("{")
        found: list[str | int | tuple[int, int]] = []
        while not self._take("}"):
            word = self._next("a value or }")
            if word.kind == "number":
                found.append(int(word.value))
            elif word.kind == "range":
                low, _, high = word.value.partition("..")
                found.append((int(low), int(high)))
            elif word.kind in {"text", "address"}:
                found.append(word.value)
            else:
                raise ExpressionError(f"{word.value!r} is no value of a set", "list texts, numbers or addresses in {}")
        if not found:
            raise ExpressionError("the set {} is empty", "list what the value may be")
        return tuple(found)

    def _value(self) -> Node:
        word = self._next("a field, a function or a value")
        if word.kind in {"text", "address"}:
            return Literal(word.value)
        if word.kind == "number":
            return Literal(int(word.value))
        if word.kind != "word":
            raise ExpressionError(f"{word.value!r} at character {word.at + 1} is no value", "write a field or a text")
        node: Node
        if word.value in _TRUTH:
            return Logic("or" if not _TRUTH[word.value] else "and", ())
        node = self._call(word.value) if self._take("(") else _field(word.value)
        while self._take("["):
            key = self._next("a key or *")
            node = Index(node, int(key.value) if key.kind == "number" else key.value)
            self._need("]")
        return node

    def _call(self, name: str) -> Node:
        if name not in FUNCTIONS:
            raise ExpressionError(f"{name}() is no function of Cloudflare's rules", _near(name, FUNCTIONS))
        arguments: list[Node] = []
        while not self._take(")"):
            if arguments:
                self._need(",")
            arguments.append(self.logic(0))
        low, high = FUNCTIONS[name]
        if not low <= len(arguments) <= high:
            wanted = str(low) if low == high else f"{low} to {high}"
            raise ExpressionError(f"{name}() takes {wanted} arguments, not {len(arguments)}", "correct the call")
        return Call(name, tuple(arguments))

    def _peek(self) -> Token | None:
        return self._words[self._at] if self._at < len(self._words) else None

    def _next(self, wanted: str) -> Token:
        word = self._peek()
        if word is None:
            raise ExpressionError(f"the expression ends where {wanted} must follow", "complete it")
        self._at += 1
        return word

    def _take(self, *values: str) -> bool:
        word = self._peek()
        if word is not None and word.kind in {"word", "sign"} and word.value in values:
            self._at += 1
            return True
        return False

    def _need(self, value: str) -> None:
        if not self._take(value):
            word = self._peek()
            found = f"{word.value!r} at character {word.at + 1}" if word else "the end"
            raise ExpressionError(f"{value} must follow where {found} stands", "balance the brackets")


def _field(name: str) -> Field:
    if name not in FIELDS:
        raise ExpressionError(f"{name} is no field of Cloudflare's rules", _near(name, FIELDS))
    return Field(name)


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f'did you mean "{near[0]}"?' if near else "see the fields reference of Cloudflare's Ruleset Engine"
