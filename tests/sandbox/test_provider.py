import asyncio
import json
import sqlite3
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from sandbox.faults import Faults, Plan
from sandbox.values import UNKNOWN
from tests.sandbox.engine_side import EngineSide, Refused

CHECK = "digitalocean/uptimeCheck"
RECORD = "cloudflare/dnsRecord"


def test_what_was_created_is_read_back_and_has_no_difference(engine: EngineSide) -> None:
    made = engine.create(CHECK, {"target": "https://a.com/health", "name": "health"})
    again = engine.read(CHECK, made.id, made)
    assert again is not None
    assert again.outputs == made.outputs
    assert again.inputs == made.inputs
    assert engine.changes(made, made.inputs) == {}


def test_a_preview_creates_nothing_and_tells_computed_outputs_as_unknown(engine: EngineSide) -> None:
    made = engine.create(CHECK, {"target": UNKNOWN, "name": "health"}, preview=True)
    assert made.id == ""
    assert made.outputs["target"] is UNKNOWN
    assert made.outputs["regions"] is UNKNOWN
    assert made.outputs["type"] == "https"
    assert engine.store.all(CHECK) == []


def test_a_preview_of_an_update_changes_nothing_and_keeps_known_outputs(engine: EngineSide) -> None:
    made = engine.create(CHECK, {"target": "https://a.com", "name": "health"})
    seen = engine.update(made, {"target": "https://b.com", "name": "health"}, preview=True)
    assert seen.outputs["target"] == "https://b.com"
    assert seen.outputs["regions"] == made.outputs["regions"]
    assert engine.store.get(CHECK, made.id) == made.outputs


def test_a_name_is_made_from_the_resources_name_and_kept(engine: EngineSide) -> None:
    inputs, _ = engine.check(CHECK, {"target": "https://a.com"}, name="health")
    assert inputs["name"] == "health-1212121"
    kept, _ = engine.check(CHECK, {"target": "https://b.com"}, olds={"name": "health-0000000"}, name="health")
    assert kept["name"] == "health-0000000"


def test_a_resource_that_is_gone_reads_as_gone(engine: EngineSide) -> None:
    made = engine.create(CHECK, {"target": "https://a.com"})
    engine.delete(made)
    assert engine.read(CHECK, made.id, made) is None
    engine.delete(made)


def test_an_import_takes_the_forms_of_id_that_the_real_providers_take(engine: EngineSide) -> None:
    zone = engine.zone()
    record = engine.create(
        RECORD, {"zoneId": zone.id, "name": "tetrixcorp.com", "type": "A", "content": "192.0.2.1", "ttl": 1}
    )
    setting = engine.create("cloudflare/zoneSetting", {"zoneId": zone.id, "settingId": "ssl", "value": "strict"})
    cluster = engine.create(
        "digitalocean/databaseCluster",
        {"name": "data", "engine": "pg", "version": "17", "size": "db-s-1vcpu-1gb", "region": "fra1", "nodeCount": 1},
    )
    user = engine.create("digitalocean/databaseUser", {"clusterId": cluster.id, "name": "app"})
    for made, import_id in (
        (record, f"{zone.id}/{record.id}"),
        (setting, f"{zone.id}/ssl"),
        (user, f"{cluster.id},app"),
    ):
        found = engine.read(made.kind, import_id)
        assert found is not None, made.kind
        assert found.id == made.id
        assert engine.changes(found, made.inputs) == {}


def test_secret_inputs_are_secret_outputs_and_are_nowhere_in_the_store(engine: EngineSide, tmp_path: Path) -> None:
    made = engine.create(CHECK, {"target": "https://user:hunter2@a.com"}, secrets=[("target",)])
    assert ("target",) in made.secrets
    assert made.outputs["target"] == "https://user:hunter2@a.com"
    assert b"hunter2" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    again = engine.read(CHECK, made.id, made)
    assert again is not None
    assert again.outputs["target"] == "https://user:hunter2@a.com"


def test_drift_is_told_by_read_and_put_back_by_update(engine: EngineSide) -> None:
    made = engine.create(CHECK, {"target": "https://a.com", "regions": ["eu_west"]})
    engine.store.put(CHECK, made.id, {**made.outputs, "regions": ["us_east"]})
    drifted = engine.read(CHECK, made.id, made)
    assert drifted is not None
    assert drifted.inputs["regions"] == ["us_east"]
    assert engine.changes(drifted, made.inputs) == {"regions[0]": "add", "regions[1]": "delete"}
    engine.update(drifted, made.inputs)
    assert engine.store.get(CHECK, made.id) == made.outputs


def test_an_update_keeps_what_the_cloud_had_computed(engine: EngineSide) -> None:
    made = engine.create("digitalocean/project", {"name": "web"})
    changed = engine.update(made, {"name": "web", "purpose": "Web Application", "environment": "Production"})
    assert changed.outputs["createdAt"] == made.outputs["createdAt"]
    assert changed.outputs["environment"] == "Production"


def test_a_replacement_of_the_same_name_deletes_first(engine: EngineSide) -> None:
    cluster = {"name": "data", "engine": "pg", "version": "17", "size": "db-s-1vcpu-1gb", "region": "fra1"}
    made = engine.create("digitalocean/databaseCluster", {**cluster, "nodeCount": 1})
    answer = engine.diff(made, {**cluster, "engine": "valkey", "version": "8", "nodeCount": 1})
    assert list(answer.replaces) == ["engine"]
    assert answer.deleteBeforeReplace
    assert not engine.diff(made, {**cluster, "name": "other", "nodeCount": 1}).deleteBeforeReplace
    plain = engine.diff(made, {**cluster, "nodeCount": 2})
    assert (list(plain.replaces), plain.deleteBeforeReplace, list(plain.diffs)) == ([], False, ["nodeCount"])


def test_a_type_that_is_not_emulated_is_refused_by_name(engine: EngineSide) -> None:
    with pytest.raises(Refused, match="digitalocean:index/droplet:Droplet is not emulated"):
        engine.check("digitalocean/droplet", {})


def test_a_repeated_create_makes_a_second_resource_as_at_the_real_api(engine: EngineSide) -> None:
    first = engine.create(CHECK, {"target": "https://a.com", "name": "x"})
    assert engine.create(CHECK, {"target": "https://a.com", "name": "x"}).id != first.id


def test_a_short_throttle_only_delays(engine: EngineSide) -> None:
    Faults(engine.store).plant(Plan("throttle", operation="create", retry_after=0))
    assert engine.create(CHECK, {"target": "https://a.com"}).id


def test_a_lasting_throttle_fails_in_the_words_of_the_real_provider(engine: EngineSide) -> None:
    Faults(engine.store).plant(Plan("throttle", operation="create", count=0, retry_after=0))
    with pytest.raises(Refused) as raised:
        engine.create(CHECK, {"target": "https://a.com"})
    assert str(raised.value) == (
        "Error creating Uptime Check: POST https://api.digitalocean.com/v2/uptime/checks: 429 "
        "Too many requests (gave up after 2 attempts)"
    )
    assert engine.store.all(CHECK) == []


def test_a_timeout_after_success_fails_and_leaves_the_resource(engine: EngineSide) -> None:
    Faults(engine.store).plant(Plan("timeout", operation="create"))
    with pytest.raises(Refused, match="504"):
        engine.create(CHECK, {"target": "https://a.com", "name": "x"})
    assert len(engine.store.all(CHECK)) == 1


def test_a_full_disk_is_told_and_nothing_is_made(engine: EngineSide, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(engine.store, "put", full)
    with pytest.raises(Refused, match=r"store cannot be written \(database or disk is full\); free disk space"):
        engine.create(CHECK, {"target": "https://a.com"})
    assert engine.store.all(CHECK) == []


def test_a_failed_read_is_no_deletion(engine: EngineSide) -> None:
    made = engine.create(CHECK, {"target": "https://a.com"})
    Faults(engine.store).plant(Plan("error", operation="read", count=0, status=500))
    with pytest.raises(Refused, match="500 Server Error"):
        engine.read(CHECK, made.id, made)


def test_cloudflares_errors_carry_their_number(engine: EngineSide) -> None:
    inputs = {"zoneId": "b" * 32, "name": "x.com", "type": "A", "content": "192.0.2.1", "ttl": 1}
    with pytest.raises(Refused) as raised:
        engine.create(RECORD, inputs)
    start, _, body = str(raised.value).partition(" {")
    assert start == (
        'failed to make http request: POST "https://api.cloudflare.com/client/v4/zones/'
        f'{"b" * 32}/dns_records": 404 Not Found'
    )
    assert json.loads("{" + body)["errors"][0]["code"] == 7003


def test_zones_are_looked_up_by_name_and_by_id(engine: EngineSide) -> None:
    zone = engine.zone()
    found = engine.invoke("cloudflare:index/getZone:getZone", {"filter": {"name": "tetrixcorp.com"}})
    assert (found["id"], found["zoneId"], found["name"]) == (zone.id, zone.id, "tetrixcorp.com")
    assert engine.invoke("cloudflare:index/getZone:getZone", {"zoneId": zone.id})["name"] == "tetrixcorp.com"
    with pytest.raises(Refused, match=r"found no zone 'other\.com' in this account"):
        engine.invoke("cloudflare:index/getZone:getZone", {"filter": {"name": "other.com"}})
    assert len(engine.invoke("cloudflare:index/getZones:getZones", {"name": "tetrixcorp.com"})["results"]) == 1


def test_a_function_that_is_not_emulated_is_refused_by_name(engine: EngineSide) -> None:
    with pytest.raises(Refused, match="digitalocean:index/getImage:getImage is not emulated"):
        engine.invoke("digitalocean:index/getImage:getImage", {})


def test_deleting_a_zone_takes_what_lies_in_it(engine: EngineSide) -> None:
    zone = engine.zone()
    engine.create("cloudflare/zoneSetting", {"zoneId": zone.id, "settingId": "ssl", "value": "strict"})
    engine.create("cloudflare/argoTieredCaching", {"zoneId": zone.id, "value": "on"})
    engine.delete(zone)
    assert [kind for kind in engine.store.kinds() if kind.startswith("cloudflare/")] == []


def test_the_whole_contract_is_served_over_grpc(engine: EngineSide) -> None:
    async def talk() -> tuple[provider_pb2.ConfigureResponse, str, str]:
        server = grpc.aio.server()
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(engine.provider("digitalocean"), server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            configured = await stub.Configure(provider_pb2.ConfigureRequest())
            schema = await stub.GetSchema(provider_pb2.GetSchemaRequest())
            handshake = await stub.Handshake(provider_pb2.ProviderHandshakeRequest())
            assert handshake.accept_secrets
            try:
                await stub.Check(provider_pb2.CheckRequest(urn="urn:pulumi:a::b::x:y/z:Z::n"))
            except grpc.aio.AioRpcError as error:
                refusal = error.details() or ""
        await server.stop(grace=None)
        return configured, schema.schema, refusal

    configured, schema, refusal = asyncio.run(talk())
    assert configured.acceptSecrets
    assert configured.supportsPreview
    assert schema == "{}"
    assert refusal.startswith("x:y/z:Z is not emulated by the sandbox")


def test_the_account_can_be_asked_for(engine: EngineSide) -> None:
    assert engine.invoke("digitalocean:index/getAccount:getAccount", {})["status"] == "active"
