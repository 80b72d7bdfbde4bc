"""Which requests a rule of the edge is about, as typed conditions; an expression only where those do not reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from edge.check import checked
from edge.errors import ExpressionError
from settings.constraint import Distinct, Text, refusal
from settings.model import HostName, HttpPath, Settings, VariableName
from settings.problem import Broken

LONGEST_EXPRESSION: Final = 4096

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
Extension = Annotated[str, Text("a file name extension in lower case, without the dot", "[a-z0-9]+", "png", 16)]
Country = Annotated[str, Text("a country's code of two capital letters (ISO 3166-1)", "[A-Z]{2}", "DE", 2)]
HeaderName = Annotated[str, Text("the name of an HTTP header", "[A-Za-z][A-Za-z0-9-]*", "X-Frame-Options", 128)]
HeaderValue = Annotated[str, Text("one line of text", r"[^\x00-\x1f\x7f]*", "1", 500)]
Words = Annotated[str, Text("text in lower case, without line breaks", r"[^\x00-\x1f\x7fA-Z]+", "union select", 200)]


def _readable(value: str) -> str:
    try:
        checked(value, of_response=True)
    except ExpressionError as error:
        raise refusal(error.rule, error.way_out) from None
    return value


Expression = Annotated[
    str,
    Text("an expression of Cloudflare's rule language", r"[\s\S]+", 'http.host eq "example.com"', LONGEST_EXPRESSION),
    AfterValidator(_readable),
]
"""A condition in Cloudflare's own rule language."""

_Some = Field(max_length=50)


class Match(Settings):
    """Every condition given must hold; of several values of one condition, one must. None given: every request."""

    paths: Annotated[tuple[HttpPath, ...], Distinct(), _Some] = ()
    """Exact paths."""
    prefixes: Annotated[tuple[HttpPath, ...], Distinct(), _Some] = ()
    """How the path begins."""
    extensions: Annotated[tuple[Extension, ...], Distinct(), _Some] = ()
    """How the path ends, after the last dot."""
    methods: Annotated[tuple[Method, ...], Distinct(), _Some] = ()
    """Request methods."""
    hosts: Annotated[tuple[HostName, ...], Distinct(), _Some] = ()
    """Host names. Without it: all domains of the system."""
    query_contains: Annotated[tuple[Words, ...], Distinct(), _Some] = ()
    """Words in the query, compared in lower case and percent-decoded."""
    countries: Annotated[tuple[Country, ...], Distinct(), _Some] = ()
    """Where the visitor's address is."""
    not_countries: Annotated[tuple[Country, ...], Distinct(), _Some] = ()
    """Where it is not."""
    headers: Annotated[dict[HeaderName, HeaderValue], _Some] = Field(default_factory=dict)
    """Request headers with the value that each must have."""
    secret_headers: Annotated[dict[HeaderName, VariableName], _Some] = Field(default_factory=dict)
    """Request headers with the name of the secret that each must carry."""
    expression: Expression | None = None
    """A further condition in Cloudflare's rule language."""

    def broken(self) -> Iterator[Broken]:
        if both := sorted(set(self.countries) & set(self.not_countries)):
            yield Broken(("not_countries",), f"{', '.join(both)} stands in countries, too", "remove it from one")
        for name in sorted(set(self.headers) & set(self.secret_headers)):
            yield Broken(("secret_headers", name), f"{name} stands in headers, too", "remove it from one")
