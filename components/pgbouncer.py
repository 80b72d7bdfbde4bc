"""PgBouncer on Fly.io."""

from __future__ import annotations

import pulumi
from pydantic import SecretStr

from components.given import Given
from fly import resources as fly
from planning.files import in_base64
from planning.pgbouncer import (
    DATABASES_PATH,
    FILE_SECRETS,
    USERS_PATH,
    databases_ini,
    flycast_host,
    pgbouncer_toml,
    pooled_url,
    userlist,
)
from settings.app import FlyApp
from settings.pgbouncer import PgBouncer as PgBouncerSettings
from settings.postgres_url import PostgresUrl


class PgBouncer(pulumi.ComponentResource):
    """PgBouncer between the app's machines and the database.

    Type token `slipway:index:PgBouncer`. Owns `fly.App`, `fly.Address` (a private one, Flycast), `fly.Secrets` (the
    database and the users, as files) and `fly.Release`. The database belongs to Database. Costs its machines.
    """

    given: Given
    """The secret DATABASE_URL, which leads through it."""

    def __init__(
        self,
        name: str,
        settings: PgBouncerSettings,
        *,
        app_name: str,
        app: FlyApp,
        database: pulumi.Output[PostgresUrl],
        admin_password: SecretStr,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`app_name` is that of PgBouncer's own app; `app` is the system's, beside which it runs."""
        super().__init__("slipway:index:PgBouncer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        own = fly.App(f"{name}-app", name=app_name, org=app.organization, opts=child)
        address = fly.Address(f"{name}-private", app=own.name, type="private_v6", opts=child)
        admin = pulumi.Output.secret(admin_password.get_secret_value())
        users = pulumi.Output.all(database, admin).apply(lambda found: in_base64(userlist(*found)))
        databases = database.apply(lambda found: in_base64(databases_ini(found)))
        secrets = fly.Secrets(
            f"{name}-secrets",
            app=own.name,
            values={FILE_SECRETS[DATABASES_PATH]: databases, FILE_SECRETS[USERS_PATH]: users},
            opts=child,
        )
        release = fly.Release(
            f"{name}-release",
            app=own.name,
            config=pgbouncer_toml(settings, app.region),
            counts={app.region: settings.machines},
            image=settings.image,
            secrets=secrets,
            # It speaks no HTTP, and nothing outside of the private network could ask it.
            gate={"successes": 0},
            # flyctl makes a public address of its own when a first deployment finds none.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[address]),
        )
        host = flycast_host(app_name)
        url = database.apply(lambda found: pooled_url(found, settings, host))
        self.given = Given(secrets={"DATABASE_URL": url}, ready=(release,))
        self.register_outputs({"app": own.name, "host": host, "url": url})
