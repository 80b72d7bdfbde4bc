from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.engine_side import EngineSide, Made, Refused

CLUSTER = "digitalocean/databaseCluster"
POOL = "digitalocean/databaseConnectionPool"


def pg(**more: Any) -> dict[str, Any]:
    given = {
        "name": "data",
        "engine": "pg",
        "version": "17",
        "size": "db-s-1vcpu-1gb",
        "region": "fra1",
        "nodeCount": 1,
    }
    return {**given, **more}


@pytest.fixture
def cluster(engine: EngineSide) -> Made:
    return engine.create(CLUSTER, pg())


def test_a_clusters_uris_are_complete_secret_and_nowhere_in_the_store(
    engine: EngineSide, cluster: Made, tmp_path: Path
) -> None:
    password = cluster.outputs["password"]
    assert cluster.outputs["uri"] == (
        f"postgresql://doadmin:{password}@{cluster.outputs['host']}:25060/defaultdb?sslmode=require"
    )
    assert cluster.outputs["privateHost"] == f"private-{cluster.outputs['host']}"
    assert {("uri",), ("privateUri",), ("password",)} <= cluster.secrets
    assert password.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    again = engine.read(CLUSTER, cluster.id, cluster)
    assert again is not None
    assert again.outputs == cluster.outputs


def test_a_valkey_cluster_speaks_rediss(engine: EngineSide) -> None:
    made = engine.create(CLUSTER, pg(engine="valkey", version="8", evictionPolicy="allkeys_lru"))
    assert made.outputs["uri"].startswith("rediss://default:AVNS_")
    assert made.outputs["port"] == 25061


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"version": None}, "version"),
        ({"evictionPolicy": "noeviction"}, "evictionPolicy"),
        ({"sqlMode": "ANSI"}, "sqlMode"),
        ({"storageAutoscale": {"enabled": True, "thresholdPercent": 14}}, "storageAutoscale.thresholdPercent"),
        ({"maintenanceWindows": [{"day": "someday", "hour": "13:00"}]}, "maintenanceWindows[0].day"),
        ({"nodeCount": 0}, "nodeCount"),
    ],
)
def test_the_provider_refuses_a_cluster(engine: EngineSide, changes: dict[str, Any], path: str) -> None:
    assert list(engine.check(CLUSTER, pg(**changes))[1]) == [path]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"engine": "redis", "version": "7"}, "Redis is discontinued since 2025-06-30; use engine valkey"),
        ({"version": "9"}, "pg version '9' is not offered; offered: 14, 15"),
        ({"nodeCount": 2}, "size db-s-1vcpu-1gb allows one node only; standby nodes start at 2 GB"),
        ({"nodeCount": 4, "size": "db-s-2vcpu-4gb"}, "pg clusters have at most 3 nodes, got 4"),
        ({"region": "fra"}, 'its successor is "fra1"'),
        ({"size": "huge"}, "expected a size slug"),
    ],
)
def test_the_platform_refuses_a_cluster(engine: EngineSide, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=message):
        engine.create(CLUSTER, pg(**changes))


def test_engine_name_and_network_replace_and_size_does_not(engine: EngineSide, cluster: Made) -> None:
    assert engine.changes(cluster, pg(size="db-s-2vcpu-4gb")) == {"size": "update"}
    assert engine.changes(cluster, pg(engine="mysql", version="8"))["engine"] == "update replace"


def test_pools_share_the_connections_of_the_cluster(engine: EngineSide, cluster: Made) -> None:
    pool = {"clusterId": cluster.id, "dbName": "defaultdb", "mode": "transaction", "size": 20}
    made = engine.create(POOL, {**pool, "name": "app"})
    assert made.id == f"{cluster.id}/app"
    assert made.outputs["uri"].endswith(":25061/app?sslmode=require")
    with pytest.raises(Refused, match="pool size 3 does not fit: 20 of the 22 connections"):
        engine.create(POOL, {**pool, "name": "jobs", "size": 3})
    engine.create(POOL, {**pool, "name": "jobs", "size": 2})


def test_users_and_databases_live_in_the_cluster_and_go_with_it(engine: EngineSide, cluster: Made) -> None:
    user = engine.create("digitalocean/databaseUser", {"clusterId": cluster.id, "name": "app"})
    database = engine.create("digitalocean/databaseDb", {"clusterId": cluster.id, "name": "shop"})
    assert (user.id, database.id) == (f"{cluster.id}/user/app", f"{cluster.id}/database/shop")
    assert user.outputs["password"].startswith("AVNS_")
    with pytest.raises(Refused, match="user 'app' already exists"):
        engine.create("digitalocean/databaseUser", {"clusterId": cluster.id, "name": "app"}, name="again")
    engine.delete(cluster)
    assert engine.read(user.kind, user.id, user) is None
    assert engine.read(database.kind, database.id, database) is None


def test_firewall_rules_are_a_set_and_keep_their_ids(engine: EngineSide, cluster: Made) -> None:
    firewall = "digitalocean/databaseFirewall"
    rules = [{"type": "ip_addr", "value": "192.0.2.1"}, {"type": "tag", "value": "web"}]
    made = engine.create(firewall, {"clusterId": cluster.id, "rules": rules})
    assert engine.changes(made, {"clusterId": cluster.id, "rules": rules[::-1]}) == {}
    more = engine.update(made, {"clusterId": cluster.id, "rules": [rules[1], {"type": "tag", "value": "jobs"}]})
    assert more.outputs["rules"][0]["uuid"] == made.outputs["rules"][1]["uuid"]
    with pytest.raises(Refused, match="app 'nope' of the firewall rule was not found"):
        engine.update(made, {"clusterId": cluster.id, "rules": [{"type": "app", "value": "nope"}]})


def test_tuning_is_for_its_own_engine(engine: EngineSide, cluster: Made) -> None:
    tuning = engine.create(
        "digitalocean/databasePostgresqlConfig",
        {"clusterId": cluster.id, "backupHour": 3, "pgbouncers": [{"minPoolSize": 5}]},
    )
    assert tuning.id == f"{cluster.id}/postgresql-config"
    assert engine.changes(tuning, {"clusterId": cluster.id, "backupHour": 4}) == {"backupHour": "update"}
    with pytest.raises(Refused, match="this configuration is for Valkey, the cluster is pg"):
        engine.create("digitalocean/databaseValkeyConfig", {"clusterId": cluster.id, "persistence": "rdb"})


def test_valkeys_policy_is_written_with_hyphens(engine: EngineSide) -> None:
    _, failures = engine.check(
        "digitalocean/databaseValkeyConfig", {"clusterId": "c", "valkeyMaxmemoryPolicy": "allkeys_lru"}
    )
    assert failures["valkeyMaxmemoryPolicy"].endswith('its successor is "allkeys-lru"')


def test_a_network_with_a_cluster_in_it_cannot_go(engine: EngineSide) -> None:
    vpc = engine.create("digitalocean/vpc", {"name": "net", "region": "fra1"})
    engine.create(CLUSTER, pg(privateNetworkUuid=vpc.id))
    with pytest.raises(Refused, match="403 Can not delete VPC with members: data"):
        engine.delete(vpc)
