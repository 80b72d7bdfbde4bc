"""Cloudflare's API v4: zones, their records and cache, and who is told of trouble."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict

from fly.limits import Backoff
from ops.clouds.errors import NotThere
from ops.clouds.http import Api, Vendor

_PER_PAGE: Final = 50


def _reason(told: Any) -> str:
    errors = told.get("errors") or [] if isinstance(told, dict) else []
    return "; ".join(str(error.get("message")) for error in errors)


CLOUDFLARE: Final = Vendor(
    name="Cloudflare",
    api="https://api.cloudflare.com/client/v4",
    token_variable="CLOUDFLARE_API_TOKEN",  # noqa: S106  the variable's name
    url_variable="CLOUDFLARE_BASE_URL",
    rights="read zones and DNS, and purge the cache (permissions Zone Read, DNS Read, Cache Purge)",
    reason=_reason,
)


class Answer(BaseModel):
    """Keeps what is read and passes over the rest: the API grows."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Token(Answer):
    id: str = ""
    status: str


class Zone(Answer):
    id: str
    status: str = ""


class Record(Answer):
    """A DNS record."""

    id: str
    name: str
    type: str
    content: str = ""
    proxied: bool = False


class Cloudflare:
    """The account of the token in the environment. See `ops.clouds.http.Api` for what is raised."""

    def __init__(self, environment: Mapping[str, str], *, backoff: Backoff | None = None) -> None:
        self.api = Api(CLOUDFLARE, environment, backoff=backoff)

    def token(self) -> Token:
        """What Cloudflare knows of the token itself. Raises TokenRefused for one that it does not know."""
        return self.api.parsed(Token, self.api.get("/user/tokens/verify")["result"], "GET /user/tokens/verify")

    def zone(self, name: str) -> Zone:
        """The zone of this name. Raises NotThere."""
        found = self.api.get(f"/zones?{urlencode({'name': name})}")["result"]
        if not found:
            way_out = "check the token's account and permissions"
            raise NotThere("Cloudflare", "GET /zones", 0, f"the token sees no zone {name}", way_out)
        return self.api.parsed(Zone, found[0], "GET /zones")

    def records(self, zone: str) -> list[Record]:
        """Every DNS record of a zone."""
        found: list[Record] = []
        page, pages = 1, 1
        while page <= pages:
            told = self.api.get(f"/zones/{zone}/dns_records?page={page}&per_page={_PER_PAGE}")
            found += [self.api.parsed(Record, entry, "GET dns_records") for entry in told["result"]]
            pages = (told.get("result_info") or {}).get("total_pages") or 1
            page += 1
        return found

    def purge(self, zone: str, what: Mapping[str, Any]) -> None:
        """Throw away what is kept: `purge_everything`, `files` or `prefixes`."""
        self.api.change("POST", f"/zones/{zone}/purge_cache", what)
