"""Redis and Valkey: `redis.conf`, the fly.toml of the app that runs it, the names, and what clients need to know."""

from __future__ import annotations

from typing import Any, Final

from planning.mount import mount
from planning.naming import physical_name
from settings.digitalocean_system import DigitalOceanSystem
from settings.duration import show, whole_seconds
from settings.fly import Region
from settings.fly_system import FlySystem
from settings.redis import Redis, Valkey

PORT: Final = 6379
CONFIG_PATH: Final = "/etc/redis/redis.conf"
PASSWORD_PATH: Final = "/etc/redis/password.conf"  # noqa: S105  a file's name
PASSWORD_FILE_SECRET: Final = "REDIS_PASSWORD_CONF"  # noqa: S105  the secret's name, not its value
"""The secret of the app that Fly.io writes to PASSWORD_PATH; it holds the file in base64."""

_NAME_LIMIT: Final = 63


def redis_app_name(system: FlySystem, environment: str) -> str:
    return physical_name(system.part_names["redis"], environment, limit=_NAME_LIMIT)


def redis_host(app: str) -> str:
    """The name of the machines of an app on the private network."""
    return f"{app}.internal"


def redis_conf(redis: Redis) -> str:
    """The whole of redis.conf but for the password, which the file that it includes has."""
    lines = [
        f"port {PORT}",
        # No service leads here, so only the private network does; Fly.io's own checks come by IPv4.
        "bind * -::*",
        "protected-mode yes",
        f"include {PASSWORD_PATH}",
        f"dir {redis.volume.path}",
        f"maxmemory {redis.limit_mb}mb",
        f"maxmemory-policy {redis.eviction}",
        f"appendonly {'no' if redis.append == 'off' else 'yes'}",
        *([] if redis.append == "off" else [f"appendfsync {redis.append}"]),
        f"save {_save_points(redis) or chr(34) * 2}",
        "dbfilename dump.rdb",
        # A crash in the middle of a write leaves half a command at the end; Redis drops it and goes on.
        "aof-load-truncated yes",
        "stop-writes-on-bgsave-error yes",
        "rdbchecksum yes",
    ]
    return "".join(f"{line}\n" for line in lines)


def password_conf(password: str) -> str:
    """The file with the password. Everything in it that is no letter or digit is written by its bytes."""
    written = (chr(byte) if byte < 128 and chr(byte).isalnum() else f"\\x{byte:02x}" for byte in password.encode())
    return f'requirepass "{"".join(written)}"\n'


def redis_toml(redis: Redis, region: Region) -> dict[str, Any]:
    """The fly.toml of the app, but for its name. No service: nothing but the private network leads to it."""
    toml: dict[str, Any] = {
        "primary_region": region,
        # Redis writes a last snapshot when it gets SIGTERM.
        "kill_signal": "SIGTERM",
        "kill_timeout": show(redis.stop),
        "swap_size_mb": redis.swap,
        "deploy": {"strategy": "immediate", "wait_timeout": "5m"},
        "processes": {"app": f"redis-server {CONFIG_PATH}"},
        "checks": {
            "redis": {"type": "tcp", "port": PORT, "interval": "15s", "timeout": "3s", "grace_period": "30s"},
        },
        "mounts": [mount(redis.volume)],
        "files": [
            {"guest_path": CONFIG_PATH, "raw_value": redis_conf(redis)},
            {"guest_path": PASSWORD_PATH, "secret_name": PASSWORD_FILE_SECRET},
        ],
        "vm": [{"size": redis.size, "memory": f"{redis.memory_mb}mb"}],
    }
    return {key: value for key, value in toml.items() if value is not None}


def headroom(redis: Redis) -> str:
    """How far the memory goes when Redis forks to write its data, in one sentence."""
    left = redis.memory_mb - redis.limit_mb
    said = f"{redis.limit_mb} MB of data leave {left} MB of {redis.memory_mb} MB for the copies that a fork needs"
    if redis.missing_mb == 0:
        return f"{said}, which is enough even when every page changes meanwhile"
    return (
        f"{said}; when every page changes meanwhile, {redis.missing_mb} MB more are needed, for which {redis.swap} MB "
        f"of swap stand by; memory_mb {_whole_fork(redis)} or maxmemory_mb {_fitting(redis)} would do without"
    )


def valkey_name(system: DigitalOceanSystem, valkey: Valkey, environment: str) -> str:
    return physical_name(valkey.name or f"{system.app.name}-valkey", environment, limit=_NAME_LIMIT)


def _save_points(redis: Redis) -> str:
    return " ".join(f"{whole_seconds(point.after)} {point.changes}" for point in redis.snapshots)


def _whole_fork(redis: Redis) -> int:
    needed = redis.memory_mb + redis.missing_mb
    return -(-needed // 256) * 256


def _fitting(redis: Redis) -> int:
    return redis.limit_mb - (redis.missing_mb + 1) // 2
