"""The exit codes of `./slipway`, the same for every verb. docs/exit-codes.md lists them."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a verb's exit code means."""

    OK = 0
    """Done; everything asked for is as it should be."""
    FAILED = 1
    """Something unforeseen. The message says what."""
    USAGE = 2
    """The command line is wrong. Nothing was done."""
    NOT_SET_UP = 3
    """A program is missing or too old. Run `make setup`. Nothing was done."""
    SETTINGS = 4
    """The settings, or the price book, have problems, all of them listed. Nothing was done."""
    ENGINE = 5
    """The Pulumi engine, or a cloud through it, reported an error."""
    UNVERIFIED = 6
    """What came out or runs is not what was asked for: a check failed, or a number is beyond its limit."""
    SANDBOX = 7
    """The sandbox cannot start or does not answer."""
    REFUSED = 8
    """Refused, nothing was changed: a check failed, somebody holds the stack, data would go, the backend is foreign."""
    ROLLED_BACK = 9
    """The new release was not good, and the one before it runs again: seen, not assumed."""
    NOT_ROLLED_BACK = 10
    """The new release is not good, and the one before it could not be brought back, or there is none. Look at once."""
    FORGE = 11
    """GitHub or GitLab did not answer, or does not take what was to be posted. Running it again is safe."""
    TARGETS_MISSED = 12
    """The load test went to its end, or was stopped, and the system did not reach what its thresholds ask for."""
    POLICIES = 13
    """A policy is broken that is mandatory here, and nobody has waived it. Every finding is listed, with its remedy."""
    DRIFT = 14
    """What runs is not as it was deployed: somebody changed it elsewhere. Every property is listed."""
    BACKUP = 15
    """A backup is not whole: what it holds, or what came out of it, is not what was kept. Each difference is listed."""
