"""Takes secret values and tokens out of everything that is shown or raised."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "[redacted]"

_TOKENS = re.compile(
    r"FlyV1 [A-Za-z0-9_,+/=.-]+"  # tokens as flyctl prints them
    r"|\bf[mo][12]_?[A-Za-z0-9_+/=-]{12,}"  # one macaroon or an old personal token
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # user and password in a URL
    r"|(?i:(?<=bearer ))[A-Za-z0-9._~+/=-]{8,}"
)


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without any of `secrets` and without anything that looks like a token or a password in a URL."""
    for secret in sorted({s for s in secrets if s.strip()}, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return _TOKENS.sub(MASK, text)
