"""Files that Fly.io writes into a machine out of secrets."""

from __future__ import annotations

import base64


def in_base64(text: str) -> str:
    """A file as Fly.io takes it out of a secret (fly.io docs `reference/configuration`, 2026-08).

    The `raw_value` of a file in fly.toml is plain text: flyctl encodes it (0.4.80, appconfig/config.go).
    """
    return base64.b64encode(text.encode()).decode()
