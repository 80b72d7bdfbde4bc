"""Cuts an expression into words. The lexical rules are those of cloudflare/wirefilter (engine/src/lex.rs, 2026-08)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from edge.errors import ExpressionError

LONGEST: Final = 4096
"""The most characters that an expression may have (Cloudflare docs, ruleset-engine/rules-language, 2026-08)."""

_PLAIN: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<raw>r(?P<fence>\#*)"(?P<raw_text>.*?)"(?P=fence))
    |(?P<text>"(?P<body>(?:[^"\\]|\\.)*)")
    |(?P<address>\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?|[0-9a-fA-F]*:[0-9a-fA-F:]+(?:/\d{1,3})?)
    |(?P<range>\d+\.\.\d+)
    |(?P<number>-?\d+)
    |(?P<word>[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*)
    |(?P<sign>==|!=|<=|>=|&&|\|\||\^\^|[<>~!(){}\[\],*&])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(x[0-9a-fA-F]{2}|[0-7]{3}|.)", re.DOTALL)


@dataclass(frozen=True)
class Token:
    """A word of an expression: its kind (`text`, `number`, `range`, `address`, `word`, `sign`), value and place."""

    kind: str
    value: str
    at: int


def tokens(expression: str) -> Iterator[Token]:
    """The words of an expression. Raises ExpressionError where something is no word."""
    if len(expression) > LONGEST:
        rule = f"the expression has {len(expression)} characters, more than {LONGEST}"
        raise ExpressionError(rule, "split it into two rules")
    at = 0
    while at < len(expression):
        found = _PLAIN.match(expression, at)
        if not found:
            raise _unreadable(expression, at)
        kind = str(found.lastgroup)
        if found["raw"]:
            yield Token("text", found["raw_text"], at)
        elif found["text"]:
            yield Token("text", _unescaped(found["body"]), at)
        elif not found["space"]:
            yield Token(kind, found[kind], at)
        at = found.end()


def quoted(text: str) -> str:
    """The text as a literal that ends where the text ends, whatever is in it."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if ord(character) < 0x20 or ord(character) == 0x7F:
        return f"\\x{ord(character):02x}"
    return character


def _unescaped(body: str) -> str:
    """The text that a literal stands for. `\\xHH` and `\\OOO` are bytes, the rest is UTF-8."""

    def one(found: re.Match[str]) -> str:
        code = found[1]
        if code.startswith("x") and len(code) == 3:
            return chr(int(code[1:], 16))
        if len(code) == 3:
            return chr(int(code, 8))
        if code in '"\\':
            return code
        raise ExpressionError(f"\\{code} is no escape that Cloudflare knows", 'write \\" or \\\\ or \\xHH')

    return _ESCAPE.sub(one, body)


def _unreadable(expression: str, at: int) -> ExpressionError:
    if expression[at] == '"':
        return ExpressionError(f"the text that begins at character {at + 1} never ends", 'close it with "')
    return ExpressionError(f"character {at + 1}, {expression[at]!r}, has no meaning here", "remove it")
