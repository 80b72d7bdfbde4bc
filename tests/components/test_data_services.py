"""Redis, PgBouncer, databases and volumes: what they consist of, what they give to the app, what they hide and hold."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from components.deployed import OUTPUT
from planning.pgbouncer import pgbouncer_ini
from planning.redis import redis_conf
from settings.pgbouncer import PgBouncer
from settings.redis import Redis
from tests import databases
from tests.paintbox import DIGITALOCEAN, FLY, build
from tests.planted import plain_finds
from tests.strict_engine import STASH, Registered, StrictEngine, resource_id

SCALED = "{app: {machines: {when_idle: autoscaler}}, autoscaler: {cpu_percent: 70, memory_percent: 88}}"
MANAGED = (
    "{database: {on: digitalocean, name: paintbox, region: sfo3, size: db-s-1vcpu-1gb, allow: [203.0.113.7]}, "
    "redis: {extend: {above_percent: 80, increment_gb: 5, limit_gb: 50}}}"
)
EVERYTHING = [(FLY, "{}"), (FLY, SCALED), (FLY, MANAGED), (DIGITALOCEAN, "{}")]


def owners(engine: StrictEngine) -> set[str]:
    """Each resource as `component$…$resource`, without the modules of the types."""
    found = (resource.urn.split("::")[2].split("$")[1:] for resource in engine)
    return {"$".join(part.rpartition(":")[2] for part in parts) for parts in found if parts}


def plain(text: str) -> str:
    return base64.b64decode(text).decode()


def release(engine: StrictEngine, name: str) -> dict[str, Any]:
    return engine.named(f"{FLY}{name}-release").inputs


def test_on_fly_redis_and_pgbouncer_are_apps_beside_the_app(preview: bool) -> None:
    assert owners(build(FLY, preview=preview)) >= {
        "Redis$App",
        "Redis$Volumes$Volume",
        "Redis$Secrets",
        "Redis$Release",
        "PgBouncer$App",
        "PgBouncer$Address",
        "PgBouncer$Secrets",
        "PgBouncer$Release",
    }


def test_on_digitalocean_they_are_clusters_with_a_pool_and_a_firewall(preview: bool) -> None:
    assert owners(build(DIGITALOCEAN, preview=preview)) >= {
        "Valkey$DatabaseCluster",
        "Valkey$DatabaseValkeyConfig",
        "Database$DatabaseCluster",
        "Database$DatabaseDb",
        "Database$DatabasePostgresqlConfig",
        "Database$DatabaseConnectionPool",
        "Firewall$DatabaseFirewall",
    }


def test_apps_are_named_as_the_document_names_them() -> None:
    engine = build(FLY)
    names = {app.name: app.inputs["name"] for app in engine.of("App") if app.custom}
    assert names == {
        "paintbox-performance-app": "paintbox-app",
        "paintbox-performance-pgbouncer-app": "paintbox-pgbouncer",
        "paintbox-performance-redis-app": "paintbox-redis",
    }


def test_another_environment_has_apps_of_its_own() -> None:
    engine = build(FLY, environment="staging")
    assert {app.inputs["name"] for app in engine.of("App") if app.custom} == {
        "paintbox-app-staging",
        "paintbox-pgbouncer-staging",
        "paintbox-redis-staging",
    }
    values = engine.named(f"{FLY}-secrets").inputs["values"]
    assert "@paintbox-redis-staging.internal:6379" in values["REDIS_URL"]
    assert "@paintbox-pgbouncer-staging.flycast:5432" in values["DATABASE_URL"]


def test_the_app_on_fly_is_given_urls_through_the_pool_and_past_it() -> None:
    engine = build(FLY)
    values = engine.named(f"{FLY}-secrets").inputs["values"]
    token = "planted-DATABASE_SOURCE_URL"
    assert values["DATABASE_URL"] == (
        f"postgres://rehearsal:{token}@paintbox-pgbouncer.flycast:5432/rehearsal?pgbouncer=true&connection_limit=10"
    )
    assert values["DIRECT_URL"] == (f"postgres://rehearsal:{token}@database.invalid:5432/rehearsal?sslmode=require")
    assert values["REDIS_URL"] == "redis://default:rehearsal-planted-REDIS_PASSWORD@paintbox-redis.internal:6379/0"
    environment = release(engine, "")["config"]["env"]
    assert (environment["REDIS_HOST"], environment["REDIS_PORT"]) == ("paintbox-redis.internal", "6379")


def test_the_files_of_redis_come_from_the_settings_and_the_secret() -> None:
    engine = build(FLY)
    config, password = release(engine, "-redis")["config"]["files"]
    assert config["raw_value"] == redis_conf(Redis(memory_mb=1024, maxmemory_mb=768, volume_gb=10))
    values = engine.named(f"{FLY}-redis-secrets").inputs["values"]
    assert plain(values[password["secret_name"]]) == ('requirepass "rehearsal\\x2dplanted\\x2dREDIS\\x5fPASSWORD"\n')


def test_the_files_of_pgbouncer_come_from_the_settings_and_the_secrets() -> None:
    engine = build(FLY)
    config, databases_file, users = release(engine, "-pgbouncer")["config"]["files"]
    assert config["raw_value"] == pgbouncer_ini(PgBouncer())
    values = engine.named(f"{FLY}-pgbouncer-secrets").inputs["values"]
    assert plain(values[databases_file["secret_name"]]).splitlines()[:2] == [
        "[databases]",
        "rehearsal = host='database.invalid' port='5432' dbname='rehearsal'",
    ]
    assert plain(values[users["secret_name"]]) == (
        '"rehearsal" "planted-DATABASE_SOURCE_URL"\n"postgres" "rehearsal-planted-PGBOUNCER_ADMIN_PASSWORD"\n'
    )


def test_redis_has_no_address_and_pgbouncer_only_a_private_one() -> None:
    engine = build(FLY)
    assert {(address.inputs["app"], address.inputs["type"]) for address in engine.of("Address")} == {
        ("paintbox-app", "shared_v4"),
        ("paintbox-app", "v6"),
        ("paintbox-pgbouncer", "private_v6"),
    }
    assert "services" not in release(engine, "-redis")["config"]


def test_redis_has_one_machine_with_its_volume() -> None:
    engine = build(FLY)
    volume = engine.named(f"{FLY}-redis-volume")
    assert volume.inputs == {
        "app": "paintbox-redis",
        "name": "redis_data",
        "region": "sjc",
        "sizeGb": 10,
        "count": 1,
        "snapshotRetentionDays": 7,
        "scheduledSnapshots": True,
    }
    redis = release(engine, "-redis")
    assert (redis["counts"], redis["singleInstance"]) == ({"sjc": 1}, True)
    assert redis["config"]["mounts"] == [
        {
            "source": "redis_data",
            "destination": "/data",
            "initial_size": "10gb",
            "snapshot_retention": 7,
            "scheduled_snapshots": True,
        }
    ]
    assert (redis["config"]["vm"], redis["config"]["swap_size_mb"]) == (
        [{"size": "shared-cpu-1x", "memory": "1024mb"}],
        576,
    )
    assert (redis["config"]["kill_signal"], redis["config"]["kill_timeout"]) == ("SIGTERM", "1m")


def test_a_volume_that_grows_by_itself_does_so_in_the_release_and_in_the_state() -> None:
    engine = build(FLY, MANAGED)
    assert engine.named(f"{FLY}-redis-volume").inputs["extendsToGb"] == 50
    mount = release(engine, "-redis")["config"]["mounts"][0]
    assert {key: value for key, value in mount.items() if key.startswith("auto_")} == {
        "auto_extend_size_threshold": 80,
        "auto_extend_size_increment": "5GB",
        "auto_extend_size_limit": "50GB",
    }


def test_the_app_s_release_waits_for_redis_and_pgbouncer() -> None:
    engine = build(FLY)
    waits = " ".join(engine.named(f"{FLY}-release").depends_on)
    assert f"{FLY}-redis-release" in waits
    assert f"{FLY}-pgbouncer-release" in waits
    assert f"{FLY}-redis-volume" in " ".join(engine.named(f"{FLY}-redis-release").depends_on)
    assert f"{FLY}-pgbouncer-private" in " ".join(engine.named(f"{FLY}-pgbouncer-release").depends_on)


def test_pgbouncer_is_reached_under_both_ports_and_asked_for_nothing_from_outside() -> None:
    pgbouncer = release(build(FLY), "-pgbouncer")
    (service,) = pgbouncer["config"]["services"]
    assert [port["port"] for port in service["ports"]] == [5432, 6432]
    assert (service["internal_port"], service["auto_stop_machines"]) == (6432, "off")
    assert pgbouncer["gate"] == {"successes": 0}


def test_with_an_autoscaler_the_proxy_stops_no_machine() -> None:
    engine = build(FLY, SCALED)
    service = release(engine, "")["config"]["http_service"]
    assert (service["auto_stop_machines"], service["auto_start_machines"]) == ("off", False)
    scaler = release(engine, "-autoscaler")
    variables = scaler["config"]["env"]
    assert {key: value for key, value in variables.items() if key != "FAS_PROMETHEUS_QUERY"} == {
        "FAS_APP_NAME": "paintbox-app",
        "FAS_REGIONS": "sjc",
        "FAS_INTERVAL": "15s",
        "FAS_MIN_STARTED_MACHINE_COUNT": "2",
        "FAS_MAX_STARTED_MACHINE_COUNT": "10",
        "FAS_STARTED_MACHINE_COUNT": "ceil(machines)",
        "FAS_PROMETHEUS_ADDRESS": "https://api.fly.io/prometheus/personal",
        "FAS_PROMETHEUS_METRIC_NAME": "machines",
    }
    assert "/ 0.7," in variables["FAS_PROMETHEUS_QUERY"]
    assert "/ 0.88," in variables["FAS_PROMETHEUS_QUERY"]
    assert scaler["singleInstance"] is True
    assert engine.named(f"{FLY}-autoscaler-secrets").inputs["values"].keys() == {
        "FAS_API_TOKEN",
        "FAS_PROMETHEUS_TOKEN",
    }


def test_without_one_there_is_none() -> None:
    assert build(FLY).of("Autoscaler") == []


def test_a_cluster_for_an_app_on_fly_lets_in_only_the_addresses_that_are_named() -> None:
    engine = build(FLY, MANAGED)
    assert engine.one("DatabaseFirewall").inputs["rules"] == [{"type": "ip_addr", "value": "203.0.113.7"}]
    values = engine.named(f"{FLY}-secrets").inputs["values"]
    assert values["DIRECT_URL"] == (
        "postgres://doadmin:planted%2Fmade%20by%20the%20cloud"
        f"@{FLY}-database-cluster.db.example.com:25060/paintbox?sslmode=require"
    )
    files = engine.named(f"{FLY}-pgbouncer-secrets").inputs["values"]
    assert plain(files["PGBOUNCER_USERLIST"]).startswith('"doadmin" "planted/made by the cloud"\n')


def test_clusters_on_digitalocean_are_as_the_settings_say() -> None:
    engine = build(DIGITALOCEAN)
    assert engine.named(f"{DIGITALOCEAN}-redis-cluster").inputs == {
        "name": "paintbox-do-valkey",
        "engine": "valkey",
        "version": "8",
        "region": "sfo3",
        "size": "db-s-1vcpu-1gb",
        "nodeCount": 1,
        "evictionPolicy": "allkeys_lru",
    }
    assert engine.one("DatabaseValkeyConfig").inputs == {
        "clusterId": resource_id(f"{DIGITALOCEAN}-redis-cluster"),
        "persistence": "rdb",
        "valkeyMaxmemoryPolicy": "allkeys-lru",
        "ssl": True,
    }
    assert engine.named(f"{DIGITALOCEAN}-database-cluster").inputs == {
        "name": "paintbox-do-db",
        "engine": "pg",
        "version": "17",
        "region": "sfo3",
        "size": "db-s-1vcpu-2gb",
        "nodeCount": 2,
        "storageAutoscale": {"enabled": True, "thresholdPercent": 80, "incrementGib": 10},
        "maintenanceWindows": [{"day": "sunday", "hour": "10:00"}],
    }
    assert engine.one("DatabasePostgresqlConfig").inputs == {
        "clusterId": resource_id(f"{DIGITALOCEAN}-database-cluster"),
        "pgStatStatementsTrack": "top",
        "pgbouncers": [{"minPoolSize": 5}],
    }
    assert engine.one("DatabaseConnectionPool").inputs == {
        "clusterId": resource_id(f"{DIGITALOCEAN}-database-cluster"),
        "name": "paintbox-pool",
        "dbName": "paintbox",
        "user": "doadmin",
        "mode": "transaction",
        "size": 20,
    }


def test_clusters_let_in_the_app_and_nobody_else() -> None:
    engine = build(DIGITALOCEAN)
    assert {firewall.inputs["clusterId"]: firewall.inputs["rules"] for firewall in engine.of("DatabaseFirewall")} == {
        resource_id(f"{DIGITALOCEAN}-{role}-cluster"): [
            {"type": "app", "value": resource_id(f"{DIGITALOCEAN}-app")},
        ]
        for role in ("redis", "database")
    }


def test_the_app_on_app_platform_is_in_the_clusters_network_and_given_private_urls() -> None:
    spec = app(build(DIGITALOCEAN)).inputs["spec"]
    assert spec["vpcs"] == [{"id": databases.NETWORK}]
    given = {entry["key"]: entry for entry in spec["envs"]}
    password = "planted%2Fmade%20by%20the%20cloud"
    assert {key: given[key]["value"] for key in ("DATABASE_URL", "DIRECT_URL", "REDIS_URL")} == {
        "DATABASE_URL": f"postgres://doadmin:{password}@private-{DIGITALOCEAN}-database-pool.db.example.com:25061"
        "/paintbox-pool?sslmode=require&pgbouncer=true&connection_limit=10",
        "DIRECT_URL": f"postgres://doadmin:{password}@private-{DIGITALOCEAN}-database-cluster.db.example.com:25060"
        "/paintbox?sslmode=require",
        "REDIS_URL": f"rediss://doadmin:{password}@private-{DIGITALOCEAN}-redis-cluster.db.example.com:25060",
    }
    assert {given[key]["type"] for key in ("DATABASE_URL", "DIRECT_URL", "REDIS_URL")} == {"SECRET"}
    plainly = {entry["key"]: entry["value"] for entry in spec["services"][0]["envs"]}
    assert (plainly["REDIS_HOST"], plainly["REDIS_PORT"]) == (
        f"private-{DIGITALOCEAN}-redis-cluster.db.example.com",
        "25060",
    )


@pytest.mark.parametrize("changes", ["{redis: null}", "{database: null, pgbouncer: null}"])
def test_one_cluster_is_enough_for_the_app_to_be_in_its_network(changes: str) -> None:
    engine = build(DIGITALOCEAN, changes)
    assert app(engine).inputs["spec"]["vpcs"] == [{"id": databases.NETWORK}]
    assert len(engine.of("DatabaseFirewall")) == 1


def test_without_clusters_there_is_no_network_and_no_firewall() -> None:
    engine = build(DIGITALOCEAN, "{redis: null, database: null, pgbouncer: null}")
    assert "vpcs" not in app(engine).inputs["spec"]
    assert engine.of("Firewall") == []


def test_spare_volumes_are_made_beside_those_of_the_machines() -> None:
    logs = "{app: {volume: {name: logs, path: /logs, size_gb: 1, holds: logs%s}}}"
    assert build(FLY, logs % "").named(f"{FLY}-volume").inputs["count"] == 10
    assert build(FLY, logs % ", count: 12").named(f"{FLY}-volume").inputs["count"] == 12


def test_a_url_that_changed_at_the_cloud_reaches_the_app_by_the_next_run() -> None:
    first = build(DIGITALOCEAN)
    settled = build(DIGITALOCEAN, after=first)
    assert "spec.envs" in app(settled).ignore_changes
    late = build(DIGITALOCEAN, after=settled, wanted="the mark of another password")
    assert "spec.envs" not in app(late).ignore_changes


@pytest.mark.parametrize(("name", "changes"), EVERYTHING)
def test_no_password_and_no_url_with_one_is_plain(name: str, changes: str, preview: bool) -> None:
    engine = build(name, changes, preview=preview)
    assert [found for resource in engine for found in plain_finds(resource.inputs, resource.secrets)] == []
    assert [found for resource in engine for found in plain_finds(resource.outputs, resource.secret_outputs)] == []
    assert "planted" not in str(engine.exports)


@pytest.mark.parametrize(("name", "changes"), EVERYTHING)
def test_what_holds_data_is_protected(name: str, changes: str) -> None:
    engine = build(name, changes)
    holding = [found for kind in ("Volume", "DatabaseCluster", "DatabaseDb") for found in engine.of(kind)]
    assert holding
    assert [found.name for found in holding if not found.protect] == []


@pytest.mark.parametrize(("name", "changes"), EVERYTHING)
def test_a_second_run_asks_for_the_same(name: str, changes: str) -> None:
    first = build(name, changes)
    second = build(name, changes, after=first)
    asked = ({found.urn: found.inputs for found in engine if found.kind != STASH} for engine in (first, second))
    assert next(asked) == next(asked)
    assert second.exports[OUTPUT][name]["settled"] is True


def app(engine: StrictEngine) -> Registered:
    return engine.named(f"{DIGITALOCEAN}-app")
