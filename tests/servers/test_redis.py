"""The generated redis.conf, on a real redis-server."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from planning.redis import CONFIG_PATH, PASSWORD_PATH, PORT, password_conf, redis_conf, redis_toml
from settings.redis import Redis
from tests.patience import eventually
from tests.servers.program import Server, free_port, private_folder, program, write
from tests.servers.resp import Client, RedisError

pytestmark = pytest.mark.server

PASSWORD = 'p"a\\ss wörd#$%'
DOCUMENT = Redis(memory_mb=1024, maxmemory_mb=768, volume_gb=10)
"""Redis of the performance document: 768 MB in a machine of 1024 MB."""
SMALL = Redis(memory_mb=256, maxmemory_mb=32, volume_gb=1)
"""The same with so little memory that it is filled in a second."""


class RedisServer:
    """A redis-server in a folder, which survives its own death there."""

    def __init__(self, folder: Path, redis: Redis) -> None:
        self._folder = folder
        self._redis = redis
        self._clients: list[Client] = []
        self._starts = 0
        self.port = free_port()
        self.server = self.start()

    def start(self) -> Server:
        password = write(self._folder / "password.conf", password_conf(PASSWORD))
        text = redis_conf(self._redis)
        # What differs from a machine on Fly.io: the port, the folders, and that only this machine gets in.
        for there, here in (
            (f"port {PORT}\n", f"port {self.port}\n"),
            (f"include {PASSWORD_PATH}\n", f"include {password}\n"),
            (f"dir {self._redis.volume.path}\n", f"dir {self._folder}\n"),
            ("bind * -::*\n", "bind 127.0.0.1\n"),
        ):
            assert there in text
            text = text.replace(there, here)
        config = write(self._folder / "redis.conf", text)
        self.server = Server([program("redis-server"), config], self._folder / "log", self.port)
        self._starts += 1
        self.server.wait_until(lambda: self.server.said().count("Ready to accept connections") == self._starts)
        return self.server

    def client(self, password: str | None = PASSWORD) -> Client:
        self._clients.append(Client(self.port, password))
        return self._clients[-1]

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self.server.kill()


@pytest.fixture
def document() -> Iterator[RedisServer]:
    # While a disk is slow, Redis holds back what it has to write for a second more.
    with private_folder(in_memory=True) as folder, closing(RedisServer(folder, DOCUMENT)) as made:
        yield made


@pytest.fixture
def small() -> Iterator[RedisServer]:
    with private_folder() as folder, closing(RedisServer(folder, SMALL)) as made:
        yield made


def test_every_configured_value_is_read_back(document: RedisServer) -> None:
    client = document.client()
    wanted = {
        "port": str(document.port),
        "protected-mode": "yes",
        "maxmemory": str(768 * 1024 * 1024),
        "maxmemory-policy": "allkeys-lru",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "900 1 300 10 60 10000",
        "dbfilename": "dump.rdb",
        "aof-load-truncated": "yes",
        "stop-writes-on-bgsave-error": "yes",
        "rdbchecksum": "yes",
        "requirepass": PASSWORD,
    }
    assert {name: client("CONFIG", "GET", name)[1] for name in wanted} == wanted
    named = {line.split()[0] for line in redis_conf(DOCUMENT).splitlines()}
    assert named == {*wanted, "bind", "dir", "include"} - {"requirepass"}


def test_nobody_gets_in_without_the_password(document: RedisServer) -> None:
    client = document.client(password=None)
    with pytest.raises(RedisError, match="NOAUTH"):
        client("GET", "key")
    with pytest.raises(RedisError, match="WRONGPASS"):
        client("AUTH", "wrong")
    with pytest.raises(RedisError, match="NOAUTH"):
        client("CONFIG", "GET", "requirepass")


def test_a_killed_redis_loses_at_most_one_second_of_writes(document: RedisServer) -> None:
    written: list[tuple[float, int]] = []
    client = document.client()
    died = []

    def kill() -> None:
        died.append(time.monotonic())
        document.server.kill()

    killed = threading.Timer(2.5, kill)
    killed.start()
    with pytest.raises(OSError, match=r"closed|reset|pipe"):
        write_on(client, written)
    killed.join()
    assert document.server.process.returncode == -signal.SIGKILL
    document.start()
    last = int(document.client()("GET", "last"))
    safe = max(number for at, number in written if at <= died[0] - 1)
    assert safe > 1000
    # One more may have been written, and its answer was not.
    assert safe <= last <= written[-1][1] + 1


def write_on(client: Client, written: list[tuple[float, int]]) -> None:
    """Write as fast as it goes, and note when each write was answered, until the connection breaks."""
    while True:
        number = len(written) + 1
        client("SET", "last", number)
        written.append((time.monotonic(), number))


def test_a_full_memory_evicts_what_was_not_used_and_answers_no_error(small: RedisServer) -> None:
    client = small.client()
    value = b"x" * 16_384
    hot = [f"hot:{number}" for number in range(20)]
    client.pipeline([("SET", key, value) for key in hot])
    fill(client, 0, 1200)
    assert info(client)["evicted_keys"] == "0"
    for batch in range(1, 5):
        # Redis tells by the second, on a clock of its own, which of two keys was used last.
        second = info(client)["lru_clock"]
        eventually(lambda second=second: info(client)["lru_clock"] != second)
        client.pipeline([("GET", key) for key in hot])
        fill(client, batch, 700)
    assert int(info(client)["evicted_keys"]) > 1500
    # What is still to be written to the disk is counted here, and not against the limit.
    eventually(lambda: int(info(client)["used_memory"]) <= 1.05 * 32 * 1024 * 1024)
    assert client("EXISTS", *hot) >= 18
    assert client("EXISTS", *(f"cold:0:{number}" for number in range(1200))) < 500


def fill(client: Client, batch: int, keys: int) -> None:
    """So many keys of 16 KB, a few at a time: what waits to be read is counted as memory, too."""
    for first in range(0, keys, 20):
        client.pipeline([("SET", f"cold:{batch}:{first + number}", b"x" * 16_384) for number in range(20)])


def info(client: Client) -> dict[str, str]:
    return dict(line.split(":", 1) for line in client("INFO").splitlines() if ":" in line)


def test_a_stop_is_clean_and_within_the_time_that_the_platform_waits(small: RedisServer) -> None:
    client = small.client()
    client.pipeline([("SET", f"key:{number}", "x" * 1000) for number in range(10_000)])
    toml = redis_toml(SMALL, "sjc")
    begun = time.monotonic()
    assert small.server.stop(signal.Signals[toml["kill_signal"]]) == 0
    assert time.monotonic() - begun < SMALL.stop.total_seconds()
    said = small.server.said()
    assert "DB saved on disk" in said
    assert "Redis is now ready to exit, bye bye" in said
    small.start()
    assert small.client()("DBSIZE") == 10_000


def test_the_machine_starts_redis_with_the_file_that_it_is_given() -> None:
    toml = redis_toml(DOCUMENT, "sjc")
    assert toml["processes"]["app"] == f"redis-server {CONFIG_PATH}"
    assert [file["guest_path"] for file in toml["files"]] == [CONFIG_PATH, PASSWORD_PATH]
