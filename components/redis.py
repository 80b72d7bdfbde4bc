"""Redis on Fly.io."""

from __future__ import annotations

from urllib.parse import quote

import pulumi
from pydantic import SecretStr

from components.given import Given
from components.volumes import Volumes
from fly import resources as fly
from planning.files import in_base64
from planning.redis import (
    PASSWORD_FILE_SECRET,
    PORT,
    headroom,
    password_conf,
    redis_host,
    redis_toml,
)
from settings.app import FlyApp
from settings.redis import Redis as RedisSettings


class Redis(pulumi.ComponentResource):
    """Redis in one machine on the private network, with its data on a volume.

    Type token `slipway:index:Redis`. Owns `fly.App`, `Volumes`, `fly.Secrets` (the password, as a file) and
    `fly.Release`. It has no address: only apps of the organization reach it. The app and the volume are protected.
    Costs its machine and volume; a deployment takes it away for as long as it takes to stop and start.
    """

    given: Given
    """REDIS_HOST, REDIS_PORT and the secret REDIS_URL."""

    def __init__(
        self,
        name: str,
        settings: RedisSettings,
        *,
        app_name: str,
        app: FlyApp,
        password: SecretStr,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`app_name` is that of Redis's own app; `app` is the system's, beside which it runs."""
        super().__init__("slipway:index:Redis", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        pulumi.log.info(headroom(settings), self)
        own = fly.App(f"{name}-app", name=app_name, org=app.organization, opts=child)
        volumes = Volumes(name, settings.volume, app=own.name, region=app.region, machines=1, opts=child)
        text = password.get_secret_value()
        file = pulumi.Output.secret(in_base64(password_conf(text)))
        secrets = fly.Secrets(f"{name}-secrets", app=own.name, values={PASSWORD_FILE_SECRET: file}, opts=child)
        release = fly.Release(
            f"{name}-release",
            app=own.name,
            config=redis_toml(settings, app.region),
            counts={app.region: 1},
            image=settings.image,
            secrets=secrets,
            single_instance=True,
            # flyctl makes a volume of its own when a first deployment finds none.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[volumes]),
        )
        host = redis_host(app_name)
        url = pulumi.Output.secret(f"redis://default:{quote(text, safe='')}@{host}:{PORT}/0")
        self.given = Given(
            variables={"REDIS_HOST": host, "REDIS_PORT": str(PORT)}, secrets={"REDIS_URL": url}, ready=(release,)
        )
        self.register_outputs({"app": own.name, "host": host, "port": PORT, "url": url})
