"""Bounds of single values, each with the words that a refusal needs: what is wanted, and an example of it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from settings.problem import shown


def refusal(rule: str, way_out: str) -> PydanticCustomError:
    """What a validator raises; settings/explain.py takes it apart again."""
    return PydanticCustomError("refusal", "{rule}; {way_out}", {"rule": rule, "way_out": way_out})


@dataclass(frozen=True)
class Text:
    """Marks a `str`: all of it matches `pattern`, which `meaning` says in words."""

    meaning: str
    pattern: str
    example: str
    longest: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": f"^(?:{self.pattern})$",
            "maxLength": self.longest,
            "examples": [self.example],
            "x-meaning": self.meaning,
        }

    def _checked(self, value: str) -> str:
        if len(value) > self.longest:
            rule = f"{shown(value)} has {len(value)} characters, more than {self.longest}"
            raise refusal(rule, "shorten it")
        if not re.fullmatch(self.pattern, value):
            rule = f"{shown(value)} is not {self.meaning}" if value else "the text is empty"
            raise refusal(rule, f"write it as in {shown(self.example)}")
        return value


@dataclass(frozen=True)
class Distinct:
    """Marks a tuple of texts in which none may stand twice."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "uniqueItems": True}

    @staticmethod
    def _checked(values: tuple[str, ...]) -> tuple[str, ...]:
        for value, count in Counter(values).items():
            if count > 1:
                raise refusal(f"{shown(value)} stands here {count} times", "name it once")
        return values
