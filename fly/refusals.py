"""What flyctl's exit code and last words mean, as one of our errors.

The words come from flyctl, from fly-go and from the APIs behind them: GraphQL says "Could not find App", the Machines
API says "app not found". Anything not known here stays a plain `Refused`, which never changes state.
"""

from __future__ import annotations

import re

from fly.commands.command import Command
from fly.errors import (
    Conflict,
    LeaseHeld,
    NoCapacity,
    NotFound,
    RateLimited,
    Refused,
    Subject,
    Unauthorized,
    Unavailable,
)

DEADLINE_EXIT_CODE = 126
CANCELLED_EXIT_CODE = 127

_SUBJECTS: tuple[tuple[str, Subject], ...] = (
    (r"could not find app\b|\bapp(lication)? (\S+ )?not found|the app name \S+ could not be found", "app"),
    (r"could not find org(anization)?|\borganization (\S+ )?not found", "organization"),
    (r"could not find machine|\bmachine (\S+ )?not found", "machine"),
    (r"could not find volume|\bvolume (\S+ )?not found", "volume"),
    (r"could not find (ip )?address|\bip address(es)? (\S+ )?(not found|not allocated)", "address"),
    (r"could not find (certificate|hostname)|\b(certificate|hostname) (\S+ )?not found", "certificate"),
    (
        r"could not find image|unable to find image|\bimage (\S+ )?not found|manifest unknown|no image found"
        r"|failed to resolve image|unknown repository",
        "image",
    ),
)

_KINDS: tuple[tuple[str, type[Refused]], ...] = (
    (r"\b429\b|rate.?limit|too many requests|slow down", RateLimited),
    (
        r"no access token|must be authenticated|not authenticated|not authorized|unauthorized|\b401\b|\b403\b|forbidden"
        r"|invalid token|token (is )?(expired|invalid)|permission denied",
        Unauthorized,
    ),
    (r"insufficient.(capacity|resources)|could not reserve resource|no capacity|out of capacity", NoCapacity),
    (r"failed to (acquire|obtain|refresh) lease|lease (is )?(currently )?held|lease.*conflict", LeaseHeld),
    (r"already been taken|name is (already )?taken|already exists|\b409\b", Conflict),
    (
        r"\b50[0234]\b|internal server error|bad gateway|service unavailable|gateway time-?out"
        r"|connection (refused|reset)|no such host|i/o timeout|tls handshake|unexpected eof|\beof$"
        r"|client\.timeout|deadline exceeded|server closed|something went terribly wrong",
        Unavailable,
    ),
)


def refusal(command: Command, code: int, stderr: str) -> Refused:
    """The error for a flyctl that ended with `code`; `stderr` must be redacted already."""
    if code < 0:
        return Unavailable(str(command), code, f"flyctl was killed by signal {-code}", subject=command.subject)
    said = last_words(stderr)
    low = said.lower()
    for pattern, subject in _SUBJECTS:
        if re.search(pattern, low):
            return NotFound(str(command), code, said, subject=subject)
    for pattern, kind in _KINDS:
        if re.search(pattern, low):
            return kind(str(command), code, said, subject=command.subject)
    if code == DEADLINE_EXIT_CODE:
        return Unavailable(str(command), code, said, subject=command.subject)
    return Refused(str(command), code, said, subject=command.subject)


def last_words(stderr: str) -> str:
    """flyctl's own error: what follows the last `Error:`, or all of it when there is none."""
    _, mark, after = stderr.rpartition("Error: ")
    said = after if mark else stderr
    return re.sub(r" \((Request|Trace) ID: [^)]*\)", "", said).strip() or "it said nothing"
