"""Gets one program by the first way that works, and keeps what was downloaded or built for all clones of the user.

The cache holds one folder a version and recipe. A folder appears there whole (it is made under another name and
renamed), so that what exists is complete and a killed set-up leaves nothing that looks usable.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.engine import go_modules, on_path, vendor_release, version
from tools.engine.console import Console
from tools.engine.errors import ProgramUnavailableError, WayClosedError
from tools.engine.program import Program

UNFINISHED = ".unfinished-"
Way = Callable[[Program, Path, Console], None]
# Origin, how it is called in a message, what does it: in the order of preference.
WAYS: tuple[tuple[str, str, Way], ...] = (
    ("vendor", "the vendor's release", vendor_release.download),
    ("go", "Go modules", go_modules.build),
)


@dataclass(frozen=True)
class Obtained:
    """A program that is ready: its file, and where it came from (`path`, `vendor` or `go`)."""

    program: Program
    file: Path
    origin: str


def obtain(program: Program, cache: Path, skip: Path, console: Console) -> Obtained:
    """The program, by the first way that works: PATH, the cache, the vendor's release, Go modules.

    `skip` is a folder of PATH that is not looked at (the project's own `.venv/bin`).
    Raises ProgramUnavailableError, which names every way out, or NoDiskSpaceError.
    """
    reasons: list[str] = []
    try:
        found = on_path.find(program, skip=skip)
    except WayClosedError as closed:
        reasons.append(f"PATH: {closed}")
    else:
        console.line(f"      {program.title}: {found}")
        return Obtained(program, found, "path")
    for origin, _, _ in WAYS:
        kept = _folder(program, cache, origin) / program.name
        if kept.is_file():
            console.line(f"      {program.title} {program.version}: from the user's cache")
            return Obtained(program, kept, origin)
    for origin, called, way in WAYS:
        try:
            file = _fill(program, cache, origin, way, console)
        except WayClosedError as closed:
            reasons.append(f"{called}: {closed}")
            console.line(f"      {program.title}: {called}: {closed}")
        else:
            console.line(f"      {program.title} {program.version}: from {called}")
            return Obtained(program, file, origin)
    raise ProgramUnavailableError(_no_way(program, reasons))


def remove_unfinished(cache: Path) -> None:
    """Remove what killed set-ups left in the cache. The caller holds the lock, so nobody is at work in there."""
    for left in cache.glob(f"*/{UNFINISHED}*"):
        shutil.rmtree(left)


def _folder(program: Program, cache: Path, origin: str) -> Path:
    return cache / program.name / f"{program.version}-{origin}-{program.recipe(origin)}"


def _fill(program: Program, cache: Path, origin: str, way: Way, console: Console) -> Path:
    final = _folder(program, cache, origin)
    unfinished = final.with_name(f"{UNFINISHED}{os.getpid()}-{final.name}")
    unfinished.mkdir(parents=True)
    try:
        way(program, unfinished, console)
        answer = version.ask(unfinished / program.name, program.ask)
        if answer != version.parse(program.version):
            raise WayClosedError(f"what it gave says it is {answer}, not {program.version}")
        unfinished.rename(final)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return final / program.name


def _no_way(program: Program, reasons: list[str]) -> str:
    tried = "\n".join(f"  - {reason}" for reason in reasons)
    return (
        f"{program.title} {program.version} cannot be had on this machine. Tried:\n{tried}\n"
        "Ways out, any one of them, then run `make setup` again:\n"
        f"  - install {program.title} {program.minimum} or newer ({program.install_page}) and put it on PATH\n"
        f"  - let this machine reach {program.vendor.base.format(version=program.version)} (HTTPS_PROXY is honoured)\n"
        f"  - install Go 1.26 or newer (https://go.dev/dl/) with access to a module proxy (GOPROXY is honoured)\n"
        f"  - copy ~/.cache/slipway from a machine of the same kind where `make setup` has run"
    )
