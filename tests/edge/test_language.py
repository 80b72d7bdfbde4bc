"""Cloudflare's rule language: what is read, what it means, what is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.check import checked, lacks
from edge.errors import ExpressionError
from edge.evaluate import matches
from edge.nodes import Literal, Logic
from edge.parse import parse
from edge.request import Request, Response
from edge.tokens import quoted, tokens

REQUEST = Request(
    "GET",
    "https://www.example.com/shop/Item.PNG?q=1%2520UNION+select&a=b",
    {"x-key": "s", "cookie": "a=1", "user-agent": "curl/8"},
    address="198.51.100.7",
    country="DE",
)


@pytest.mark.parametrize(
    ("expression", "matching"),
    [
        ("true", True),
        ("not true", False),
        ('http.host eq "www.example.com"', True),
        ('http.host == "other.example.com" or http.host in {"a.example" "www.example.com"}', True),
        ('http.request.method eq "POST" or http.request.method eq "GET" and false', False),
        ('(http.request.method eq "POST" or http.request.method eq "GET") and true', True),
        ("true xor true", False),
        ('starts_with(http.request.uri.path, "/shop/")', True),
        ('ends_with(lower(http.request.uri.path), ".png")', True),
        ('http.request.uri.path.extension in {"png"}', True),
        ('lower(url_decode(http.request.uri.query, "r")) contains "1 union select"', True),
        ('lower(url_decode(http.request.uri.query)) contains "1 union select"', False),
        ('any(http.request.headers["X-Key"][*] eq "s")', True),
        ('any(http.request.headers["x-none"][*] eq "s")', False),
        ('http.user_agent wildcard "CURL/*"', True),
        ('http.user_agent strict wildcard "CURL/*"', False),
        ('http.user_agent matches "^curl/[0-9]$"', True),
        ("ip.src in {198.51.100.0/24 2001:db8::/32}", True),
        ("ip.src in {203.0.113.0/24}", False),
        ('not ip.src.country in {"FR" "IT"}', True),
        ("ssl", True),
        ("http.response.code in {200..299 304}", True),
        ("len(http.request.uri.path) gt 5", True),
        (r'http.host eq r#"www.example.com"#', True),
        (r'http.cookie eq "a\x3d1"', True),
    ],
)
def test_an_expression_means(expression: str, matching: bool) -> None:
    assert matches(expression, REQUEST.answered(Response(204))) is matching


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("(true", ") must follow where the end stands; balance the brackets"),
        ("true)", "')' at character 5 follows a complete condition; remove it"),
        ('http.host eq "a', 'the text that begins at character 14 never ends; close it with "'),
        ('http.hots eq "a"', 'http.hots is no field of Cloudflare\'s rules; did you mean "http.host"?'),
        (
            'startswith(http.host, "a")',
            'startswith() is no function of Cloudflare\'s rules; did you mean "starts_with"?',
        ),
        ("starts_with(http.host)", "starts_with() takes 2 arguments, not 1; correct the call"),
        ("http.host", "the expression is a value, not a condition; compare it with something"),
        ("http.host in {}", "the set {} is empty; list what the value may be"),
        ("ssl ssl", "'ssl' at character 5 follows a complete condition; put `and` or `or` in between"),
        (
            "http.response.code eq 200",
            "http.response.code is known only once the origin has answered; use it in a response rule",
        ),
        ("", "the expression ends where a field, a function or a value must follow; complete it"),
        ("ssl;", "character 4, ';', has no meaning here; remove it"),
    ],
)
def test_what_cloudflare_would_refuse_is_refused_with_a_way_out(expression: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        checked(expression)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("expression", "plan", "limit", "needs"),
    [
        ('http.host matches "a"', "pro", False, ["business"]),
        ('http.host matches "a"', "business", False, []),
        ("cf.waf.score gt 20", "business", False, ["enterprise"]),
        ('http.host eq "a"', "free", True, ["pro"]),
        ('http.request.uri.path eq "/"', "free", True, []),
    ],
)
def test_what_a_plan_lacks_is_named_with_the_plan_that_has_it(
    expression: str, plan: str, limit: bool, needs: list[str]
) -> None:
    assert [lack.needs for lack in lacks(expression, plan, limit=limit)] == needs  # type: ignore[arg-type]


@given(st.text())
def test_no_text_ends_the_literal_that_it_stands_in(text: str) -> None:
    assert [(word.kind, word.value) for word in tokens(quoted(text))] == [("text", text)]


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_value_changes_the_condition_around_it(value: str, other: str) -> None:
    node = parse(f"http.host eq {quoted(value)} and http.referer eq {quoted(other)}")
    assert isinstance(node, Logic)
    assert [getattr(part, "right", None) for part in node.parts] == [Literal(value), Literal(other)]


@given(st.text(alphabet='"\\\n\r\t{}()[]*# andor/xé☃', max_size=80))
def test_no_text_at_all_makes_the_reader_fail_otherwise(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        parse(text)
