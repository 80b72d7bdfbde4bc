"""The NAME=VALUE lines that `flyctl secrets import` reads on stdin.

flyctl's reader (internal/command/secrets/parser.go) strips quotes, cuts comments and has a multi-line form, each
with its own corner. So every line is read back with the same rules before it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping

from fly.errors import InvalidInput, Problem
from fly.validation.secrets import secret_problems


def secret_lines(values: Mapping[str, str]) -> str:
    """The lines for these secrets, sorted by name. Raises InvalidInput, without the value, for one that cannot pass."""
    problems = secret_problems("values", values)
    if problems:
        raise InvalidInput(problems)
    return "".join(f"{_line(name, value)}\n" for name, value in sorted(values.items()))


def _line(name: str, value: str) -> str:
    for quote in ('"', "'", '"""'):
        line = f"{name}={quote}{value}{quote}"
        if as_flyctl_reads(line) == (name, value):
            return line
    rule = "flyctl's reader cannot take this mixture of quotes and '#'"
    raise InvalidInput([Problem(f"values.{name}", "(secret)", rule, "store it base64-encoded")])


def as_flyctl_reads(line: str) -> tuple[str, str] | None:
    """What flyctl takes one line for; None when it would read on into the next line."""
    name, _, value = line.partition("=")
    value = value.lstrip(" ")
    before, mark, _ = value.partition("#")
    if mark and before.count('"') % 2 == 0:
        value = before.rstrip(" ")
    if value.startswith('"""'):
        whole = value.endswith('"""') and len(value) >= 6
        return (name.strip(), value[3:-3]) if whole else None
    for quote in ('"', "'"):
        if len(value) > 1 and value.startswith(quote) and value.endswith(quote):
            return name.strip(), value[1:-1]
    return name.strip(), value
