"""URLs of databases, taken apart and put together again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from settings.database import SOURCE_SECRET
from settings.postgres_url import PostgresUrl, PostgresUrlError, parse
from settings.secret import made_up, objections, objections_by_name

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@given(user=WORDS, password=WORDS, port=st.integers(1, 65535), host=st.sampled_from(["db.example.com", "::1"]))
def test_whatever_is_in_the_password_comes_back(user: str, password: str, port: int, host: str) -> None:
    url = PostgresUrl(host, "paintbox", user, password, port)
    assert parse(url.text()) == url


def test_the_port_and_the_wish_for_tls_have_defaults() -> None:
    url = parse("postgresql://u:p@db.example.com/paintbox")
    assert (url.port, url.tls) == (5432, "require")
    assert parse("postgres://u:p@h/n?sslmode=disable").tls == "disable"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mysql://planted:planted@h/n", "it does not begin with postgres://"),
        ("postgres://planted@h/n", "it lacks a password"),
        ("postgres:///", "it lacks a host and a user and a password and the name of a database"),
        ("postgres://u:planted@h:port/n", "it is no URL"),
    ],
)
def test_what_is_no_url_is_refused_without_showing_it(text: str, said: str) -> None:
    with pytest.raises(PostgresUrlError) as raised:
        parse(text)
    assert str(raised.value) == said
    assert list(objections_by_name(SOURCE_SECRET, SecretStr(text))) == [
        (f"the value is no URL of a database: {said}", "set postgres://USER:PASSWORD@HOST:PORT/NAME")
    ]
    assert list(objections_by_name("ANOTHER", SecretStr(text))) == []


def test_the_password_is_in_no_representation() -> None:
    assert "planted" not in repr(parse("postgres://u:planted@h/n"))


@pytest.mark.parametrize("name", [SOURCE_SECRET, "REDIS_PASSWORD"])
def test_a_made_up_value_has_the_shape_that_its_name_asks_for(name: str) -> None:
    value = SecretStr(made_up(name, "0123456789abcdef"))
    assert [*objections(value), *objections_by_name(name, value)] == []
