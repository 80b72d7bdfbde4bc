"""Secret values are never stored: only a keyed digest of them, from which equality can be told and nothing else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_SEALED = "sealed:"
_DERIVED = ("{{derived ", "}}")
_DERIVED_PATTERN = re.compile(r"\{\{derived (.*?)\}\}")


class Vault:
    """Digests under one key, which lives in a file of its own beside the store, readable by its owner only."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def at(cls, path: Path) -> Vault:
        """The vault whose key is in this file; the file is made when there is none."""
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
        return cls(bytes.fromhex(path.read_text()))

    def digest(self, *parts: str) -> str:
        """64 hexadecimal digits that depend on the key and on every part."""
        return hmac.new(self._key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()

    def seal(self, value: Any) -> Any:
        """What is stored for a secret value; strings inside lists and objects are sealed one by one."""
        if isinstance(value, dict):
            return {key: self.seal(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.seal(item) for item in value]
        if isinstance(value, str) and not value.startswith((_SEALED, "EV[1:")):
            return _SEALED + self.digest(value)
        return value

    def unseal(self, stored: Any, known: Iterable[str]) -> Any:
        """The stored value with every seal replaced by the known string that has its digest, or by None."""
        sealed = {_SEALED + self.digest(text): text for text in known}
        return _replace(stored, sealed)

    @staticmethod
    def derived(label: str) -> str:
        """A placeholder for a secret that the cloud itself made up, e.g. a database password. It may stand in a URI."""
        return f"{_DERIVED[0]}{label}{_DERIVED[1]}"

    def reveal(self, stored: Any) -> Any:
        """The stored value with every placeholder of `derived` replaced by its secret: always the same for a label."""
        if isinstance(stored, dict):
            return {key: self.reveal(item) for key, item in stored.items()}
        if isinstance(stored, list):
            return [self.reveal(item) for item in stored]
        if isinstance(stored, str):
            return _DERIVED_PATTERN.sub(lambda found: f"AVNS_{self.digest('derived', found[1])[:19]}", stored)
        return stored

    def encrypted(self, app_id: str, value: str) -> str:
        """The form in which App Platform gives a SECRET variable back: the same for the same app and value."""
        raw = bytes.fromhex(self.digest(app_id, value))
        nonce, body = base64.b64encode(raw[:24]).decode(), base64.b64encode(raw[8:]).decode()
        return f"EV[1:{nonce}:{body}]"


def strings(value: Any) -> Iterable[str]:
    """Every string inside a value."""
    if isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def _replace(stored: Any, sealed: dict[str, str]) -> Any:
    if isinstance(stored, dict):
        return {key: _replace(item, sealed) for key, item in stored.items()}
    if isinstance(stored, list):
        return [_replace(item, sealed) for item in stored]
    if isinstance(stored, str) and stored.startswith(_SEALED):
        return sealed.get(stored)
    return stored
