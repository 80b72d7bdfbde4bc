import pytest

from tests.sandbox.engine_side import EngineSide, Refused


def test_a_record_is_under_its_domain(engine: EngineSide) -> None:
    record = {"domain": "example.com", "type": "CNAME", "name": "www", "value": "example.com."}
    with pytest.raises(Refused, match=r"domain 'example\.com' was not found"):
        engine.create("digitalocean/dnsRecord", record)
    domain = engine.create("digitalocean/domain", {"name": "example.com"})
    made = engine.create("digitalocean/dnsRecord", record)
    assert made.outputs["fqdn"] == "www.example.com"
    with pytest.raises(Refused, match="CNAME records cannot share a name"):
        engine.create("digitalocean/dnsRecord", {**record, "type": "A", "value": "192.0.2.1"}, name="other")
    engine.delete(domain)
    assert engine.read("digitalocean/dnsRecord", made.id, made) is None


def test_a_new_app_goes_into_the_default_project(engine: EngineSide) -> None:
    project = engine.create("digitalocean/project", {"name": "main", "isDefault": True})
    app = engine.create("digitalocean/app", {"spec": {"name": "tetrix", "services": [{"name": "web"}]}})
    assert app.outputs["projectId"] == project.id


def test_an_account_has_one_registry(engine: EngineSide) -> None:
    registry = {"name": "tetrix", "subscriptionTierSlug": "basic"}
    made = engine.create("digitalocean/containerRegistry", registry)
    assert made.outputs["endpoint"] == "registry.digitalocean.com/tetrix"
    with pytest.raises(Refused, match="409 this account has a container registry already"):
        engine.create("digitalocean/containerRegistry", {**registry, "name": "second"})


def test_a_bucket_has_its_endpoint_and_is_private(engine: EngineSide) -> None:
    made = engine.create("digitalocean/spacesBucket", {"name": "backups", "region": "fra1"})
    assert made.outputs["bucketDomainName"] == "backups.fra1.digitaloceanspaces.com"
    assert made.outputs["acl"] == "private"
    assert engine.changes(made, {"name": "backups", "region": "ams3"}) == {"region": "update replace"}


def test_networks_do_not_overlap(engine: EngineSide) -> None:
    engine.create("digitalocean/vpc", {"name": "one", "region": "fra1", "ipRange": "10.10.0.0/20"})
    with pytest.raises(Refused, match="overlaps with that of the VPC 'one'"):
        engine.create("digitalocean/vpc", {"name": "two", "region": "fra1", "ipRange": "10.10.8.0/24"})
    assert list(engine.check("digitalocean/vpc", {"region": "fra1", "ipRange": "10.10"})[1]) == ["ipRange"]
