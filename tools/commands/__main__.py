"""`python -m tools.commands`: checks the pages; with a program and its file, writes down that program's commands."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from tools.commands.pages import problems
from tools.commands.snapshot import snapshot
from tools.commands.tree import save


def main() -> int:
    """Returns the exit code."""
    if len(sys.argv) == 3:
        save(snapshot(sys.argv[1], Path(sys.argv[2]), datetime.now(UTC).date()))
        return 0
    found = list(problems(Path(__file__).resolve().parents[2]))
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
