"""`flyctl volumes`."""

from __future__ import annotations

from fly.commands.command import Command, read, write


def list_volumes(app: str) -> Command:
    """All volumes of an app that are not destroyed."""
    return read("app", "volumes", "list", "--app", app, "--json")


def create_volume(
    app: str,
    name: str,
    *,
    region: str,
    size_gb: int,
    snapshot_retention_days: int,
    scheduled_snapshots: bool,
    snapshot_id: str | None = None,
) -> Command:
    """One volume, empty or as a snapshot was. Without `--region` or `--yes` flyctl would ask.

    Volumes of one name go to different hosts.
    """
    source = ["--snapshot-id", snapshot_id] if snapshot_id else []
    return write(
        "volume",
        "volumes",
        "create",
        name,
        "--app",
        app,
        "--region",
        region,
        "--size",
        str(size_gb),
        "--snapshot-retention",
        str(snapshot_retention_days),
        f"--scheduled-snapshots={str(scheduled_snapshots).lower()}",
        *source,
        "--yes",
        "--json",
    )


def extend_volume(app: str, volume_id: str, size_gb: int) -> Command:
    """Grow a volume to a size; Fly.io cannot shrink one."""
    return write("volume", "volumes", "extend", volume_id, "--app", app, "--size", str(size_gb), "--yes", "--json")


def update_volume(app: str, volume_id: str, *, snapshot_retention_days: int, scheduled_snapshots: bool) -> Command:
    """Change how a volume is snapshotted."""
    return write(
        "volume",
        "volumes",
        "update",
        volume_id,
        "--app",
        app,
        "--snapshot-retention",
        str(snapshot_retention_days),
        f"--scheduled-snapshots={str(scheduled_snapshots).lower()}",
        "--json",
    )


def destroy_volume(app: str, volume_id: str) -> Command:
    """Remove one volume and its data."""
    return write("volume", "volumes", "destroy", volume_id, "--app", app, "--yes")
