"""Durations with their unit written out: `500ms`, `30s`, `5m`, `1h`, `14d`. A bare number is refused: 30 of what?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from settings.constraint import refusal
from settings.problem import shown

_PATTERN: Final = re.compile(r"([0-9]{1,9})(ms|s|m|h|d)")
_UNITS: Final = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
    "ms": timedelta(milliseconds=1),
}


def parse(text: str) -> timedelta:
    """`"90s"` → 90 seconds. Raises ValueError for anything that is not a whole number with a unit."""
    found = _PATTERN.fullmatch(text)
    if not found:
        raise ValueError(f"{shown(text)} is not a duration; write a whole number with its unit, such as 30s")
    return int(found[1]) * _UNITS[found[2]]


def show(duration: timedelta) -> str:
    """The shortest form that `parse` reads back: 90 seconds → `90s`, 120 seconds → `2m`. Whole milliseconds only."""
    for unit, size in _UNITS.items():
        if duration >= size and duration % size == timedelta(0):
            return f"{duration // size}{unit}"
    return "0s"


def whole_seconds(duration: timedelta) -> int:
    """The seconds in a duration, fractions dropped."""
    return int(duration.total_seconds())


@dataclass(frozen=True)
class Between:
    """Marks a `timedelta` field of a model: read from text with a unit, within bounds, in whole steps of `step`."""

    low: str
    high: str
    step: str = "1s"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._checked, serialization=core_schema.plain_serializer_function_ser_schema(show)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": f"^(?:{_PATTERN.pattern})$",
            "examples": [self.low, self.high],
            "x-meaning": f"a duration from {self.low} to {self.high}",
        }

    def _checked(self, value: object) -> timedelta:
        if isinstance(value, timedelta):
            duration = value
        elif isinstance(value, str) and _PATTERN.fullmatch(value):
            duration = parse(value)
        else:
            unit = "s" if self.step == "1s" else "ms"
            example = f"{value}{unit}" if type(value) is int and value >= 0 else self.low
            way_out = f"write a whole number with its unit (ms, s, m, h, d), such as {example}"
            raise refusal(f"{shown(value)} is not a duration", way_out)
        if not parse(self.low) <= duration <= parse(self.high):
            rule = f"{show(duration)} is outside {self.low} to {self.high}"
            raise refusal(rule, "choose a duration in that range")
        if duration % parse(self.step):
            raise refusal(f"{show(duration)} is not a multiple of {self.step}", "round it")
        return duration
