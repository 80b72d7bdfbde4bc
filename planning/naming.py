"""Names as the platforms see them: unique per environment, within each platform's length."""

from __future__ import annotations

import hashlib
from typing import Final

PLAIN_ENVIRONMENT: Final = "production"
"""The environment whose resources are named as the settings say, without a suffix."""

_HASH_LENGTH: Final = 6


def physical_name(base: str, environment: str, *, limit: int) -> str:
    """`base` as the environment's resources are called, at most `limit` characters.

    A name that is too long is cut and gets a hash of the whole, so that two long names never become one.
    """
    name = base if environment == PLAIN_ENVIRONMENT else f"{base}-{environment}"
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]
    return f"{name[: limit - _HASH_LENGTH - 1].rstrip('-')}-{digest}"
