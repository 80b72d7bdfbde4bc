"""Checksums and archives of a volume's files."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from typing import Any

import pytest

from fly.facts import Facts
from ops.backup.files import (
    archive_inside,
    differences,
    parse_sums,
    sums_inside,
    sums_of_archive,
    written_sums,
)
from ops.errors import OperationError
from ops.exit_code import ExitCode
from tests.fly.script import ScriptedFlyctl
from tests.ops.backup.backups import archive

A, B = "a" * 64, "b" * 64
PACK = 'sh -c "tar -czf /tmp/slipway.tar.gz -C /data . && sha256sum /tmp/slipway.tar.gz && wc -c < /tmp/slipway.tar.gz"'
PART = 'sh -c "dd if=/tmp/slipway.tar.gz bs=524288 skip=0 count=1 2>/dev/null | base64"'


def step(command: str, **answer: Any) -> dict[str, Any]:
    argv = ["machine", "exec", "m1", command, "--app", "web", "--timeout", "300", "--json"]
    return {"run": argv, "prints": json.dumps(answer)}


def test_sums_come_back_as_they_were_written() -> None:
    found = {"data/data.json": A, "a file with spaces.txt": B}
    assert parse_sums(written_sums(found).decode()) == found


@pytest.mark.parametrize("line", ["", "d41d8 ./a", f"\\{A}  ./with\\nbreak", f"{A}  /elsewhere"])
def test_what_is_no_checksum_of_a_file_below_the_volume_is_refused(line: str) -> None:
    with pytest.raises(OperationError, match="is no checksum of a file"):
        parse_sums(f"{A}  ./good\n{line}\n{B}  ./good, too")


def test_every_difference_is_said() -> None:
    assert differences({"same": A, "gone": A, "changed": A}, {"same": A, "changed": B, "new": A}) == [
        "gone is missing",
        "new is there and was not kept",
        "changed has other bytes than were kept",
    ]


def test_an_archive_has_the_sums_of_its_files() -> None:
    found = sums_of_archive(archive({"data/data.json": "{}"}))
    assert found == {"data/data.json": hashlib.sha256(b"{}").hexdigest()}


@pytest.mark.parametrize("cut", [0, 10, 60])
def test_half_an_archive_is_none(cut: int) -> None:
    with pytest.raises(OperationError, match="the archive cannot be read") as caught:
        sums_of_archive(archive({"data.json": "{}" * 500})[:cut])
    assert caught.value.exit_code is ExitCode.BACKUP


def read(script: list[dict[str, Any]], most: int = 10_000) -> bytes | None:
    async def run() -> bytes | None:
        return await archive_inside(Facts(ScriptedFlyctl(script)), "web", "m1", "/data", most)

    return asyncio.run(run())


def packed(data: bytes) -> dict[str, Any]:
    return step(PACK, stdout=f"{hashlib.sha256(data).hexdigest()}  /tmp/slipway.tar.gz\n{len(data)}\n")


def test_an_archive_arrives_in_parts_and_is_compared() -> None:
    data = archive({"data.json": "{}"})
    part = step(PART, stdout=base64.encodebytes(data).decode())
    assert read([packed(data), part]) == data
    with pytest.raises(OperationError, match="did not arrive as web packed it"):
        read([packed(data + b"x"), part])


def test_an_archive_that_is_too_large_is_not_fetched() -> None:
    assert read([packed(b"x" * 101)], most=100) is None


def test_a_command_that_fails_inside_says_what_it_said() -> None:
    failed = step('sh -c "cd /data && find . -type f -exec sha256sum {} +"', exit_code=127, stderr="sh: not found")

    async def run() -> None:
        await sums_inside(Facts(ScriptedFlyctl([failed])), "web", "m1", "/data")

    with pytest.raises(OperationError, match="ended with exit code 127 inside the machine: sh: not found"):
        asyncio.run(run())
