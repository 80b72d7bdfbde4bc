"""What all settings share: they cannot change, know every key they accept, and can say which rules they break."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from settings.constraint import Text
from settings.description import descriptions
from settings.problem import Broken


class Settings(BaseModel):
    """Base of every model. Unknown keys are refused, nothing is converted, nothing can be changed afterwards.

    The text below a field describes it. The reference shows each field with an example: its default, or else the first
    of its type's `examples`, then commented out where the field is optional. Where a whole is not valid without some
    optional field, that one has `Field(None, examples=[…])` and is shown as set.
    """

    # Built at first use: a model inside another is built as a part of it, and most are never used alone.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    def broken(self) -> Iterator[Broken]:
        """The rules between this model's fields that they break. Called once each field is valid by itself."""
        yield from ()

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, object]:
        described = handler(schema)
        properties = handler.resolve_ref_schema(described).get("properties", {})
        for name, description in descriptions(cls).items():
            if name in properties:
                properties[name]["description"] = description
        return described


HttpPath = Annotated[
    str, Text("an absolute path of a URL, without query", r"/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*", "/api/health", 512)
]
"""An absolute path of a URL, without query."""

HostName = Annotated[
    str,
    Text(
        "a full host name in lower case, without a dot at the end",
        r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])",
        "www.example.com",
        253,
    ),
]
"""A fully qualified host name in lower case, without a trailing dot."""

VariableName = Annotated[
    str,
    Text(
        "the name of an environment variable: letters, digits and underscores, no digit first",
        r"[A-Za-z_][A-Za-z0-9_]*",
        "LOG_LEVEL",
        128,
    ),
]
"""The name of an environment variable."""

VariableValue = Annotated[str, Text("text without a NUL character", r"[^\0]*", "info", 65536)]
"""The plain value of an environment variable."""

Variables = Annotated[dict[VariableName, VariableValue], Field(max_length=500)]
"""Plain environment variables by name."""


def line(example: str, longest: int = 300) -> Text:
    """Marks a `str` that stands on one line."""
    meaning = "one line of text, with neither spaces nor control characters around it"
    return Text(meaning, r"[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?", example, longest)


Percent = Annotated[int, Field(ge=1, le=100, examples=[80])]
"""Per cent, whole."""
