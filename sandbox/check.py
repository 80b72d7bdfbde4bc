"""Checks a program's inputs: against the installed SDK's types, then against what a resource type states of itself."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from sandbox import paths
from sandbox.paths import Path
from sandbox.resource import Form, OneOf, Problem, ResourceType, Rule, Rules, Span
from sandbox.sdk_types import AnyShape, ListOf, MapOf, Record, Scalar, Shape, inputs
from sandbox.values import UNKNOWN, Properties


def check(type_: ResourceType, properties: Properties, secrets: frozenset[Path] = frozenset()) -> list[Problem]:
    """Everything that is wrong with the inputs, in the order of their paths' appearance. Unknowns are never wrong.

    The values at `secrets` do not appear in a reason.
    """
    hidden = Hidden(secrets)
    found = [*_shape_problems(inputs(type_.pulumi_type), properties, (), hidden)]
    found += [
        _missing(name, type_.title)
        for name in type_.required
        if properties.get(name) is None and not any(problem.path == name for problem in found)
    ]
    found += rule_problems(type_.checks, properties, hidden)
    if not found:
        found += type_.problems(properties)
    return found


class Hidden:
    """Words values for messages, without what is secret."""

    def __init__(self, secrets: frozenset[Path] = frozenset()) -> None:
        self._secrets = secrets

    def show(self, value: Any, path: Path) -> str:
        """A value for a message: never a secret one, never a long one."""
        if any(paths.covers(secret, path) or paths.covers(path, secret) for secret in self._secrets):
            return "[secret]"
        text = json.dumps(value, default=repr)
        return text if len(text) <= 60 else f"{text[:57]}..."


def rule_problems(rules: Rules, properties: Properties, hidden: Hidden | None = None) -> list[Problem]:
    """The problems of the values that the rules' paths name."""
    shown = hidden or Hidden()
    found = []
    for pattern, rule in rules.items():
        for path in paths.expand(paths.parse(pattern), properties):
            value = paths.lookup(properties, path)
            if value is None or value is UNKNOWN:
                continue
            reason = _broken(rule, value, shown.show(value, path))
            if reason:
                found.append(Problem(paths.show(path), reason))
    return found


def _broken(rule: Rule, value: Any, shown: str) -> str:
    if isinstance(rule, OneOf):
        if value in rule.values:
            return ""
        if value in rule.renamed:
            return f"{shown} is no longer accepted; its successor is {json.dumps(rule.renamed[value])}"
        return f"expected one of {', '.join(rule.values)}, got {shown}{did_you_mean(value, rule.values)}"
    if isinstance(rule, Span):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and rule.low <= value <= rule.high:
            return ""
        return f"expected a number in the range {rule.low:g} - {rule.high:g}, got {shown}"
    return _misformed(rule, value, shown)


def _misformed(rule: Form, value: Any, shown: str) -> str:
    if isinstance(value, str) and re.fullmatch(rule.pattern, value):
        return ""
    return f"expected {rule.meaning}, got {shown}"


def did_you_mean(value: Any, candidates: Iterable[str]) -> str:
    """`; did you mean "x"?` for a near miss, else nothing."""
    near = difflib.get_close_matches(str(value), list(candidates), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def _missing(path: str, owner: str) -> Problem:
    return Problem(path, f"missing required property {path.rpartition('.')[2]!r} of {owner}; set it")


def _shape_problems(shape: Shape, value: Any, path: Path, hidden: Hidden) -> Iterator[Problem]:
    if value is UNKNOWN or value is None or isinstance(shape, AnyShape):
        return
    if isinstance(shape, Scalar):
        yield from _scalar_problems(shape, value, path, hidden)
    elif isinstance(shape, ListOf):
        if not isinstance(value, list):
            yield _mistyped("a list", value, path, hidden)
            return
        for index, item in enumerate(value):
            yield from _shape_problems(shape.item, item, (*path, index), hidden)
    elif not isinstance(value, dict):
        yield _mistyped("an object", value, path, hidden)
    elif isinstance(shape, MapOf):
        for key, item in value.items():
            yield from _shape_problems(shape.item, item, (*path, key), hidden)
    else:
        yield from _record_problems(shape, value, path, hidden)


def _record_problems(shape: Record, value: Properties, path: Path, hidden: Hidden) -> Iterator[Problem]:
    for key, item in value.items():
        if key.startswith("__"):
            continue
        if key not in shape.fields:
            near = did_you_mean(key, shape.fields)
            yield Problem(paths.show((*path, key)), f"{shape.name} has no property {key!r}{near or '; remove it'}")
            continue
        yield from _shape_problems(shape.fields[key].shape, item, (*path, key), hidden)
    for key, field in shape.fields.items():
        if field.required and value.get(key) is None:
            yield _missing(paths.show((*path, key)), shape.name)


def _scalar_problems(shape: Scalar, value: Any, path: Path, hidden: Hidden) -> Iterator[Problem]:
    if not _is_a(shape.kind, value):
        article = "an" if shape.kind == "integer" else "a"
        yield _mistyped(f"{article} {shape.kind}", value, path, hidden)
    elif shape.values and value not in shape.values:
        yield Problem(paths.show(path), _broken(OneOf(shape.values), value, hidden.show(value, path)))


def _is_a(kind: str, value: Any) -> bool:
    if kind == "string":
        return isinstance(value, str)
    if kind == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (kind == "number" and isinstance(value, float))


def _mistyped(expected: str, value: Any, path: Path, hidden: Hidden) -> Problem:
    return Problem(paths.show(path), f"expected {expected}, got {hidden.show(value, path)}")
