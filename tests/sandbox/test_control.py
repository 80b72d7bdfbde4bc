"""Starting, finding and stopping a sandbox's process."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sandbox import control
from sandbox.errors import NotRunningError, PortTakenError, StoreBrokenError
from tests.patience import eventually
from tests.sandbox.stacks import ROOT

pytestmark = pytest.mark.engine


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "home"
    yield folder
    control.stop(folder, remove=True)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def ended(pid: int) -> bool:
    return eventually(lambda: not alive(pid))


def test_a_running_sandbox_is_used_again_and_listens_on_loopback_only(home: Path) -> None:
    first = control.start(home)
    assert control.start(home) == first
    assert control.status(home)["pid"] == first.pid
    written = json.loads((home / "server.json").read_text())
    assert {"pid", "started_at", "digitalocean", "cloudflare", "control", "fly", "apis"} == set(written)
    urls = [first.control, *first.fly.values(), *first.apis.values()]
    assert {urlsplit(url).hostname for url in urls} == {"127.0.0.1"}
    ports = {first.digitalocean, first.cloudflare, *(urlsplit(url).port for url in urls)}
    tables = [Path(f"/proc/{first.pid}/net/tcp"), Path(f"/proc/{first.pid}/net/tcp6")]
    for table in filter(Path.exists, tables):
        for line in table.read_text().splitlines()[1:]:
            address, state = line.split()[1], line.split()[3]
            port = int(address.rpartition(":")[2], 16)
            if state == "0A" and port in ports:
                assert address.rpartition(":")[0] in ("0100007F", "0000000000000000FFFF00000100007F")


def test_the_environment_names_every_endpoint(home: Path) -> None:
    found = control.start(home)
    environment = found.environment()
    assert environment["PULUMI_DEBUG_PROVIDERS"] == (f"digitalocean:{found.digitalocean},cloudflare:{found.cloudflare}")
    assert environment["FLY_API_BASE_URL"] == found.fly["graphql"]
    assert environment["FLY_FLAPS_BASE_URL"] == found.fly["machines"]
    assert {"DIGITALOCEAN_TOKEN", "CLOUDFLARE_API_TOKEN", "FLY_API_TOKEN"} <= set(environment)


def test_two_starts_at_once_make_one_process(home: Path) -> None:
    pids: list[int] = []
    threads = [threading.Thread(target=lambda: pids.append(control.start(home).pid)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(pids)) == 1


def test_what_a_dead_process_left_is_replaced(home: Path) -> None:
    first = control.start(home)
    os.kill(first.pid, signal.SIGKILL)
    assert ended(first.pid)
    assert (home / "server.json").exists()
    assert control.find(home) is None
    assert control.start(home).pid != first.pid


def test_a_sandbox_with_older_code_is_replaced(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = control.start(home)
    monkeypatch.setattr(control, "code_stamp", lambda: "newer")
    second = control.start(home)
    assert second.pid != first.pid
    assert not alive(first.pid)
    assert second.digitalocean == first.digitalocean


def test_stop_ends_the_process_and_remove_leaves_no_file(home: Path) -> None:
    running = control.start(home)
    assert control.stop(home, remove=True)
    assert not alive(running.pid)
    assert list(home.parent.iterdir()) == []
    assert not control.stop(home)
    with pytest.raises(NotRunningError, match="no sandbox runs in"):
        control.status(home)


def test_the_process_ends_when_its_home_is_removed(home: Path) -> None:
    running = control.start(home)
    # At once, as the process removes files of its own when it ends.
    gone = home.rename(home.with_name("gone"))
    assert ended(running.pid)
    shutil.rmtree(gone)


def test_a_port_in_use_is_refused_with_the_way_out(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"port {port} on 127.0.0.1 is in use by another program; stop that"):
            control.start(home, control_port=port)


def test_a_broken_store_is_refused_with_the_way_out(home: Path) -> None:
    home.mkdir()
    (home / "cloud.sqlite").write_bytes(b"not a database, but long enough to have a header" * 10)
    with pytest.raises(StoreBrokenError, match=r"is not a readable store .* remove it"):
        control.start(home)


def test_the_caller_gets_its_output_back_at_once(home: Path) -> None:
    program = f"from pathlib import Path; from sandbox import control; control.start(Path({str(home)!r}))"
    # It would wait for the end of its output, which the sandbox holds as long as it runs if it has it.
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert control.find(home)
