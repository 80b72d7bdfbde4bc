"""The project's name, where those can have it who need nothing else of the settings."""

from __future__ import annotations

from typing import Final

NAMESPACE: Final = "slipway"
"""The project's name, and the prefix of its keys in a stack file."""
