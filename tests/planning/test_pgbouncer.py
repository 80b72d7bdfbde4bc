"""pgbouncer.ini, its files with secrets, and the URLs that lead through it."""

from __future__ import annotations

import configparser

from hypothesis import given
from hypothesis import strategies as st

from fly.config import FlyConfig
from fly.validation.release import release_problems
from planning.pgbouncer import (
    FILE_SECRETS,
    databases_ini,
    direct_url,
    pgbouncer_ini,
    pgbouncer_toml,
    pooled_url,
    pooled_url_of_cluster,
    userlist,
)
from settings.pgbouncer import ConnectionPool, PgBouncer
from settings.postgres_url import PostgresUrl, parse

URL = PostgresUrl("db.example.com", "paintbox", "app", "p/w", 5433)


def test_the_file_says_what_the_document_asks_for() -> None:
    first, rest = pgbouncer_ini(PgBouncer()).split("\n", 1)
    assert first == "%include /etc/pgbouncer/databases.ini"
    parser = configparser.RawConfigParser()
    parser.read_string(rest)
    assert dict(parser["pgbouncer"]) == {
        "listen_addr": "*",
        "listen_port": "6432",
        "unix_socket_dir": "",
        "auth_type": "scram-sha-256",
        "auth_file": "/etc/pgbouncer/userlist.txt",
        "admin_users": "postgres",
        "pool_mode": "transaction",
        "max_client_conn": "100",
        "default_pool_size": "20",
        "min_pool_size": "5",
        "ignore_startup_parameters": "extra_float_digits",
        "log_connections": "0",
        "log_disconnections": "0",
    }


def test_the_database_is_known_by_its_name_and_its_wish_for_tls_is_kept() -> None:
    assert databases_ini(URL) == (
        "[databases]\npaintbox = host='db.example.com' port='5433' dbname='paintbox'\n\n"
        "[pgbouncer]\nserver_tls_sslmode = require\n"
    )


def test_users_are_the_app_s_and_the_one_who_asks() -> None:
    assert userlist(URL, 'a"b') == '"app" "p/w"\n"postgres" "a""b"\n'


def test_a_database_whose_user_is_called_like_the_one_who_asks_keeps_its_password() -> None:
    assert userlist(PostgresUrl("h", "n", "postgres", "real"), "other") == '"postgres" "real"\n'


def test_urls_tell_the_driver_how_many_connections_to_open() -> None:
    assert pooled_url(URL, PgBouncer(), "p.flycast") == (
        "postgres://app:p%2Fw@p.flycast:5432/paintbox?pgbouncer=true&connection_limit=10"
    )
    assert pooled_url(URL, PgBouncer(mode="session", app_pool=3), "p.flycast") == (
        "postgres://app:p%2Fw@p.flycast:5432/paintbox?connection_limit=3"
    )
    assert pooled_url_of_cluster(URL, ConnectionPool()) == (
        "postgres://app:p%2Fw@db.example.com:5433/paintbox?sslmode=require&pgbouncer=true&connection_limit=10"
    )
    assert direct_url(URL) == "postgres://app:p%2Fw@db.example.com:5433/paintbox?sslmode=require"


@given(password=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_the_way_through_the_pool_keeps_every_password(password: str) -> None:
    url = PostgresUrl("h", "n", "u", password)
    assert parse(pooled_url(url, PgBouncer(), "p.flycast")).password == password


def test_its_machines_pass_every_check_of_the_release() -> None:
    config = FlyConfig.model_validate(pgbouncer_toml(PgBouncer(machines=2), "sjc"))
    assert release_problems(config, {"sjc": 2}, frozenset(FILE_SECRETS.values()), single=False) == []
