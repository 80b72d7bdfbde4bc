"""The generated pgbouncer.ini, on a real PgBouncer in front of a real PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fly.config.section import seconds
from planning.pgbouncer import (
    ADMIN,
    CONFIG_PATH,
    DATABASES_PATH,
    PORT,
    USERS_PATH,
    databases_ini,
    pgbouncer_ini,
    pgbouncer_toml,
    pooled_url,
    userlist,
)
from settings.pgbouncer import PgBouncer
from settings.postgres_url import PostgresUrl
from tests.patience import eventually
from tests.servers.program import Server, free_port, private_folder, program, run, write

pytestmark = pytest.mark.server

PASSWORD = "p'a\"s s%wörd#$\\"
ADMIN_PASSWORD = "other\"planted'one"
REFUSED = "no more connections allowed (max_client_conn)"
DOCUMENT = PgBouncer()
"""The numbers of the performance document: 100 clients, a pool of 20, at least 5."""


class Postgres:
    """A PostgreSQL that takes only SCRAM, with the app's user and database in it."""

    def __init__(self, folder: Path) -> None:
        data = folder / "data"
        superuser = write(folder / "superuser", "superuser")
        run(program("initdb"), "-D", data, "-A", "scram-sha-256", "-U", "super", f"--pwfile={superuser}", "--no-sync")
        self.port = free_port()
        options = ("listen_addresses=127.0.0.1", f"port={self.port}", f"unix_socket_directories={folder}", "fsync=off")
        flags = [part for option in options for part in ("-c", option)]
        self.server = Server([program("postgres"), "-D", data, *flags], folder / "postgres.log", self.port)
        self.server.wait_until(self._ready)
        quoted = PASSWORD.replace("'", "''")
        self.ask(f"create role paintbox login password '{quoted}'")
        self.ask("create database paintbox owner paintbox")
        self.url = PostgresUrl("127.0.0.1", "paintbox", "paintbox", PASSWORD, self.port, "disable")

    def ask(self, sql: str) -> str:
        return psql(self.port, "super", "superuser", "postgres", sql)

    def connections(self) -> int:
        """How many connections to the app's database there are, and do not come from here."""
        return int(self.ask("select count(*) from pg_stat_activity where datname = 'paintbox'"))

    def _ready(self) -> bool:
        return run(program("pg_isready"), "-h", "127.0.0.1", "-p", str(self.port), check=False).returncode == 0


class Bouncer:
    """A PgBouncer with the generated files."""

    def __init__(self, folder: Path, postgres: Postgres, settings: PgBouncer) -> None:
        self.port = free_port()
        self.settings = settings
        here = folder / f"pgbouncer-{self.port}"
        here.mkdir()
        databases = write(here / "databases.ini", databases_ini(postgres.url))
        users = write(here / "userlist.txt", userlist(postgres.url, ADMIN_PASSWORD))
        text = pgbouncer_ini(settings)
        # What differs from a machine on Fly.io: the port, the folder, and that only this machine gets in.
        for there, changed in (
            (f"listen_port = {PORT}\n", f"listen_port = {self.port}\n"),
            ("listen_addr = *\n", "listen_addr = 127.0.0.1\n"),
            (DATABASES_PATH, str(databases)),
            (USERS_PATH, str(users)),
        ):
            assert there in text
            text = text.replace(there, changed)
        config = write(here / "pgbouncer.ini", text)
        self.server = Server([program("pgbouncer"), config], folder / "pgbouncer.log", self.port)
        self.server.wait_until(self.server.listens)

    def ask(self, sql: str, password: str = PASSWORD) -> str:
        return psql(self.port, "paintbox", password, "paintbox", sql)

    def show(self, what: str) -> list[list[str]]:
        """What its console says, cell by cell."""
        said = psql(self.port, ADMIN, ADMIN_PASSWORD, "pgbouncer", f"show {what}")
        return [line.split("|") for line in said.splitlines()]


class Session:
    """A client that stays connected."""

    def __init__(self, bouncer: Bouncer) -> None:
        self._psql = subprocess.Popen(
            _command(bouncer.port, "paintbox", "paintbox"),
            env={**os.environ, "PGPASSWORD": PASSWORD},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def send(self, sql: str) -> None:
        assert self._psql.stdin
        self._psql.stdin.write(f"{sql};\n")
        self._psql.stdin.flush()

    def read(self) -> str:
        assert self._psql.stdout
        return self._psql.stdout.readline().strip()

    def ask(self, sql: str) -> str:
        self.send(sql)
        return self.read()

    def close(self) -> None:
        self._psql.communicate(timeout=20)


def _command(port: int, user: str, database: str) -> list[str]:
    where = ["-h", "127.0.0.1", "-p", str(port), "-U", user, "-d", database]
    return [program("psql"), *where, "-X", "-q", "-A", "-t", "-w"]


def psql(port: int, user: str, password: str, database: str, sql: str) -> str:
    """What PostgreSQL answers, or what psql says against it."""
    done = subprocess.run(
        [*_command(port, user, database), "-c", sql],
        env={**os.environ, "PGPASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return (done.stdout + done.stderr).strip()


def load(folder: Path, bouncer: Bouncer, *, clients: int, transactions: int) -> subprocess.Popen[str]:
    """`clients` connections at once, each with as many transactions of 50 ms."""
    script = folder / "sleep.sql"
    script.write_text("select pg_sleep(0.05);\n")
    script.chmod(0o644)
    where = ["-h", "127.0.0.1", "-p", str(bouncer.port), "-U", "paintbox", "paintbox"]
    return subprocess.Popen(
        [program("pgbench"), "-n", "-c", str(clients), "-j", "2", "-t", str(transactions), "-f", str(script), *where],
        env={**os.environ, "PGPASSWORD": PASSWORD},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    for name in ("postgres", "initdb", "pgbouncer", "psql", "pgbench", "pg_isready"):
        program(name)
    with private_folder() as made:
        yield made


@pytest.fixture(scope="module")
def postgres(folder: Path) -> Iterator[Postgres]:
    made = Postgres(folder)
    yield made
    made.server.stop(signal.SIGQUIT)


@pytest.fixture(scope="module")
def document(folder: Path, postgres: Postgres) -> Iterator[Bouncer]:
    made = Bouncer(folder, postgres, DOCUMENT)
    yield made
    made.server.stop()


@pytest.fixture(scope="module")
def single(folder: Path, postgres: Postgres) -> Iterator[Bouncer]:
    """One connection to the database, for all clients."""
    made = Bouncer(folder, postgres, PgBouncer(pool=1, minimum=0))
    yield made
    made.server.stop()


def test_its_configuration_agrees_with_the_settings(document: Bouncer) -> None:
    running = {row[0]: row[1] for row in document.show("config")}
    wanted = {
        "pool_mode": "transaction",
        "max_client_conn": "100",
        "default_pool_size": "20",
        "min_pool_size": "5",
        "auth_type": "scram-sha-256",
        "admin_users": "postgres",
        "ignore_startup_parameters": "extra_float_digits",
        "server_tls_sslmode": "disable",
        "unix_socket_dir": "",
        "log_connections": "0",
        "log_disconnections": "0",
    }
    assert {name: running[name] for name in wanted} == wanted
    named = {line.partition(" = ")[0] for line in pgbouncer_ini(DOCUMENT).splitlines() if " =" in line}
    assert {name.removesuffix(" =") for name in named} - wanted.keys() == {"listen_addr", "listen_port", "auth_file"}


def test_a_hundred_clients_share_twenty_connections_and_the_next_one_is_refused(
    folder: Path, document: Bouncer, postgres: Postgres
) -> None:
    running = load(folder, document, clients=100, transactions=15)
    most, refused = 0, ""
    while running.poll() is None:
        most = max(most, postgres.connections())
        if most == 20 and REFUSED not in refused:
            refused = document.ask("select 1")
    said, _ = running.communicate()
    assert "number of transactions actually processed: 1500/1500" in said, said
    assert most == 20
    assert REFUSED in refused
    assert document.ask("select 1") == "1"


def test_two_clients_use_one_connection_in_turn(single: Bouncer) -> None:
    first, second = Session(single), Session(single)
    mine = first.ask("select pg_backend_pid()")
    assert second.ask("select pg_backend_pid()") == mine
    assert first.ask("begin; select pg_backend_pid()") == mine
    second.send("select pg_backend_pid()")
    names = waiting_columns(single)

    def one_waits() -> bool:
        row = next(row for row in single.show("pools") if row[0] == "paintbox")
        columns = dict(zip(names, row, strict=False))
        return (columns["cl_active"], columns["cl_waiting"], columns["sv_active"]) == ("1", "1", "1")

    eventually(one_waits)
    first.send("commit")
    assert second.read() == mine
    first.close()
    second.close()


def waiting_columns(bouncer: Bouncer) -> list[str]:
    """The names of the columns of `show pools`, which psql leaves out with -t."""
    command = [part for part in _command(bouncer.port, ADMIN, "pgbouncer") if part != "-t"]
    done = subprocess.run(
        [*command, "-c", "show pools"],
        env={**os.environ, "PGPASSWORD": ADMIN_PASSWORD},
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    return done.stdout.splitlines()[0].split("|")


def test_a_wrong_password_is_refused(document: Bouncer) -> None:
    assert "SASL authentication failed" in document.ask("select 1", password="wrong")
    assert "SASL authentication failed" in psql(document.port, ADMIN, "wrong", "pgbouncer", "show pools")
    assert "FATAL" in psql(document.port, "nobody", PASSWORD, "paintbox", "select 1")


def test_the_app_s_user_cannot_ask_for_its_state(document: Bouncer) -> None:
    assert "FATAL" in psql(document.port, "paintbox", PASSWORD, "pgbouncer", "show pools")


def test_the_url_of_the_app_leads_through_it(document: Bouncer, postgres: Postgres) -> None:
    url = pooled_url(postgres.url, DOCUMENT, "127.0.0.1")
    assert urlsplit(url).query == "pgbouncer=true&connection_limit=10"
    # libpq does not know Prisma's words, and the port is the one of this test.
    plain = url.partition("?")[0].replace(":5432/", f":{document.port}/")
    done = run(program("psql"), plain, "-X", "-A", "-t", "-w", "-c", "select current_user")
    assert done.stdout.strip() == "paintbox"


def test_a_stop_lets_a_transaction_finish(folder: Path, postgres: Postgres) -> None:
    bouncer = Bouncer(folder, postgres, DOCUMENT)
    toml = pgbouncer_toml(DOCUMENT, "sjc")
    assert toml["processes"]["app"] == f"pgbouncer {CONFIG_PATH}"
    client = Session(bouncer)
    assert client.ask("begin; select 1") == "1"
    bouncer.server.process.send_signal(signal.Signals[toml["kill_signal"]])
    time.sleep(0.5)
    assert bouncer.server.process.poll() is None
    assert client.ask("select 2") == "2"
    client.send("commit")
    client.close()
    assert bouncer.server.process.wait(seconds(toml["kill_timeout"])) == 0
