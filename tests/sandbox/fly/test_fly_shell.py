"""The commands that can be executed in an emulated machine, and that no other can."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from sandbox.fly import shell
from sandbox.fly.disks import Disks

PACK = "tar -czf /tmp/slipway.tar.gz -C /data . && sha256sum /tmp/slipway.tar.gz && wc -c < /tmp/slipway.tar.gz"
SUMS = "cd /data && find . -type f -exec sha256sum {} +"


@pytest.fixture
def disks(tmp_path: Path) -> Disks:
    made = Disks(tmp_path / "disks")
    for volume in ("vol_1", "vol_2"):
        made.create(volume, None)
    (Path(made.at("vol_1")) / "state.json").write_text("{}")
    return made


def run(disks: Disks, script: str, volume: str = "vol_1", **config: Any) -> dict[str, Any]:
    machine = {"id": "m1", "config": {"mounts": [{"path": "/data", "volume": volume}], **config}}
    return shell.run(f'sh -c "{script}"', machine, disks)


def test_files_are_summed_as_sha256sum_prints_them(disks: Disks) -> None:
    assert run(disks, SUMS)["stdout"] == f"{hashlib.sha256(b'{}').hexdigest()}  ./state.json\n"
    assert run(disks, SUMS.replace("/data", "/elsewhere"))["exit_code"] == 1


def test_an_archive_goes_out_in_parts_and_comes_in_as_a_file(disks: Disks) -> None:
    digest, _, size = run(disks, PACK)["stdout"].split()
    part = "dd if=/tmp/slipway.tar.gz bs={} skip={} count=1 2>/dev/null | base64"
    data = b"".join(base64.b64decode(run(disks, part.format(100, at))["stdout"]) for at in range(-(-int(size) // 100)))
    assert hashlib.sha256(data).hexdigest() == digest
    file = {"guest_path": "/slipway/archive.tar.gz", "raw_value": base64.b64encode(data).decode()}
    assert run(disks, "tar -xzf /slipway/archive.tar.gz -C /data", "vol_2", files=[file])["exit_code"] == 0
    assert run(disks, SUMS, "vol_2") == run(disks, SUMS)
    assert run(disks, "tar -xzf /slipway/archive.tar.gz -C /data", "vol_2")["exit_code"] == 1


@pytest.mark.parametrize("script", ["ls /", "cd /data && find . -type f -exec rm {} +", f"{SUMS}; ls"])
def test_no_other_command_is_executed(disks: Disks, script: str) -> None:
    found = run(disks, script)
    assert (found["exit_code"], found["stdout"]) == (127, "")
    assert found["stderr"].startswith("not emulated: ")


def test_an_app_leaves_one_file_on_an_empty_volume_only(disks: Disks) -> None:
    disks.first_use("vol_1")
    disks.first_use("vol_2")
    assert [file.name for file in Path(disks.at("vol_1")).iterdir()] == ["state.json"]
    assert (Path(disks.at("vol_2")) / "data" / "data.json").is_file()
