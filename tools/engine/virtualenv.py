"""The project's virtual environment: made when it is missing or broken, synchronized with the lock file."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tools.engine import command
from tools.engine.console import Console
from tools.engine.errors import PackagesNotInstalledError, PythonUnfitError

LOCK = "requirements-dev.txt"
# Exists while packages are being installed: an installer that was killed may leave a package half there.
UNFINISHED = ".unfinished"


def synchronize(project: Path, console: Console) -> None:
    """Make `.venv` hold exactly what the lock file lists, with bytecode.

    Raises PythonUnfitError or PackagesNotInstalledError.
    """
    venv = project / ".venv"
    if (venv / UNFINISHED).exists() or not _usable(venv):
        _create(venv, console)
    (venv / UNFINISHED).touch()
    _install_uv(project, venv)
    argv: list[str | Path] = [
        venv / "bin" / "uv",
        "pip",
        "sync",
        "--python",
        venv / "bin" / "python",
        "--require-hashes",
    ]
    # The first import of the Cloudflare SDK takes 9 s without bytecode, 2.7 s with it.
    argv += ["--compile-bytecode", "--no-progress", project / LOCK]
    last = "starting"

    def note(line: str) -> None:
        nonlocal last
        last = line

    with console.ticking(lambda: last):
        outcome = command.run(argv, cwd=project, on_line=note)
    if outcome.code != 0:
        raise PackagesNotInstalledError(_not_installed(f"uv pip sync {LOCK}", outcome))
    # The project's packages are found from any folder, by every Python program of this environment.
    (_site_packages(venv) / "slipway.pth").write_text(f"{project}\n", encoding="utf-8")
    (venv / UNFINISHED).unlink()


def _site_packages(venv: Path) -> Path:
    return venv / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def _usable(venv: Path) -> bool:
    python = venv / "bin" / "python"
    probe = "import sys, pip; print(sys.version_info[:2] == tuple(map(int, sys.argv[1:])))"
    return command.first_line([python, "-I", "-c", probe, *map(str, sys.version_info[:2])], 20) == "True"


def _create(venv: Path, console: Console) -> None:
    console.line(f"      making .venv with Python {sys.version_info.major}.{sys.version_info.minor}")
    if venv.is_symlink():
        venv.unlink()
    elif venv.exists():
        shutil.rmtree(venv)
    # In an activated environment `python3` is the very one that is about to be removed.
    named = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    python = named if named.exists() else Path(sys.executable)
    outcome = command.run([python, "-m", "venv", venv])
    if outcome.code != 0:
        message = (
            f"{python} -m venv ended with {outcome.code}:\n{outcome.text}\n"
            "Debian and Ubuntu keep it in a package of its own (apt install python3-venv); "
            "or name another Python: make setup PYTHON=python3.12"
        )
        raise PythonUnfitError(message)


def _install_uv(project: Path, venv: Path) -> None:
    """uv at the locked version, by pip, held to the lock file's hashes."""
    requirement = _locked("uv", (project / LOCK).read_text(encoding="utf-8"))
    wanted = requirement.split()[0].partition("==")[2]
    if command.first_line([venv / "bin" / "uv", "--version"], 20).startswith(f"uv {wanted}"):
        return
    file = venv / "uv-requirement.txt"
    file.write_text(requirement, encoding="utf-8")
    argv: list[str | Path] = [
        venv / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--no-deps",
        "-r",
        file,
    ]
    outcome = command.run([*argv, "--disable-pip-version-check"])
    if outcome.code != 0:
        raise PackagesNotInstalledError(_not_installed(f"pip install uv=={wanted}", outcome))


def _locked(name: str, lock: str) -> str:
    """The entry of one package in a lock file, with its hashes."""
    entry: list[str] = []
    for line in lock.splitlines():
        if entry and line.startswith("    --hash="):
            entry.append(line)
        elif entry:
            break
        elif line.startswith(f"{name}=="):
            entry.append(line)
    if not entry:
        raise PackagesNotInstalledError(f"{LOCK} does not list {name}: run `make lock` where it is installed")
    return "\n".join(entry) + "\n"


def _not_installed(what: str, outcome: command.Outcome) -> str:
    return (
        f"`{what}` ended with {outcome.code}:\n{outcome.text}\n"
        "The Python packages come from the package index that pip and uv are set up for. Let this machine reach it "
        "(HTTPS_PROXY, PIP_INDEX_URL and UV_DEFAULT_INDEX are honoured), then run `make setup` again."
    )
