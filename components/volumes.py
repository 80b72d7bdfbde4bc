"""The volumes of an app on Fly.io."""

from __future__ import annotations

import pulumi

from fly import resources as fly
from settings.fly import Region
from settings.volume import Volume


class Volumes(pulumi.ComponentResource):
    """One volume for each machine of an app, in the machines' region.

    Type token `slipway:index:Volumes`. Owns one `fly.Volume`, `<name>-volume`, which stands for all volumes of one
    name. It is protected; snapshots are kept as long as the settings say. How machines mount a volume, and how it grows
    by itself, is part of the release. Costs 0.15 dollars a GB and month (fly.io pricing page, 2026-08).
    """

    volume_ids: pulumi.Output[list[str]]
    """The ids of the volumes."""

    def __init__(
        self,
        name: str,
        settings: Volume,
        *,
        app: pulumi.Output[str],
        region: Region,
        machines: int,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("slipway:index:Volumes", name, None, opts)
        # Stacks of before this component have the volume one level higher, and protected.
        before = [pulumi.Alias(parent=opts.parent)] if opts and opts.parent else None
        volume = fly.Volume(
            f"{name}-volume",
            app=app,
            name=settings.name,
            region=settings.region or region,
            size_gb=settings.size_gb,
            count=settings.count or machines,
            snapshot_retention_days=settings.snapshot_days,
            extends_to_gb=settings.extend.limit_gb if settings.extend else None,
            opts=pulumi.ResourceOptions(parent=self, aliases=before),
        )
        self.volume_ids = volume.volume_ids
        self.register_outputs({"volumeIds": self.volume_ids})
