"""A request, and what the rule language can see of it and of the origin's answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Response:
    """What the origin answers. Header names in lower case."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """A visitor's request. Header names in lower case; `body` only where a Worker looks at it."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    address: str = "203.0.113.7"
    country: str = "US"
    body: bytes = b""
    response: Response | None = None

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def path(self) -> str:
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> str:
        return urlsplit(self.url).query

    def answered(self, response: Response) -> Request:
        """The same request once the origin has answered."""
        return replace(self, response=response)

    def fields(self) -> dict[str, Any]:
        """The value of every field that the language knows and that follows from the request."""
        parts = urlsplit(self.url)
        uri = self.path + (f"?{parts.query}" if parts.query else "")
        last = self.path.rpartition("/")[2]
        response = self.response or Response(0)
        return {
            "cf.client.bot": False,
            "cf.threat_score": 0,
            "http.cookie": self.headers.get("cookie", ""),
            "http.host": self.host,
            "http.referer": self.headers.get("referer", ""),
            "http.request.full_uri": self.url,
            "http.request.headers": {name: [value] for name, value in self.headers.items()},
            "http.request.method": self.method,
            "http.request.uri": uri,
            "http.request.uri.args": parse_qs(parts.query, keep_blank_values=True),
            "http.request.uri.path": self.path,
            "http.request.uri.path.extension": last.rpartition(".")[2].lower() if "." in last else "",
            "http.request.uri.query": parts.query,
            "http.request.version": "HTTP/2",
            "http.response.code": response.status,
            "http.response.headers": {name: [value] for name, value in response.headers.items()},
            "http.user_agent": self.headers.get("user-agent", ""),
            "http.x_forwarded_for": self.headers.get("x-forwarded-for", ""),
            "ip.src": self.address,
            "ip.src.country": self.country,
            "ssl": parts.scheme == "https",
        }
