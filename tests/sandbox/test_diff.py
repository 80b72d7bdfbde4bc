from hypothesis import given
from hypothesis import strategies as st

from sandbox.diff import Kind, diff
from sandbox.digitalocean.app import APP
from sandbox.digitalocean.dns_record import DNS_RECORD
from sandbox.digitalocean.uptime_check import UPTIME_CHECK
from sandbox.paths import show
from sandbox.values import UNKNOWN, Properties


def service(**more: object) -> Properties:
    return {"spec": {"name": "tetrix", "services": [{"name": "web", "instanceCount": 2, **more}]}}


def changes(new: Properties, old: Properties, *ignored: str) -> dict[str, Kind]:
    live = {"deploymentPerPage": 20, **old}
    return {show(change.path): change.kind for change in diff(APP, new, live, ignored)}


def test_equal_properties_are_no_change() -> None:
    assert changes(service(), service()) == {}


def test_a_change_is_told_at_its_path() -> None:
    assert changes(service(), service(instanceCount=1)) == {"spec.services[0].instanceCount": Kind.UPDATE}


def test_what_the_cloud_computes_is_no_change_when_the_program_leaves_it_out() -> None:
    live = service(httpPort=8080, instanceSizeSlug="apps-s-1vcpu-0.5gb")
    live["spec"]["ingress"] = {"rules": [{"component": {"name": "web"}}]}
    live |= {"liveUrl": "https://x", "projectId": "p"}
    assert changes(service(), live) == {}


def test_what_somebody_added_is_a_deletion() -> None:
    assert changes(service(), service(runCommand="sh")) == {"spec.services[0].runCommand": Kind.DELETE}
    added = service(envs=[{"key": "A", "value": "1", "scope": "RUN_AND_BUILD_TIME"}])
    assert changes(service(), added) == {"spec.services[0].envs": Kind.DELETE}


def test_absent_and_empty_are_the_same() -> None:
    live = service(buildCommand="", envs=[], routes=[])
    live["spec"] |= {"disableEdgeCache": False}
    assert changes(service(), live) == {}
    assert changes(live, service()) == {}


def test_a_default_counts_as_the_value_of_an_absent_property() -> None:
    live = {"target": "https://a", "type": "https", "enabled": True}
    assert diff(UPTIME_CHECK, {"target": "https://a"}, live) == []
    paused = diff(UPTIME_CHECK, {"target": "https://a"}, {**live, "enabled": False})
    assert [(change.path, change.kind) for change in paused] == [(("enabled",), Kind.UPDATE)]


def test_an_unknown_value_is_an_update() -> None:
    assert changes(service(runCommand=UNKNOWN), service(runCommand="x")) == {"spec.services[0].runCommand": Kind.UPDATE}


ENVS = [{"key": key, "value": f"v{key}", "scope": "RUN_TIME", "type": "GENERAL"} for key in "ABCD"]


@given(st.permutations(ENVS))
def test_the_order_of_a_set_is_no_change(shuffled: list[dict[str, str]]) -> None:
    assert changes(service(envs=ENVS), service(envs=shuffled)) == {}


def test_a_changed_element_of_a_set_is_found_by_its_key_wherever_it_stands() -> None:
    live = [ENVS[2], {**ENVS[0], "value": "other"}, ENVS[3], ENVS[1]]
    assert changes(service(envs=ENVS), service(envs=live)) == {"spec.services[0].envs[0].value": Kind.UPDATE}


def test_elements_added_to_and_taken_from_a_set_are_told() -> None:
    assert changes(service(envs=ENVS), service(envs=ENVS[1:])) == {"spec.services[0].envs[0]": Kind.ADD}
    assert changes(service(envs=ENVS[1:]), service(envs=ENVS)) == {"spec.services[0].envs[3]": Kind.DELETE}


def test_the_order_of_a_list_is_a_change() -> None:
    alerts = [{"rule": "DEPLOYMENT_FAILED"}, {"rule": "DOMAIN_FAILED"}]
    new, old = service(), service()
    new["spec"]["alerts"], old["spec"]["alerts"] = alerts, alerts[::-1]
    assert set(changes(new, old)) == {"spec.alerts[0].rule", "spec.alerts[1].rule"}


def test_ignored_paths_with_and_without_wildcards_are_left_out() -> None:
    new = service(envs=[{"key": "A", "value": "plain", "type": "SECRET"}])
    old = service(envs=[{"key": "A", "value": "EV[1:x]", "type": "SECRET", "scope": "RUN_AND_BUILD_TIME"}])
    assert changes(new, old) == {"spec.services[0].envs[0].value": Kind.UPDATE}
    assert changes(new, old, "spec.services[0].envs[0].value") == {}
    assert changes(new, old, "spec.services[*].envs[*].value") == {}
    assert changes(new, old, "spec") == {}


def test_a_change_of_a_replacing_property_replaces() -> None:
    old = {"domain": "a.com", "type": "A", "value": "1.1.1.1", "name": "@", "ttl": 1800}
    found = diff(DNS_RECORD, {**old, "type": "AAAA", "value": "::1"}, old)
    assert {show(change.path): change.replaces for change in found} == {"type": True, "value": False}
