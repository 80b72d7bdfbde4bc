"""Artillery's own check of its scripts: its npm package with the one library that the check needs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

VERSION = "2.0.34"
_JOI = "17.13.3"
_CHECK = """\
import {{ readFileSync }} from "node:fs";
const {{ default: check }} = await import("{place}");
console.log(JSON.stringify(check(JSON.parse(readFileSync(0, "utf8"))) ?? null));
"""


class Artillery:
    """In a folder of its own. Where npm cannot reach it, the test says so and is left out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "package.json").write_text('{"type": "module", "private": true}')
        self._npm("install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", f"joi@{_JOI}")
        self._npm("pack", "--silent", f"artillery@{VERSION}")
        archive = f"artillery-{VERSION}.tgz"
        subprocess.run(["tar", "xzf", archive], cwd=folder, check=True)
        place = folder / "package" / "dist" / "lib" / "util" / "validate-script.js"
        (folder / "check.mjs").write_text(_CHECK.format(place=place))

    def objection(self, script: Any) -> str | None:
        """What Artillery has against a script; None for nothing."""
        done = subprocess.run(
            ["node", "check.mjs"],
            cwd=self._folder,
            input=json.dumps(script),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        found: str | None = json.loads(done.stdout)
        return found

    def _npm(self, *arguments: str) -> None:
        try:
            done = subprocess.run(
                ["npm", *arguments], cwd=self._folder, capture_output=True, text=True, check=False, timeout=100
            )
        except FileNotFoundError:
            pytest.skip("no npm on PATH, so Artillery's check cannot be had")
        if done.returncode:
            pytest.skip(f"npm {arguments[0]} failed, so Artillery's check cannot be had: {done.stderr.strip()[-300:]}")
