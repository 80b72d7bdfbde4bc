"""Secrets that flyctl's reader or the platform would spoil. The value itself never appears in a problem."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fly.errors import Problem

# bufio.MaxScanTokenSize: the longest line that flyctl's reader takes, name and quotes included
LONGEST_LINE_BYTES = 64 * 1024
_ENVELOPE_BYTES = 8
_PLACEHOLDERS = {"changeme", "change-me", "password", "secret", "secure_password", "todo", "xxx", "your-password"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def secret_problems(path: str, values: Mapping[str, object]) -> list[Problem]:
    """Names that are no variable names, and values that are empty, too long, a placeholder or not one line."""
    return [problem for name, value in sorted(values.items()) for problem in _one(f"{path}.{name}", name, value)]


def _one(path: str, name: str, value: object) -> list[Problem]:
    problems = []
    if not _NAME.fullmatch(name):
        rule = "is no name of an environment variable"
        problems.append(Problem(path, name, rule, "use letters, digits and _, not starting with a digit"))
    elif name.startswith("FLY_"):
        problems.append(Problem(path, name, "names that begin with FLY_ belong to the platform", "choose another name"))
    rule, way_out = _broken_rule(name, value)
    if rule:
        problems.append(Problem(path, "(secret)", rule, way_out))
    return problems


def _broken_rule(name: str, value: object) -> tuple[str, str]:
    if not isinstance(value, str):
        return f"a secret is text, not {type(value).__name__}", "put it in quotes"
    if not value:
        return "the value is empty", "set it with `pulumi config set --secret`, or leave the name out"
    if "\0" in value:
        return "the value holds a NUL byte", "environment variables cannot: store it base64-encoded"
    if "\n" in value or "\r" in value:
        return "the value has more than one line", "store it base64-encoded, or trim the line end"
    if len(name.encode()) + len(value.encode()) + _ENVELOPE_BYTES > LONGEST_LINE_BYTES:
        return "the value is longer than 64 KiB with its name", "put it in a file on object storage"
    if value.lower() in _PLACEHOLDERS:
        return "the value is a placeholder", "set the real one with `pulumi config set --secret`"
    return "", ""
