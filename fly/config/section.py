"""What all sections of fly.toml share."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?")


class Section(BaseModel):
    """A table of fly.toml: frozen, exact about types, and without room for keys that Fly.io does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def seconds(duration: str) -> float:
    """`"1m30s"` as 90.0. Raises ValueError for anything but hours, minutes, seconds and milliseconds with units."""
    found = DURATION.fullmatch(duration)
    if not found or not duration:
        raise ValueError('a duration is written with its unit, such as "10s" or "1m30s"')
    hours, minutes, whole, milli = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + whole + milli / 1000


def _is_duration(value: str) -> str:
    seconds(value)
    return value


Duration = Annotated[str, AfterValidator(_is_duration)]
Port = Annotated[int, Field(ge=1, le=65535)]
AbsolutePath = Annotated[str, StringConstraints(pattern=r"^/")]
Method = Literal["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "head", "post"]
