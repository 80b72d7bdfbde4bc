from sandbox.check import check
from sandbox.digitalocean.app import APP
from sandbox.digitalocean.uptime_check import UPTIME_CHECK
from sandbox.values import UNKNOWN, Properties


def problems(properties: Properties, **more: object) -> dict[str, str]:
    return dict(check(APP, properties, **more))  # type: ignore[arg-type]


def app(**service: object) -> Properties:
    return {"spec": {"name": "tetrix", "services": [{"name": "web", **service}]}}


def test_all_problems_of_a_resource_are_told_at_once_each_at_its_path() -> None:
    wrong = app(instanceSizeSlg="x", instanceCount="two", httpPort=80.5, envs={"A": "b"})
    wrong["extra"] = 1
    assert problems(wrong) == {
        "spec.services[0].instanceSizeSlg": "AppSpecService has no property 'instanceSizeSlg'; "
        'did you mean "instanceSizeSlug"?',
        "spec.services[0].instanceCount": 'expected an integer, got "two"',
        "spec.services[0].httpPort": "expected an integer, got 80.5",
        "spec.services[0].envs": 'expected a list, got {"A": "b"}',
        "extra": "App has no property 'extra'; remove it",
    }


def test_a_missing_required_property_is_told_at_its_path() -> None:
    assert problems({"spec": {"services": [{}]}}) == {
        "spec.name": "missing required property 'name' of AppSpec; set it",
        "spec.services[0].name": "missing required property 'name' of AppSpecService; set it",
    }


def test_an_enum_value_that_is_none_lists_the_values_and_the_near_one() -> None:
    reason = problems(app(envs=[{"key": "A", "type": "SECRT"}]))["spec.services[0].envs[0].type"]
    assert reason == 'expected one of GENERAL, SECRET, got "SECRT"; did you mean "SECRET"?'


def test_a_number_out_of_range_names_the_range() -> None:
    assert problems(app(termination={"drainSeconds": 111})) == {
        "spec.services[0].termination.drainSeconds": "expected a number in the range 1 - 110, got 111"
    }
    assert problems(app(termination={"drainSeconds": 110})) == {}


def test_a_boolean_is_no_number_and_a_number_no_string() -> None:
    assert problems(app(instanceCount=True))["spec.services[0].instanceCount"] == "expected an integer, got true"
    assert problems(app(buildCommand=1))["spec.services[0].buildCommand"] == "expected a string, got 1"


def test_unknown_values_never_fail() -> None:
    assert problems({"spec": UNKNOWN}) == {}
    assert problems(app(instanceCount=UNKNOWN, envs=[UNKNOWN], healthCheck={"port": UNKNOWN})) == {}
    assert dict(check(UPTIME_CHECK, {"target": UNKNOWN, "type": UNKNOWN})) == {}


def test_a_secret_value_is_not_shown() -> None:
    path = ("spec", "services", 0, "envs", 0, "scope")
    reason = problems(app(envs=[{"key": "A", "scope": "hunter2"}]), secrets=frozenset({path}))
    assert reason["spec.services[0].envs[0].scope"].endswith("got [secret]")


def test_a_long_value_is_cut() -> None:
    reason = problems(app(instanceCount="x" * 500))["spec.services[0].instanceCount"]
    assert len(reason) < 100


def test_conflicting_domain_lists_are_refused() -> None:
    both = app()
    both["spec"] |= {"domains": ["a.com"], "domainNames": [{"name": "a.com"}]}
    assert list(problems(both)) == ["spec.domains"]
