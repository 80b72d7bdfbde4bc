"""What set-up knows of a program: its name, its version and the ways to get it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class VendorArchive:
    """Where the vendor publishes a release, and what of the archive is kept.

    `base`, `archive` and `checksums` may hold `{version}`, `{os}` and `{arch}`; `keep` lists file name patterns.
    `checksums` names the vendor's list of SHA-256 sums, one `<sum>  <file>` a line.
    """

    base: str
    archive: str
    checksums: str
    os_names: Mapping[str, str]
    arch_names: Mapping[str, str]
    keep: tuple[str, ...]


@dataclass(frozen=True)
class GoModule:
    """How to build the program from the Go module proxy.

    `module_hash` is the module's line in go.sum; `minutes` and `packages` are what a first build takes on 2 cores;
    `extra_files` maps a file name beside the program to `<module>:<path in the module>`.
    """

    path: str
    package: str
    module_hash: str
    go_version: str
    ldflags: str
    minutes: int
    packages: int
    tags: str = ""
    extra_files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Program:
    """A command-line program that the project runs.

    `needs_beside` are programs that must be found with it (in its folder or on PATH) for it to be of use; `ask` are the
    arguments that make it tell its version.
    """

    name: str
    title: str
    version: str
    minimum: str
    needs_beside: tuple[str, ...]
    vendor: VendorArchive
    go: GoModule
    install_page: str
    ask: tuple[str, ...] = ("version",)

    def recipe(self, origin: str) -> str:
        """Eight hex digits that change when the way to get this version (`vendor` or `go`) changes."""
        # How long it takes does not change what comes of it.
        way = {"vendor": self.vendor, "go": replace(self.go, minutes=0, packages=0)}[origin]
        return hashlib.sha256(repr(way).encode()).hexdigest()[:8]
