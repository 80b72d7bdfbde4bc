"""What all settings have in common: they cannot change, know every key they accept, and can say which rules they break."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from settings.problem import Broken


class Settings(BaseModel):
    """Base of every model. Unknown keys are refused, nothing is converted, nothing can be changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    def broken(self) -> Iterator[Broken]:
        """The rules between this model's fields that they break. Called once each field is valid by itself."""
        yield from ()


HttpPath = Annotated[
    str,
    StringConstraints(pattern=r"^/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*$", max_length=512),
    Field(examples=["/api/health"]),
]
"""An absolute path of a URL, without query."""

HostName = Annotated[
    str,
    StringConstraints(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$", max_length=253),
    Field(examples=["www.example.com"]),
]
"""A fully qualified host name in lower case, without a trailing dot."""

VariableName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=128), Field(examples=["LOG_LEVEL"])
]
"""The name of an environment variable."""

Percent = Annotated[int, Field(ge=1, le=100)]
