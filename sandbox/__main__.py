"""`python -m sandbox serve --home DIR`: run a sandbox in the foreground."""

from __future__ import annotations

import argparse
import errno
import json
import logging
import sqlite3
import sys
from pathlib import Path

from sandbox.control import FAILURE_FILE
from sandbox.errors import NoSpaceError, SandboxError, StoreBrokenError
from sandbox.server import serve

EXIT_REFUSED = 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox")
    verbs = parser.add_subparsers(required=True)
    serving = verbs.add_parser("serve", help="run the emulated cloud until it is stopped")
    serving.add_argument("--home", type=Path, required=True, help="where the store, the log and server.json are")
    serving.add_argument("--control-port", type=int, help="the control API's port; any free one by default")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    home = arguments.home.resolve()
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        serve(home, control_port=arguments.control_port)
    except (SandboxError, sqlite3.Error, OSError) as error:
        refused = _refusal(error, home)
        sys.stderr.write(f"{refused}\n")
        _leave_word(home, refused)
        return EXIT_REFUSED
    return 0


def _refusal(error: Exception, home: Path) -> SandboxError:
    if isinstance(error, SandboxError):
        return error
    full = "database or disk is full" in str(error) or (isinstance(error, OSError) and error.errno == errno.ENOSPC)
    if full:
        return NoSpaceError(f"no disk space is left for the sandbox in {home}; free some and start it again")
    if isinstance(error, sqlite3.DatabaseError):
        return StoreBrokenError(
            f"{home / 'cloud.sqlite'} is not a readable store ({error}); remove it, or the whole sandbox with "
            "`make rehearse-clean`, and start again: only the emulated cloud is lost"
        )
    return SandboxError(f"the sandbox cannot start in {home}: {error}")


def _leave_word(home: Path, refused: SandboxError) -> None:
    """For the process that started this one in the background."""
    try:
        (home / FAILURE_FILE).write_text(json.dumps({"kind": type(refused).__name__, "message": str(refused)}))
    except OSError:
        sys.stderr.write(f"{FAILURE_FILE} could not be written\n")


if __name__ == "__main__":
    sys.exit(main())
