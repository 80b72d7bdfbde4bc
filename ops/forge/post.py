"""What is written on a forge: comments of one pull request, and issues. Both kinds of forge offer the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Comment:
    """A comment of this program's own user."""

    id: int
    body: str


@dataclass(frozen=True)
class Issue:
    """An open issue of this program's own user."""

    id: int
    title: str
    body: str


class Thread(Protocol):
    """The comments of one pull request. Every method raises OperationError."""

    title: str
    """Such as `acme/shop, pull request 7`."""
    longest: int
    """Characters of a comment."""

    def comments(self) -> list[Comment]:
        """One's own, the oldest first."""

    def create(self, body: str) -> None: ...

    def update(self, comment: int, body: str) -> None: ...

    def delete(self, comment: int) -> None: ...


class Tracker(Protocol):
    """The issues of one repository that carry one label. Every method raises OperationError."""

    title: str

    def issues(self) -> list[Issue]:
        """One's own that are open, the oldest first."""

    def create(self, title: str, body: str) -> None: ...

    def update(self, issue: int, title: str, body: str) -> None: ...

    def close(self, issue: int, comment: str) -> None:
        """Say why, then close."""


def same(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but line ends, which a person's editing in a browser changes."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
