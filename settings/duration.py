"""Durations with their unit written out: `500ms`, `30s`, `5m`, `1h`, `14d`. A bare number is refused: 30 of what?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_PATTERN: Final = re.compile(r"(\d{1,9})(ms|s|m|h|d)")
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
        raise ValueError(f'"{text}" is not a duration')
    return int(found[1]) * _UNITS[found[2]]


def show(duration: timedelta) -> str:
    """The shortest form that `parse` reads back: 90 seconds → `90s`, 120 seconds → `2m`."""
    for unit, size in _UNITS.items():
        if duration >= size and duration % size == timedelta(0):
            return f"{duration // size}{unit}"
    return "0s"


def whole_seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())


@dataclass(frozen=True)
class Between:
    """Marks a `timedelta` field of a model: read from text with a unit, within bounds, in whole steps of `step`."""

    low: str
    high: str
    step: str = "1s"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._validate, serialization=core_schema.plain_serializer_function_ser_schema(show)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "string",
            "pattern": f"^{_PATTERN.pattern}$",
            "examples": [self.low, self.high],
            "x-range": f"{self.low} to {self.high}",
        }

    def _validate(self, value: object) -> timedelta:
        if isinstance(value, timedelta):
            duration = value
        elif isinstance(value, str) and _PATTERN.fullmatch(value):
            duration = parse(value)
        else:
            raise PydanticCustomError(
                "duration",
                "{shown} is not a duration; write a whole number with its unit, such as {low} (ms, s, m, h, d)",
                {"shown": f'"{value}"' if isinstance(value, str) else str(value), "low": self.low},
            )
        if not parse(self.low) <= duration <= parse(self.high):
            raise PydanticCustomError(
                "duration_range",
                "{shown} is outside {low} to {high}; choose a duration in that range",
                {"shown": show(duration), "low": self.low, "high": self.high},
            )
        if duration % parse(self.step):
            raise PydanticCustomError(
                "duration_step",
                "{shown} is not a multiple of {step}; round it",
                {"shown": show(duration), "step": self.step},
            )
        return duration
