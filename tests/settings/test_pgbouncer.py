"""PgBouncer and pools: every rule of the chain from the app's machines to the database."""

from __future__ import annotations

import pytest

from tests.settings.samples import DIGITALOCEAN, FLY, refusals

EXTERNAL = "database: {on: external}\n"
CLUSTER = "database: {on: digitalocean, name: sample, region: fra1, size: db-s-1vcpu-1gb}\n"

KEPT = (
    EXTERNAL + "pgbouncer: {}",
    EXTERNAL + "pgbouncer: {minimum: 20}",
    EXTERNAL + "pgbouncer: {pool: 95}",
    EXTERNAL + "pgbouncer: {machines: 4, pool: 23}",
    EXTERNAL + "pgbouncer: {app_pool: 50}",
)
REFUSED = (
    (
        EXTERNAL + "pgbouncer: {minimum: 21}",
        ["pgbouncer.minimum: 21 is more than the pool of 20; set it to 20 or less, or pool to 21"],
    ),
    (
        EXTERNAL + "pgbouncer: {pool: 96}",
        [
            "pgbouncer.pool: 96 connections are more than the 95 that the database has for it "
            "(97, less 2 for migrations); set it to 95 or less, or raise database.connections, if it allows more",
        ],
    ),
    (
        EXTERNAL + "pgbouncer: {machines: 4, pool: 24}",
        [
            "pgbouncer.pool: 4 times 24 connections are more than the 95 that the database has for it "
            "(97, less 2 for migrations); set it to 23 or less, or raise database.connections, if it allows more",
        ],
    ),
    (
        EXTERNAL + "pgbouncer: {pool: 30, clients: 25}",
        [
            "pgbouncer.pool: 30 connections to the database are more than the 25 clients that can use them; "
            "set it to 25 or less, or clients to 30",
        ],
    ),
    (
        EXTERNAL + "pgbouncer: {app_pool: 51}",
        [
            "pgbouncer.clients: 2 machines with 51 connections each are 102, and PgBouncer takes 100; "
            "set it to 102 or more, or app_pool to 50",
        ],
    ),
    (
        EXTERNAL + "pgbouncer: {app_pool: 26}\napp: {deploy: {strategy: bluegreen}}",
        [
            "pgbouncer.clients: 4 machines with 26 connections each are 104, and PgBouncer takes 100; "
            "set it to 104 or more, or app_pool to 25",
        ],
    ),
    (
        EXTERNAL + "pgbouncer: {app_pool: 34}\napp: {deploy: {strategy: canary}}",
        [
            "pgbouncer.clients: 3 machines with 34 connections each are 102, and PgBouncer takes 100; "
            "set it to 102 or more, or app_pool to 33",
        ],
    ),
    ("pgbouncer: {}", ["pgbouncer: there is no database behind it; set database"]),
    (
        "database: {on: external, connections: 1}",
        [
            "database: 2 machines are more than the 1 connections that the database allows; put pgbouncer before it",
        ],
    ),
    (
        EXTERNAL + "app: {secrets: {DATABASE_URL: {}}}",
        ["app.secrets.DATABASE_URL: DATABASE_URL is given to the app by database; remove it here"],
    ),
    (
        "database: {on: digitalocean, name: sample, region: sfo3, size: db-s-1vcpu-1gb}",
        [
            "database.allow: the cluster's firewall lets nobody in: an app on Fly.io is outside of DigitalOcean; "
            "name the static egress addresses of its machines (fly machine egress-ip allocate)",
        ],
    ),
    (
        "database: {on: digitalocean, name: sample, region: sfo3, size: db-s-1vcpu-1gb, allow: [10.0.0.256]}",
        ['database.allow[0]: "10.0.0.256" is not an IP address; write it as in 203.0.113.7'],
    ),
)
POOL_REFUSED = (
    (
        CLUSTER + "pgbouncer: {pool: 21}",
        [
            "pgbouncer.pool: 21 connections are more than the 20 that the database has for it "
            "(22, less 2 for migrations); set it to 20 or less, or raise database.size",
        ],
    ),
    (
        CLUSTER + "pgbouncer: {clients: 100}",
        [
            "pgbouncer.clients: clients cannot be set on this platform; "
            "DigitalOcean's pools have no such limit: remove it",
        ],
    ),
    (
        EXTERNAL + "pgbouncer: {}",
        [
            "pgbouncer: a pool belongs to a cluster on DigitalOcean, and the system has none; "
            "set database.on: digitalocean, or remove pgbouncer",
        ],
    ),
    (
        "database: {on: digitalocean, name: sample, region: fra, size: db-s-1vcpu-1gb}",
        ['database.region: "fra" is not a data centre of DigitalOcean\'s databases; name the data centre: fra1'],
    ),
    (
        "database: {on: digitalocean, name: sample, region: ams3, size: db-s-1vcpu-1gb}",
        [
            "database.region: ams3 is not in the app's region fra, so no private network joins them; "
            "choose a data centre in fra",
        ],
    ),
    (
        "database: {on: digitalocean, name: sample, region: fra1, size: db-s-1vcpu-1gb, nodes: 2}",
        [
            "database.nodes: 2 nodes need 2 GB of memory each, db-s-1vcpu-1gb has 1; "
            "set it to 1, or size to db-s-1vcpu-2gb",
        ],
    ),
)


@pytest.mark.parametrize("changes", KEPT)
def test_a_chain_that_holds_is_kept(changes: str) -> None:
    assert refusals(FLY, changes) == []


@pytest.mark.parametrize(("changes", "problems"), REFUSED)
def test_a_chain_that_breaks_is_refused_with_the_number_that_holds(changes: str, problems: list[str]) -> None:
    assert refusals(FLY, changes) == problems


@pytest.mark.parametrize("changes", [CLUSTER, CLUSTER + "pgbouncer: {}", EXTERNAL])
def test_a_pool_that_the_cluster_allows_is_kept(changes: str) -> None:
    assert refusals(DIGITALOCEAN, changes) == []


@pytest.mark.parametrize(("changes", "problems"), POOL_REFUSED)
def test_a_pool_that_the_cluster_does_not_allow_is_refused(changes: str, problems: list[str]) -> None:
    assert refusals(DIGITALOCEAN, changes) == problems


def test_all_that_is_wrong_is_said_together() -> None:
    changes = """
        redis: {memory_mb: 1024, maxmemory_mb: 800, volume_gb: 10}
        pgbouncer: {minimum: 60, pool: 50, app_pool: 60}
        database: {on: external, connections: 40}
        app: {volume: {name: logs, path: /logs, size_gb: 1, holds: logs, count: 1, region: iad}}
    """
    assert [problem.partition(":")[0] for problem in refusals(FLY, changes)] == [
        "app.volume.count",
        "app.volume.region",
        "pgbouncer.clients",
        "pgbouncer.minimum",
        "pgbouncer.pool",
        "redis.maxmemory_mb",
    ]
