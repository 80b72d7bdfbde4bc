"""Tells from its name and its value whether a plain variable is a secret."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Final

_SECRET_NAME: Final = re.compile(
    r"(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|APIKEY|(PRIVATE|API|ACCESS|ENCRYPTION|SIGNING|ROUTING)_KEY"
    r"|CREDENTIALS?|DSN|WEBHOOK_URL)(_|$)",
    re.IGNORECASE,
)
_PUBLIC_NAME: Final = re.compile(
    r"(^|_)(PUBLIC|TTL|SECONDS|MINUTES|HOURS|BYTES|LIMIT|NAME|HEADER|PATH|FILE)(_|$)", re.IGNORECASE
)
"""Words that make a name one of a number, a place or something that everybody may know: `TOKEN_TTL_SECONDS`."""
_PASSWORD_IN_URL: Final = re.compile(r"^[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@", re.IGNORECASE)
_KEY_SHAPES: Final = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|^(AKIA|ASIA)[0-9A-Z]{16}$|^gh[pousr]_[A-Za-z0-9]{36,}$|^dop_v1_[0-9a-f]{64}$"
    r"|^github_pat_\w{20,}$|^sk_live_[0-9A-Za-z]{16,}$|^xox[abpr]-[0-9A-Za-z-]{10,}$|^FlyV1 |^fm2_"
)
"""The shapes of keys of AWS, GitHub, DigitalOcean, Stripe, Slack and Fly.io, from their own docs, read 2026-08."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9+/=_-]+")

LEAST_LENGTH: Final = 20
LEAST_ENTROPY: Final = 4.0
"""Bits a character. Words and versions stay below, random text of 20 characters of base 64 comes out above."""


def betrays(name: str, value: str) -> str | None:
    """Why the value of a plain variable looks like a secret; None where it does not. The value is never shown."""
    if not value:
        return None
    if _KEY_SHAPES.search(value):
        return "it has the shape of a key"
    if _PASSWORD_IN_URL.search(value):
        return "it is a URL with a password"
    if _SECRET_NAME.search(name) and not _PUBLIC_NAME.search(name):
        return "its name is one of a secret"
    if _looks_random(value):
        return "it looks like random text, as keys do"
    return None


def entropy(text: str) -> float:
    """Bits a character, by how often each stands in the text (Shannon)."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def _looks_random(value: str) -> bool:
    kinds = (str.isupper, str.islower, str.isdigit)
    return (
        len(value) >= LEAST_LENGTH
        and _TOKEN.fullmatch(value) is not None
        and all(any(kind(character) for character in value) for kind in kinds)
        and entropy(value) >= LEAST_ENTROPY
    )
