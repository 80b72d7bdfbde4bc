"""`python3 -m tools.engine`: sets the project up. Exit codes: see tools/engine/errors.py."""

import errno
import sys
from pathlib import Path

# Before anything that an older Python could not even read.
if sys.version_info < (3, 11):  # noqa: UP036 - the message for those who run an older one
    sys.stderr.write(
        "{} is Python {}.{}; this project needs 3.11 or newer.\n"
        "Install one (https://www.python.org/downloads/, or your package manager), "
        "or name one that is there: make setup PYTHON=python3.12\n".format(sys.executable, *sys.version_info[:2])
    )
    sys.exit(20)

from tools.engine.console import Console
from tools.engine.errors import NoDiskSpaceError, SetupError
from tools.engine.setup import set_up


def main() -> int:
    """Set the project up; returns the exit code."""
    try:
        set_up(Path(__file__).resolve().parents[2], Console())
    except SetupError as error:
        sys.stderr.write(f"\nSet-up stopped. {error}\n")
        return error.exit_code
    except OSError as error:
        sys.stderr.write(f"\nSet-up stopped. {error}\nWhen that is mended, run `make setup` again.\n")
        return NoDiskSpaceError.exit_code if error.errno == errno.ENOSPC else SetupError.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("\nSet-up was interrupted: run `make setup` again, it goes on where it stopped.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
