"""PgBouncer on Fly.io: `pgbouncer.ini`, its files with secrets, and the fly.toml of the app that runs it."""

from __future__ import annotations

from typing import Any, Final

from planning.naming import physical_name
from settings.fly import Region
from settings.fly_system import FlySystem
from settings.pgbouncer import ConnectionPool, PgBouncer, Pool
from settings.postgres_url import PostgresUrl

PORT: Final = 6432
"""Where it listens."""

PUBLISHED: Final = (5432, 6432)
"""Where it is reached: PostgreSQL's own port for the app, PgBouncer's for people who ask for its state."""

ADMIN: Final = "postgres"
"""The user who may ask for its state."""

CONFIG_PATH: Final = "/etc/pgbouncer/pgbouncer.ini"
DATABASES_PATH: Final = "/etc/pgbouncer/databases.ini"
USERS_PATH: Final = "/etc/pgbouncer/userlist.txt"
FILE_SECRETS: Final = {DATABASES_PATH: "PGBOUNCER_DATABASES", USERS_PATH: "PGBOUNCER_USERLIST"}
"""The secrets of the app that Fly.io writes to files; they hold them in base64."""

_NAME_LIMIT: Final = 63


def pgbouncer_app_name(system: FlySystem, environment: str) -> str:
    return physical_name(system.part_names["pgbouncer"], environment, limit=_NAME_LIMIT)


def flycast_host(app: str) -> str:
    """The name of an app's private address, behind which Fly.io's proxy chooses a machine."""
    return f"{app}.flycast"


def pgbouncer_ini(pgbouncer: PgBouncer) -> str:
    """The whole of pgbouncer.ini but for the databases, which the file that it includes has."""
    values = {
        "listen_addr": "*",
        "listen_port": PORT,
        "unix_socket_dir": "",
        "auth_type": "scram-sha-256",
        "auth_file": USERS_PATH,
        "admin_users": ADMIN,
        "pool_mode": pgbouncer.mode,
        "max_client_conn": pgbouncer.clients,
        "default_pool_size": pgbouncer.pool,
        "min_pool_size": pgbouncer.minimum,
        # Drivers send it with every connection; PgBouncer refuses those that it does not know.
        "ignore_startup_parameters": "extra_float_digits",
        # One line a connection would bury everything else.
        "log_connections": 0,
        "log_disconnections": 0,
    }
    lines = [f"{name} = {value}".rstrip() for name, value in values.items()]
    return "\n".join([f"%include {DATABASES_PATH}", "", "[pgbouncer]", *lines, ""])


def databases_ini(database: PostgresUrl) -> str:
    """The `[databases]` section: the one database, by the name that clients know it by."""
    entry = {"host": database.host, "port": database.port, "dbname": database.name}
    words = " ".join(f"{key}={_quoted(str(value))}" for key, value in entry.items())
    return f"[databases]\n{database.name} = {words}\n\n[pgbouncer]\nserver_tls_sslmode = {database.tls}\n"


def userlist(database: PostgresUrl, admin_password: str) -> str:
    """The users with their passwords in plain text: PgBouncer proves them to the database by SCRAM, and that takes more
    than the digests that it could check clients with."""
    users = {database.user: database.password, ADMIN: admin_password}
    if database.user == ADMIN:
        users = {ADMIN: database.password}
    return "".join(f'"{_doubled(user)}" "{_doubled(password)}"\n' for user, password in users.items())


def pooled_url(database: PostgresUrl, pgbouncer: PgBouncer, host: str) -> str:
    """The URL that the app connects with, over the private network, which is encrypted by itself."""
    return database.through(host, PUBLISHED[0]).text(_options(pgbouncer))


def pooled_url_of_cluster(pool: PostgresUrl, settings: ConnectionPool) -> str:
    """The same for the pool of a managed cluster."""
    return pool.text({"sslmode": pool.tls, **_options(settings)})


def direct_url(database: PostgresUrl) -> str:
    """The URL past every pool."""
    return database.text({"sslmode": database.tls})


def _options(pool: Pool) -> dict[str, str]:
    """`pgbouncer` tells Prisma to do without prepared statements, `connection_limit` how many connections to open."""
    options = {"pgbouncer": "true"} if pool.mode == "transaction" else {}
    return {**options, "connection_limit": str(pool.app_pool)}


def pgbouncer_toml(pgbouncer: PgBouncer, region: Region) -> dict[str, Any]:
    """The fly.toml of the app, but for its name. Only its private address leads to the service."""
    times = {"interval": "15s", "timeout": "3s", "grace_period": "10s"}
    return {
        "primary_region": region,
        # Asks PgBouncer to let clients finish what they have begun.
        "kill_signal": "SIGINT",
        "kill_timeout": "30s",
        "deploy": {"strategy": "rolling", "max_unavailable": 1, "wait_timeout": "5m"},
        "processes": {"app": f"pgbouncer {CONFIG_PATH}"},
        "services": [
            {
                "protocol": "tcp",
                "internal_port": PORT,
                "auto_stop_machines": "off",
                "auto_start_machines": False,
                "processes": ["app"],
                "concurrency": {
                    "type": "connections",
                    "soft_limit": pgbouncer.clients,
                    "hard_limit": pgbouncer.clients,
                },
                "ports": [{"port": port} for port in PUBLISHED],
                "tcp_checks": [times],
            }
        ],
        "files": [
            {"guest_path": CONFIG_PATH, "raw_value": pgbouncer_ini(pgbouncer)},
            *({"guest_path": path, "secret_name": name} for path, name in FILE_SECRETS.items()),
        ],
        "vm": [{"size": pgbouncer.size, "memory": f"{pgbouncer.memory_mb}mb"}],
    }


def _quoted(value: str) -> str:
    """A value of a connection string; a quote in it is doubled."""
    return f"'{value.replace(chr(39), chr(39) * 2)}'"


def _doubled(value: str) -> str:
    return value.replace('"', '""')
