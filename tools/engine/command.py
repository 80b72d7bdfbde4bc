"""The one place of set-up that starts a program."""

from __future__ import annotations

import os
import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Left in the environment they would change where Python looks or keep it from writing bytecode.
PYTHON_VARIABLES = ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
TAIL_LINES = 12


@dataclass(frozen=True)
class Outcome:
    """How a program ended: its exit code, and the last lines it wrote."""

    code: int
    tail: tuple[str, ...]

    @property
    def text(self) -> str:
        """The last lines, as one text."""
        return "\n".join(self.tail)


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without what disturbs Python, with `changes` on top."""
    kept = {name: value for name, value in os.environ.items() if name not in PYTHON_VARIABLES}
    return {**kept, **(changes or {})}


def first_line(argv: Sequence[str | Path], timeout_seconds: float) -> str:
    """What a program prints first (stdout only), or "" when it fails, hangs or prints nothing."""
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, never a shell string
            [str(part) for part in argv],
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_seconds,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip().partition("\n")[0]


def run(
    argv: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    on_line: Callable[[str], object] | None = None,
) -> Outcome:
    """Run a program to its end, stdout and stderr together; each line goes to `on_line` as it comes.

    Raises OSError when the program cannot be started. An exception here (an interrupt, say) ends the program too.
    """
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    with subprocess.Popen(  # noqa: S603 - a list of arguments, never a shell string, all of them from pins.py and paths
        [str(part) for part in argv],
        cwd=cwd,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        close_fds=False,  # hands down the lock, the one descriptor that is marked for it (tools/engine/lock.py)
        text=True,
        errors="replace",
    ) as process:
        try:
            for line in process.stdout or ():
                text = line.rstrip()
                tail.append(text)
                if on_line is not None:
                    on_line(text)
        except BaseException:
            process.terminate()
            raise
        code = process.wait()
    return Outcome(code, tuple(tail))
