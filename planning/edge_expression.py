"""Writes typed conditions as expressions of Cloudflare's rule language. No value can end the text that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from edge.tokens import quoted
from settings.edge_match import Match

_QUERY = 'lower(url_decode(http.request.uri.query, "r"))'


def expression(match: Match, hosts: Iterable[str] = ()) -> str:
    """The expression for a match, within the hosts where it names none. `true` where every request is meant.

    The order of the values in the settings does not matter. A secret stands as `<NAME>`, see `with_secrets`.
    """
    conditions = [*_conditions(match, match.hosts or tuple(hosts))]
    if match.expression:
        # A line break is a blank to Cloudflare, which gives the text back as it was sent.
        conditions.append(f"({match.expression.strip()})")
    return " and ".join(conditions) or "true"


def secret_mark(name: str) -> str:
    """What stands in an expression in the place of a secret."""
    return f"<{name}>"


def with_secrets(text: str, secrets: Mapping[str, str]) -> str:
    """The expression with the secrets' values in the places of their names."""
    for name, value in secrets.items():
        text = text.replace(quoted(secret_mark(name)), quoted(value))
    return text


def _conditions(match: Match, hosts: Iterable[str]) -> Iterator[str]:
    if hosts:
        yield _among("http.host", hosts)
    where = [
        *([_among("http.request.uri.path", match.paths)] if match.paths else []),
        *(f"starts_with(http.request.uri.path, {quoted(prefix)})" for prefix in sorted(match.prefixes)),
    ]
    if where:
        yield _any_of(where)
    if match.extensions:
        yield _among("http.request.uri.path.extension", match.extensions)
    if match.methods:
        yield _among("http.request.method", match.methods)
    if match.query_contains:
        yield _any_of(f"{_QUERY} contains {quoted(words)}" for words in sorted(match.query_contains))
    if match.countries:
        yield _among("ip.src.country", match.countries)
    if match.not_countries:
        yield f"not {_among('ip.src.country', match.not_countries)}"
    for name, value in sorted(match.headers.items()):
        yield _header(name, value)
    for name, secret in sorted(match.secret_headers.items()):
        yield _header(name, secret_mark(secret))


def _header(name: str, value: str) -> str:
    return f"any(http.request.headers[{quoted(name.lower())}][*] eq {quoted(value)})"


def _among(field: str, values: Iterable[str]) -> str:
    texts = [quoted(value) for value in sorted(values)]
    return f"{field} eq {texts[0]}" if len(texts) == 1 else f"{field} in {{{' '.join(texts)}}}"


def _any_of(conditions: Iterable[str]) -> str:
    found = list(conditions)
    return found[0] if len(found) == 1 else f"({' or '.join(found)})"
