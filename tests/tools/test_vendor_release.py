import hashlib
import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tools.engine import machine, vendor_release
from tools.engine.console import Console
from tools.engine.errors import WayClosedError
from tools.engine.program import Program


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A vendor's site on loopback: its folder and its address."""
    folder = tmp_path / "site"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "system", lambda: "linux")
    monkeypatch.setattr(machine, "architecture", lambda: "x86_64")


def publish(folder: Path, members: dict[str, bytes], listed_sum: str | None = None) -> None:
    archive = folder / "pulumi-v2.1.0-linux-x64.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    total = listed_sum or hashlib.sha256(archive.read_bytes()).hexdigest()
    (folder / "pulumi-2.1.0-checksums.txt").write_text(f"{'0' * 64}  other.tar.gz\n{total}  {archive.name}\n")


def at(tool: Program, address: str) -> Program:
    return replace(tool, vendor=replace(tool.vendor, base=address, keep=("tool", "*python*")))


def test_the_kept_files_of_a_release_are_unpacked_executable(
    tool: Program, site: tuple[Path, str], console: Console, tmp_path: Path
) -> None:
    folder, address = site
    publish(folder, {"tool/tool": b"cli", "tool/tool-language-python": b"host", "tool/tool-language-go": b"big"})
    target = tmp_path / "target"
    target.mkdir()
    vendor_release.download(at(tool, address), target, console)
    assert sorted(file.name for file in target.iterdir()) == ["tool", "tool-language-python"]
    assert (target / "tool").read_bytes() == b"cli"
    assert (target / "tool").stat().st_mode & 0o111


def test_an_archive_that_differs_from_the_vendors_sum_is_refused(
    tool: Program, site: tuple[Path, str], console: Console, tmp_path: Path
) -> None:
    folder, address = site
    publish(folder, {"tool/tool": b"cli"}, listed_sum="a" * 64)
    with pytest.raises(WayClosedError, match=f"has SHA-256 [0-9a-f]{{64}}, and the vendor's list says {'a' * 64}$"):
        vendor_release.download(at(tool, address), tmp_path, console)
    assert not (tmp_path / "tool").exists()


def test_an_archive_that_the_vendor_does_not_list_is_refused(
    tool: Program, site: tuple[Path, str], console: Console, tmp_path: Path
) -> None:
    folder, address = site
    (folder / "pulumi-2.1.0-checksums.txt").write_text("")
    with pytest.raises(WayClosedError, match=r"does not list pulumi-v2\.1\.0-linux-x64\.tar\.gz$"):
        vendor_release.download(at(tool, address), tmp_path, console)


def test_no_member_of_an_archive_is_written_outside_the_folder(
    tool: Program, site: tuple[Path, str], console: Console, tmp_path: Path
) -> None:
    folder, address = site
    publish(folder, {"../../tool": b"escaped"})
    target = tmp_path / "a" / "b"
    target.mkdir(parents=True)
    vendor_release.download(at(tool, address), target, console)
    assert [file.name for file in target.iterdir()] == ["tool"]
    assert not (tmp_path / "tool").exists()


def test_a_vendor_that_cannot_be_reached_closes_the_way_in_one_line(
    tool: Program, console: Console, tmp_path: Path
) -> None:
    refused = r"^http://127\.0\.0\.1:1 cannot be reached \(\[Errno \d+\] Connection refused\)$"
    with pytest.raises(WayClosedError, match=refused):
        vendor_release.download(at(tool, "http://127.0.0.1:1"), tmp_path, console)


def test_a_kind_of_machine_without_a_release_closes_the_way(
    tool: Program, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "architecture", lambda: "riscv64")
    with pytest.raises(WayClosedError, match=r"^the vendor has no release for linux on riscv64$"):
        vendor_release.download(tool, tmp_path, console)
