"""Values that nobody knows yet: in a preview, what a cloud will only say once a resource is there."""

from __future__ import annotations

from enum import Enum
from typing import Final, TypeVar

Value = TypeVar("Value")


class Unknown(Enum):
    """The type of UNKNOWN, so that `value is UNKNOWN` narrows."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN
"""Stands for a value that is not known yet, or that is kept secret from whoever reads it."""


class UnknownValueError(Exception):
    """Somebody needs a value that is not known yet."""


def known(value: Value | Unknown) -> Value:
    """The value. Raises UnknownValueError when it is not known yet."""
    if isinstance(value, Unknown):
        raise UnknownValueError
    return value
