import errno
import json
import sqlite3
from pathlib import Path

import pytest

from sandbox import __main__ as program
from sandbox.errors import NoSpaceError, PortTakenError, SandboxError, StoreBrokenError


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), NoSpaceError, "no disk space is left for the sandbox in"),
        (sqlite3.OperationalError("database or disk is full"), NoSpaceError, "free some and start it again"),
        (sqlite3.DatabaseError("file is not a database"), StoreBrokenError, "only the emulated cloud is lost"),
        (PortTakenError("port 1 is in use"), PortTakenError, "port 1 is in use"),
        (OSError(errno.EACCES, "Permission denied"), SandboxError, "the sandbox cannot start in"),
    ],
)
def test_a_start_that_fails_says_why_and_what_to_do(
    error: Exception,
    kind: type[SandboxError],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(program, "serve", fail)
    monkeypatch.setattr("sys.argv", ["sandbox", "serve", "--home", str(tmp_path)])
    assert program.main() == program.EXIT_REFUSED
    left = json.loads((tmp_path / "failure.json").read_text())
    assert left["kind"] == kind.__name__
    assert message in left["message"]
    assert capsys.readouterr().err == left["message"] + "\n"
