"""The files of a volume, through a machine that holds it and does nothing else.

`machine exec` goes over Fly.io's HTTP API and needs a token only; `ssh console` and `ssh sftp` would need a WireGuard
connection. It gives back text, so an archive comes in parts, as base64. The image must have sh, find, sha256sum, tar,
dd and base64: Debian's, Ubuntu's and Alpine's have.
"""

from __future__ import annotations

from typing import Final

from fly.commands.command import Command, read, write

GROUP: Final = "fly_app_scratch"
"""The process group of such a machine: with this beginning flyctl marks what is not the app proper."""
PART_BYTES: Final = 512 * 1024
LIFE_SECONDS: Final = 3600
"""After this time such a machine ends and removes itself, also when nobody is left to do it."""
ARCHIVE: Final = "/slipway/archive.tar.gz"
_PACKED: Final = "/tmp/slipway.tar.gz"  # noqa: S108  inside the machine
_EXEC_SECONDS: Final = 300


def hold_volume(app: str, volume_id: str, *, image: str, region: str, path: str, archive: str | None = None) -> Command:
    """Run a machine on a volume that only sleeps. Nothing is routed to it, and flyctl's deployments pass it over.

    `archive` is a local file that the machine gets as `ARCHIVE`.
    """
    file = ["--file-local", f"{ARCHIVE}={archive}"] if archive else []
    return write(
        "machine",
        *("machine", "run", image, str(LIFE_SECONDS), "--entrypoint", "sleep", "--app", app, "--region", region),
        *("--volume", f"{volume_id}:{path}", "--metadata", f"fly_process_group={GROUP}", *file),
        *("--vm-size", "shared-cpu-1x", "--vm-memory", "256", "--rm", "--restart", "no", "--skip-dns-registration"),
    )


def sums(app: str, machine: str, path: str) -> Command:
    """The SHA-256 of each file below `path`, as sha256sum prints it."""
    return _execute(app, machine, f"cd {path} && find . -type f -exec sha256sum {{}} +")


def pack(app: str, machine: str, path: str) -> Command:
    """Make an archive of all below `path`, outside of the volume; prints its SHA-256 and its size."""
    return _execute(app, machine, f"tar -czf {_PACKED} -C {path} . && sha256sum {_PACKED} && wc -c < {_PACKED}")


def read_part(app: str, machine: str, number: int) -> Command:
    """One part of the archive as base64, counted from 0."""
    script = f"dd if={_PACKED} bs={PART_BYTES} skip={number} count=1 2>/dev/null | base64"
    return _execute(app, machine, script)


def unpack(app: str, machine: str, path: str) -> Command:
    """Put the files of `ARCHIVE` below `path`."""
    script = f"tar -xzf {ARCHIVE} -C {path}"
    argv = ["machine", "exec", machine, f'sh -c "{script}"', "--app", app, "--timeout", str(_EXEC_SECONDS), "--json"]
    return write("machine", *argv, timeout_seconds=_EXEC_SECONDS)


def _execute(app: str, machine: str, script: str) -> Command:
    """A script that leaves the volume as it is, so it may be tried again."""
    argv = ["machine", "exec", machine, f'sh -c "{script}"', "--app", app, "--timeout", str(_EXEC_SECONDS), "--json"]
    return read("machine", *argv, timeout_seconds=_EXEC_SECONDS)
