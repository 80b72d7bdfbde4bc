"""The URL of a PostgreSQL database, taken apart and put together again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

DEFAULT_PORT: Final = 5432
_SCHEMES: Final = ("postgres", "postgresql")


class PostgresUrlError(ValueError):
    """A text that is no such URL. The text itself, which has a password in it, is never part of the message."""


@dataclass(frozen=True)
class PostgresUrl:
    """Where a database is, and who connects to it. `tls` is libpq's sslmode."""

    host: str
    name: str
    user: str
    password: str = field(repr=False)
    port: int = DEFAULT_PORT
    tls: str = "require"

    def text(self, options: Mapping[str, str] | None = None) -> str:
        """The URL, user and password percent-encoded."""
        query = "&".join(f"{key}={quote(value, safe='')}" for key, value in (options or {}).items())
        host = f"[{self.host}]" if ":" in self.host else self.host
        where = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@{host}:{self.port}"
        return f"postgres://{where}/{quote(self.name, safe='')}" + (f"?{query}" if query else "")

    def through(self, host: str, port: int) -> PostgresUrl:
        """The same database under another address."""
        return replace(self, host=host, port=port)


def parse(text: str) -> PostgresUrl:
    """The parts of `postgres://user:password@host:port/name?sslmode=…`. Raises PostgresUrlError."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise PostgresUrlError("it is no URL") from None
    if parts.scheme not in _SCHEMES:
        raise PostgresUrlError("it does not begin with postgres://")
    given = {"a host": parts.hostname, "a user": parts.username, "a password": parts.password}
    given["the name of a database"] = parts.path.strip("/")
    absent = [what for what, value in given.items() if not value]
    if absent:
        raise PostgresUrlError(f"it lacks {' and '.join(absent)}")
    return PostgresUrl(
        host=parts.hostname or "",
        name=unquote(parts.path.strip("/")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        port=port or DEFAULT_PORT,
        tls=dict(parse_qsl(parts.query)).get("sslmode", "require"),
    )
