"""k6, from PATH, the vendor or Go modules; kept in the user's cache as Pulumi and flyctl are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tetrix import ROOT
from tools.engine import lock, machine, obtain
from tools.engine.console import Console
from tools.engine.errors import SetupError
from tools.engine.program import GoModule, Program, VendorArchive

K6 = Program(
    name="k6",
    title="k6",
    version="1.8.1",
    minimum="1.0.0",
    needs_beside=(),
    vendor=VendorArchive(
        base="https://github.com/grafana/k6/releases/download/v{version}",
        archive="k6-v{version}-{os}-{arch}.tar.gz",
        checksums="k6-v{version}-checksums.txt",
        # For macOS there are .zip files only.
        os_names={"linux": "linux"},
        arch_names={"x86_64": "amd64", "arm64": "arm64"},
        keep=("k6",),
    ),
    go=GoModule(
        path="go.k6.io/k6",
        package="go.k6.io/k6",
        module_hash="h1:orZsbZ2Od0CVZICs9YpTgkKcxfPghJW8VZtwg0cj8H8=",
        go_version="1.25.0",
        ldflags="-s -w",
        minutes=3,
        packages=1100,
    ),
    install_page="https://grafana.com/docs/k6/latest/set-up/install-k6/",
)


def k6() -> Path:
    """The program. Where it cannot be had, the test says why and is left out."""
    cache, console = machine.cache_home(), Console()
    try:
        with lock.held(cache, console):
            return obtain.obtain(K6, cache, ROOT / ".venv" / "bin", console).file
    except SetupError as error:
        pytest.skip(f"no k6: {error}")
