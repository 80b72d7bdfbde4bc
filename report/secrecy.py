"""What must not be read by everybody who reads a report, though the engine does not know it for a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

MASK: Final = "(secret)"

_WORDS: Final = frozenset(
    {"credential", "credentials", "dsn", "passphrase", "passwd", "password", "pwd", "secret", "secrets", "token"}
)
_KEYS: Final = frozenset({"access", "api", "encryption", "license", "private", "secret", "service", "signing"})
_ENDINGS: Final = ("apikey", "authtoken", "password", "passwd", "privatekey", "secretkey")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SHAPES: Final = re.compile(
    r"FlyV1 [\w,+/=.-]+"
    r"|\bf[mo][12]_?[A-Za-z0-9_+/=-]{12,}"
    r"|\bdo[opr]_v1_[0-9a-f]{32,}"  # DigitalOcean
    r"|\bgh[oprsu]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{20,}"
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"  # AWS
    r"|\b[rs]k_(?:live|test)_\w{10,}"  # Stripe
    r"|\bxox[a-z]-[\w-]{10,}|(?<=hooks\.slack\.com/)[\w/]{10,}"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"  # JSON Web Tokens
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*-----|\Z)"
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"  # user and password in a URL
    r"|(?i:(?<=bearer ))[\w.~+/=-]{8,}"
)


_SIGNS: Final = (
    *("FlyV1 ", "fm1", "fm2", "fo1", "fo2", "_v1_", "gho_", "ghp_", "ghr_", "ghs_", "ghu_", "github_pat_", "glpat-"),
    *("AKIA", "ASIA", "k_live_", "k_test_", "xox", "hooks.slack.com/", "eyJ", "-----BEGIN ", "://"),
)
"""Every shape but the last has one of these in it; to look for them is many times faster than to look for shapes."""


def names_secret(name: str) -> bool:
    """Whether a text under such a name is a secret by what the name says, as `DB_PASSWORD` or `apiKey` do."""
    words = [word.lower() for word in _WORD.findall(name)]
    if _WORDS & set(words) or "".join(words).endswith(_ENDINGS):
        return True
    return any(first in _KEYS and second in {"key", "account"} for first, second in pairwise(words))


def masked(text: str, known: Iterable[str] = ()) -> str:
    """`text` without the `known` secrets, and without what has the shape of a token, a key or a password in a URL."""
    for secret in sorted({item for item in known if len(item) >= _SHORTEST}, key=lambda item: (-len(item), item)):
        text = text.replace(secret, MASK)
    if not any(sign in text for sign in _SIGNS) and "bearer " not in text.lower():
        return text
    return _SHAPES.sub(MASK, text)


_SHORTEST: Final = 6
"""Shorter values, such as a region's name that is kept as a secret, also appear where they are none."""
