"""Files that Fly.io writes into a machine."""

from __future__ import annotations

import base64


def in_base64(text: str) -> str:
    """A file as Fly.io takes it out of a secret or out of fly.toml (fly.io docs `reference/configuration`, 2026-08)."""
    return base64.b64encode(text.encode()).decode()
