"""The mark of what App Platform never gives back."""

from __future__ import annotations

from typing import Final

MARK: Final = "SLIPWAY_MARK"
"""A plain variable that changes with what the platform never gives back: secret values and alert destinations."""
