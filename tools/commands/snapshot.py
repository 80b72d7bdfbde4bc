"""Writes down a program's commands by asking it for the help of each."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Final

from tools.commands.help_text import Help, read_help
from tools.commands.tree import Command, Tree

_TIMEOUT_SECONDS: Final = 60.0
_LEFT_OUT: Final = {"help", "completion", "gen-completion"}
_HELP: Final = "-h|--help"
_AT_ONCE: Final = os.cpu_count() or 1


def snapshot(program: str, binary: Path, today: date) -> Tree:
    """The tree of a program as it is installed. Nothing but `--help` and `version` is run, without anybody's login."""
    with tempfile.TemporaryDirectory() as home:
        version = re.search(r"\d+\.\d+\.\d+", _run(binary, ["version"], home))
        helps: dict[str, Help] = {}
        level = [""]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while level:
                told = dict(zip(level, pool.map(lambda path: _help(binary, path, home), level), strict=True))
                helps |= told
                level = [
                    f"{path} {name}".strip()
                    for path, help_ in told.items()
                    for name in help_.commands
                    if name not in _LEFT_OUT
                ]
    everywhere = {*helps[""].flags, _HELP}
    commands = {path: _command(path, help_, everywhere) for path, help_ in helps.items()}
    return Tree(program, version[0] if version else "", today.isoformat(), tuple(sorted(everywhere)), commands)


def _command(path: str, told: Help, everywhere: set[str]) -> Command:
    """One command, with the flags of the groups it is in, but not with those that every command has."""
    aliases = tuple(name for name in told.aliases if name != path.rpartition(" ")[2])
    flags = tuple(sorted({*told.flags, *told.global_flags} - everywhere))
    return Command(aliases, flags, told.arguments)


def _help(binary: Path, path: str, home: str) -> Help:
    return read_help(_run(binary, [*path.split(), "--help"], home))


def _run(binary: Path, arguments: list[str], home: str) -> str:
    # Proxies that nobody answers: a program that wants to look for updates finds nothing and goes on.
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "https_proxy", "http_proxy"), "http://127.0.0.1:9")
    environment = {
        "HOME": home,
        "PATH": "/usr/bin:/bin",
        "NO_COLOR": "1",
        "FLY_NO_UPDATE_CHECK": "1",
        "FLY_SEND_METRICS": "0",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        **nowhere,
    }
    done = subprocess.run(  # noqa: S603  the program that the caller named
        [binary, *arguments], env=environment, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
    )
    return done.stdout
