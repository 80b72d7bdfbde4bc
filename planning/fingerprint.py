"""A short mark that changes when secrets change and tells nothing about them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from pydantic import SecretStr


def fingerprint(secrets: Mapping[str, SecretStr], *, purpose: str, settings: str = "") -> str:
    """Twelve hex digits for a set of named secrets and the settings that go with them; `""` for neither.

    All values go through scrypt together, salted with the purpose: whoever reads the mark would have to guess the whole
    set at about 50 ms a try, and 48 bits leave many sets with the same mark.
    """
    if not secrets and not settings:
        return ""
    values = {name: value.get_secret_value() for name, value in secrets.items()}
    text = json.dumps([values, settings], sort_keys=True)
    salt = hashlib.sha256(purpose.encode()).digest()
    return hashlib.scrypt(text.encode(), salt=salt, n=2**14, r=8, p=1, dklen=6).hex()
