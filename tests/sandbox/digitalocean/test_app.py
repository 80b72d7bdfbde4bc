import re
from typing import Any

import pytest

from tests.sandbox.engine_side import EngineSide, Refused

APP = "digitalocean/app"
SECRET = {"key": "TOKEN", "value": "hunter2", "type": "SECRET", "scope": "RUN_TIME"}


def app(spec: dict[str, Any] | None = None, **service: Any) -> dict[str, Any]:
    web = {"name": "web", "instanceCount": 2, "instanceSizeSlug": "apps-s-1vcpu-1gb", **service}
    return {"spec": {"name": "tetrix", "region": "fra", "services": [web], **(spec or {})}}


def test_the_outputs_have_the_shapes_of_the_real_platform(engine: EngineSide) -> None:
    made = engine.create(APP, app())
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}", made.id)
    assert re.fullmatch(r"https://tetrix-[a-z]{5}\.ondigitalocean\.app", made.outputs["defaultIngress"])
    assert made.outputs["liveUrl"] == made.outputs["defaultIngress"]
    assert made.outputs["liveDomain"] == made.outputs["liveUrl"].removeprefix("https://")
    assert made.outputs["appUrn"] == f"do:app:{made.id}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC", made.outputs["createdAt"])
    assert re.fullmatch(r"[0-9a-f-]{36}", made.outputs["projectId"])


def test_the_primary_domain_is_the_live_url_and_the_default_ingress_stays(engine: EngineSide) -> None:
    domains = [{"name": "tetrixcorp.com", "type": "PRIMARY"}, {"name": "www.tetrixcorp.com", "type": "ALIAS"}]
    made = engine.create(APP, app({"domainNames": domains}))
    assert made.outputs["liveUrl"] == "https://tetrixcorp.com"
    assert made.outputs["defaultIngress"].endswith(".ondigitalocean.app")


def test_what_is_left_out_is_filled_in_and_is_no_change_afterwards(engine: EngineSide) -> None:
    inputs = {"spec": {"name": "tetrix", "services": [{"name": "web", "envs": [{"key": "A", "value": "b"}]}]}}
    made = engine.create(APP, inputs)
    web = made.outputs["spec"]["services"][0]
    assert (web["instanceSizeSlug"], web["httpPort"]) == ("apps-s-1vcpu-0.5gb", 8080)
    assert web["envs"] == [{"key": "A", "value": "b", "scope": "RUN_AND_BUILD_TIME", "type": "GENERAL"}]
    assert made.outputs["spec"]["ingress"]["rules"][0]["component"] == {"name": "web"}
    assert engine.changes(made, inputs) == {}


def test_a_secret_variable_comes_back_encrypted_and_stays_the_same(engine: EngineSide) -> None:
    made = engine.create(APP, app(envs=[SECRET]))
    value = made.outputs["spec"]["services"][0]["envs"][0]["value"]
    assert re.fullmatch(r"EV\[1:[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+\]", value)
    assert ("spec", "services", 0, "envs", 0, "value") in made.secrets
    again = engine.update(made, app(envs=[SECRET], instanceCount=3))
    assert again.outputs["spec"]["services"][0]["envs"][0]["value"] == value
    other = engine.update(made, app(envs=[{**SECRET, "value": "hunter3"}]))
    assert other.outputs["spec"]["services"][0]["envs"][0]["value"] != value


def test_a_secret_variable_differs_for_ever_unless_the_program_ignores_it(engine: EngineSide) -> None:
    made = engine.create(APP, app(envs=[SECRET]))
    path = "spec.services[0].envs[0].value"
    assert engine.changes(made, app(envs=[SECRET])) == {path: "update"}
    assert engine.changes(made, app(envs=[SECRET]), (path,)) == {}


def test_an_encrypted_value_sent_back_keeps_the_variable(engine: EngineSide) -> None:
    made = engine.create(APP, app(envs=[SECRET]))
    live = engine.read(APP, made.id, made)
    assert live is not None
    kept = engine.update(live, live.inputs)
    assert kept.outputs["spec"]["services"][0]["envs"] == made.outputs["spec"]["services"][0]["envs"]


@pytest.mark.parametrize("existing", [False, True])
def test_an_encrypted_value_of_another_app_is_refused(engine: EngineSide, existing: bool) -> None:
    foreign = app(envs=[{**SECRET, "value": "EV[1:abc:def]"}])
    with pytest.raises(Refused, match=r"TOKEN: an encrypted value .* is bound to the app it came from"):
        engine.update(engine.create(APP, app()), foreign) if existing else engine.create(APP, foreign)


REFUSED = {
    "two PRIMARY domains": (
        app({"domainNames": [{"name": "a.com", "type": "PRIMARY"}, {"name": "b.com", "type": "PRIMARY"}]}),
        r"exactly one domain must be PRIMARY, found a\.com, b\.com",
    ),
    "no PRIMARY domain": (app({"domainNames": [{"name": "a.com", "type": "ALIAS"}]}), "found none"),
    "an unknown region": (
        app({"region": "frb"}),
        r'spec\.region: expected one of ams, .* got "frb"; did you mean "fra"',
    ),
    "a data centre as region": (app({"region": "fra1"}), r'"fra1" is no longer accepted; its successor is "fra"'),
    "an unknown size": (
        app(instanceSizeSlug="apps-s-9vcpu-1gb"),
        r'instanceSizeSlug: expected one of .*did you mean "',
    ),
    "an old size": (app(instanceSizeSlug="professional-xs"), 'its successor is "apps-s-1vcpu-1gb"'),
    "two of a single-instance size": (
        app(instanceSizeSlug="apps-s-1vcpu-0.5gb"),
        r"size apps-s-1vcpu-0\.5gb allows one instance only; use apps-s-1vcpu-1gb or larger",
    ),
    "a count with autoscaling": (
        app(
            instanceSizeSlug="apps-d-1vcpu-1gb",
            autoscaling={"minInstanceCount": 1, "maxInstanceCount": 2, "metrics": {"cpu": {"percent": 70}}},
        ),
        "instance_count and autoscaling exclude each other",
    ),
    "autoscaling on a shared size": (
        app(
            instanceCount=None,
            autoscaling={"minInstanceCount": 1, "maxInstanceCount": 2, "metrics": {"cpu": {"percent": 70}}},
        ),
        "autoscaling needs a dedicated size",
    ),
    "more minimum than maximum": (
        app(
            instanceCount=None,
            instanceSizeSlug="apps-d-1vcpu-1gb",
            autoscaling={"minInstanceCount": 3, "maxInstanceCount": 2, "metrics": {"cpu": {"percent": 70}}},
        ),
        "min_instance_count is larger than max_instance_count",
    ),
    "a variable twice": (app(envs=[{"key": "A"}, {"key": "A"}]), "A is defined twice"),
    "a bad variable name": (app(envs=[{"key": "1A"}]), r"envs\[0\]\.key: expected letters, digits and _"),
    "a component twice": (app({"workers": [{"name": "web"}]}), "component name 'web' is used twice"),
    "no component": ({"spec": {"name": "tetrix", "region": "fra"}}, "an app needs at least one component"),
    "an upper-case name": (app({"name": "Tetrix"}), "spec.name: expected lower-case letters"),
    "a slow health check": (app(healthCheck={"periodSeconds": 301}), "range 1 - 300, got 301"),
    "a liveness threshold": (app(livenessHealthCheck={"successThreshold": 2}), "range 1 - 1, got 2"),
    "no spec": ({}, "spec is required"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_platform_refuses(engine: EngineSide, case: str) -> None:
    inputs, message = REFUSED[case]
    with pytest.raises(Refused, match=message) as raised:
        engine.create(APP, inputs)
    assert str(raised.value).startswith("Error creating App: POST https://api.digitalocean.com/v2/apps: 400 ")
    assert engine.store.all(APP) == []


def test_a_name_in_use_is_a_conflict(engine: EngineSide) -> None:
    engine.create(APP, app())
    with pytest.raises(Refused, match="409 app name 'tetrix' is already in use"):
        engine.create(APP, app(), name="second")


def test_a_change_of_project_replaces(engine: EngineSide) -> None:
    made = engine.create(APP, app())
    assert engine.changes(made, {**app(), "projectId": "other"}) == {"projectId": "update replace"}


def test_a_count_can_become_autoscaling_and_go_back(engine: EngineSide) -> None:
    metrics = {"cpu": {"percent": 70}}
    scaled = app(
        instanceCount=None,
        instanceSizeSlug="apps-d-1vcpu-1gb",
        autoscaling={"minInstanceCount": 1, "maxInstanceCount": 2, "metrics": metrics},
    )
    made = engine.create(APP, app())
    assert engine.changes(made, scaled)["spec.services[0].instanceCount"] == "delete"
    autoscaled = engine.update(made, scaled)
    assert engine.changes(autoscaled, scaled) == {}
    assert engine.update(autoscaled, app()).outputs["spec"]["services"][0].get("autoscaling") is None


def test_a_refused_update_leaves_the_app_as_it_was(engine: EngineSide) -> None:
    made = engine.create(APP, app())
    with pytest.raises(Refused, match=r"PUT https://api\.digitalocean\.com/v2/apps/"):
        engine.update(made, app({"region": "xyz"}))
    assert engine.store.get(APP, made.id) == made.outputs


def test_an_app_is_looked_up_by_id(engine: EngineSide) -> None:
    made = engine.create(APP, app())
    found = engine.invoke("digitalocean:index/getApp:getApp", {"appId": made.id})
    assert found["liveUrl"] == made.outputs["liveUrl"]
    with pytest.raises(Refused, match="app 'nope' was not found"):
        engine.invoke("digitalocean:index/getApp:getApp", {"appId": "nope"})


@pytest.mark.parametrize(
    ("database", "message"),
    [
        ({"name": "db", "engine": "PG", "production": True}, "production database db needs clusterName"),
        ({"name": "db", "engine": "PG", "production": True, "clusterName": "no"}, "cluster 'no' was not found"),
        ({"name": "db", "engine": "MYSQL", "production": True, "clusterName": "data"}, "engine MYSQL .* is PG"),
    ],
)
def test_an_attached_database_must_exist_with_its_engine(
    engine: EngineSide, database: dict[str, Any], message: str
) -> None:
    cluster = {"name": "data", "engine": "pg", "version": "17", "size": "db-s-1vcpu-1gb", "region": "fra1"}
    engine.create("digitalocean/databaseCluster", {**cluster, "nodeCount": 1})
    with pytest.raises(Refused, match=message):
        engine.create(APP, app({"databases": [database]}))
    engine.create(APP, app({"databases": [{"name": "db", "engine": "PG", "production": True, "clusterName": "data"}]}))
