"""What can stop a set-up, each with its exit code.

    SetupError                      1   anything below, when no better code exists
    ├── PythonUnfitError           20   python3 is too old, or cannot make a virtual environment
    ├── PackagesNotInstalledError  21   the locked Python packages could not be installed
    ├── ProgramUnavailableError    22   no way to get the Pulumi CLI or flyctl works here
    ├── NoDiskSpaceError           23   not enough free space to build
    └── CacheNotWritableError      24   the user's cache folder cannot be written

A set-up that is interrupted ends with 130. `make` turns every one of them into its own 2;
`python3 -m tools.engine` passes them on.
"""

from __future__ import annotations


class SetupError(Exception):
    """A set-up cannot go on; the message names the trouble and every way out."""

    exit_code = 1


class PythonUnfitError(SetupError):
    """The Python at hand cannot carry the project."""

    exit_code = 20


class PackagesNotInstalledError(SetupError):
    """pip or uv did not install what the lock file lists."""

    exit_code = 21


class ProgramUnavailableError(SetupError):
    """None of the ways to get a program works on this machine."""

    exit_code = 22


class NoDiskSpaceError(SetupError):
    """A build would run out of disk space."""

    exit_code = 23


class CacheNotWritableError(SetupError):
    """The per-user cache folder cannot be made or written."""

    exit_code = 24


class WayClosedError(Exception):
    """One way to get a program does not work here; the next one is tried. The message is one line."""
