"""What a page with JSON answers: the fields that must be there, and what they may say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from settings.constraint import Distinct, Text
from settings.model import Settings, line
from settings.problem import Broken

FieldPath = Annotated[
    str,
    Text(
        "the keys on the way to a field of a JSON object, joined by dots",
        r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*",
        "memory.percentage",
        200,
    ),
]


class AnswerField(Settings):
    """A field of a JSON answer."""

    type: Literal["text", "number", "boolean", "object", "list"] | None = Field(None, examples=["number"])
    """What kind of value it has. A field with limits is a number and one of several texts a text without it."""
    one_of: Annotated[tuple[Annotated[str, line("healthy")], ...], Field(max_length=20), Distinct()] = ()
    """The texts that are good; any, when left out."""
    minimum: float | None = Field(None, examples=[0])
    """The least good number."""
    maximum: float | None = Field(None, examples=[100])
    """The largest good number."""

    @property
    def kind(self) -> str:
        """Its type, or what its other keys say; `""` for any."""
        if self.type:
            return self.type
        return "number" if self._limited else "text" if self.one_of else ""

    @property
    def _limited(self) -> bool:
        return self.minimum is not None or self.maximum is not None

    def broken(self) -> Iterator[Broken]:
        if self.one_of and self.kind != "text":
            yield Broken(("one_of",), "only a text is one of several", "remove it", compared=(("type",),))
        if self._limited and self.kind != "number":
            yield Broken(("type",), f"a {self.type} has no minimum and no maximum", "set it to number, or remove them")
        if self.minimum is not None and self.maximum is not None and self.maximum < self.minimum:
            yield Broken(
                ("maximum",),
                f"{self.maximum:g} is less than the minimum of {self.minimum:g}",
                "swap the two",
                compared=(("minimum",),),
            )


Answer = Annotated[
    dict[FieldPath, AnswerField], Field(min_length=1, max_length=50, examples=[{"status": {"one_of": ["healthy"]}}])
]
"""The fields by their path in the JSON object."""
