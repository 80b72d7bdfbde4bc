"""redis.conf and fly.toml of Redis, from the sizes."""

from __future__ import annotations

import shlex
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fly.config import FlyConfig
from fly.validation.release import release_problems
from planning.redis import PASSWORD_FILE_SECRET, headroom, password_conf, redis_conf, redis_toml
from settings.redis import Redis, Snapshot

DOCUMENT = Redis(memory_mb=1024, maxmemory_mb=768, volume_gb=10)


def lines(redis: Redis) -> dict[str, str]:
    return dict(line.split(" ", 1) for line in redis_conf(redis).splitlines())


def test_the_file_says_what_the_document_asks_for() -> None:
    assert lines(DOCUMENT) == {
        "port": "6379",
        "bind": "* -::*",
        "protected-mode": "yes",
        "include": "/etc/redis/password.conf",
        "dir": "/data",
        "maxmemory": "768mb",
        "maxmemory-policy": "allkeys-lru",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "900 1 300 10 60 10000",
        "dbfilename": "dump.rdb",
        "aof-load-truncated": "yes",
        "stop-writes-on-bgsave-error": "yes",
        "rdbchecksum": "yes",
    }


def test_without_append_only_file_and_snapshots_it_says_so() -> None:
    off = lines(DOCUMENT.model_copy(update={"append": "off"}))
    assert (off["appendonly"], "appendfsync" in off) == ("no", False)
    assert lines(DOCUMENT.model_copy(update={"snapshots": ()}))["save"] == '""'
    one = Snapshot(after=timedelta(hours=1), changes=7)
    assert lines(DOCUMENT.model_copy(update={"snapshots": (one,)}))["save"] == "3600 7"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_password_is_one_quoted_word_of_plain_letters(password: str) -> None:
    name, word = shlex.split(password_conf(password).replace("\\x", "%"))
    assert name == "requirepass"
    found = bytes.fromhex("".join(part if coded else part.encode().hex() for part, coded in pieces(word)))
    assert found.decode() == password
    assert password_conf(password).isascii()
    assert len(password_conf(password).splitlines()) == 1


def pieces(word: str) -> list[tuple[str, bool]]:
    """`a%2db` → a, 2d, b; whether each is a byte's code."""
    first, *rest = word.split("%")
    found = [(first, False)]
    for part in rest:
        found += [(part[:2], True), (part[2:], False)]
    return found


def test_the_machine_passes_every_check_of_the_release() -> None:
    config = FlyConfig.model_validate(redis_toml(DOCUMENT, "sjc"))
    assert release_problems(config, {"sjc": 1}, frozenset({PASSWORD_FILE_SECRET}), single=True) == []


def test_a_redis_that_fits_with_its_fork_gets_no_swap() -> None:
    assert "swap_size_mb" not in redis_toml(Redis(memory_mb=1024, volume_gb=10), "sjc")


@pytest.mark.parametrize(
    ("redis", "said"),
    [
        (
            DOCUMENT,
            "768 MB of data leave 256 MB of 1024 MB for the copies that a fork needs; when every page changes "
            "meanwhile, 576 MB more are needed, for which 576 MB of swap stand by; memory_mb 1792 or maxmemory_mb 480 "
            "would do without",
        ),
        (
            Redis(memory_mb=1792, maxmemory_mb=768, volume_gb=10),
            "768 MB of data leave 1024 MB of 1792 MB for the copies that a fork needs, which is enough even when every "
            "page changes meanwhile",
        ),
        (
            Redis(memory_mb=1024, maxmemory_mb=480, volume_gb=10),
            "480 MB of data leave 544 MB of 1024 MB for the copies that a fork needs, which is enough even when every "
            "page changes meanwhile",
        ),
    ],
)
def test_how_far_the_memory_goes_is_said_with_numbers_that_hold(redis: Redis, said: str) -> None:
    assert headroom(redis) == said
