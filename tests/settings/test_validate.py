"""Validation reports everything at once: behind wrong values, the rules between the others are still checked."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from settings.document import Document
from settings.read import parse
from settings.validate import validate
from tests.settings.samples import DIGITALOCEAN, FLY, refusals, stack_refusals

REPORT = """
app:
  name: Sample
  replicas: "2"
  size: professional-xs
  helth: {}
  health: {period: 5s}
  variables: {9A: x, A: 1, PORT: "1"}
  autoscaling: {minimum: 3, maximum: 2, cpu_percent: 0}
edge:
  domains: [{name: other.org, role: primry}, {name: example.com, role: primary}]
monitoring: null
"""


def test_wrong_values_and_broken_rules_are_reported_together() -> None:
    assert refusals(DIGITALOCEAN, REPORT) == [
        "app.autoscaling.cpu_percent: 0 is less than 1; choose 1 to 100",
        "app.autoscaling.minimum: 3 is more than the maximum of 2; swap the two",
        "app.health.timeout: 5s is not shorter than the period of 5s; shorten the timeout or lengthen the period",
        'app.helth: unknown key helth; did you mean "health"?',
        'app.name: "Sample" is not a name of 2 to 32 lower-case letters, digits and hyphens, a letter first and no '
        'hyphen last; write it as in "my-app"',
        'app.replicas: "2" must be a whole number, not text; remove the quotes',
        'app.size: "professional-xs" was withdrawn by App Platform; use its successor "apps-s-1vcpu-1gb"',
        'app.variables.9A: "9A" is not the name of an environment variable: letters, digits and underscores, no digit '
        'first; write it as in "LOG_LEVEL"',
        'app.variables.A: 1 must be text, not a whole number; put it in quotes: "1"',
        "app.variables.PORT: the platform sets PORT from the setting port; remove it here",
        "edge.domains[0].name: other.org is not in the zone example.com; correct the one or the other",
        'edge.domains[0].role: "primry" is not one of primary, alias; did you mean "primary"?',
    ]


def test_a_rule_says_nothing_about_a_value_that_is_wrong_by_itself() -> None:
    assert refusals(DIGITALOCEAN, "app: {health: {timeout: 20s, period: x}}") == [
        'app.health.period: "x" is not a duration; write a whole number with its unit (ms, s, m, h, d), such as 1s'
    ]
    assert refusals(DIGITALOCEAN, "app: {health: {timeout: x, period: 1s}}") == [
        'app.health.timeout: "x" is not a duration; write a whole number with its unit (ms, s, m, h, d), such as 1s'
    ]


def test_a_rule_that_only_asks_whether_a_value_is_there_does_not_mind_wrong_parts_of_it() -> None:
    change = "app: {size: apps-d-1vcpu-1gb, autoscaling: {minimum: 2, maximum: 4, cpu_percent: 0}}"
    assert refusals(DIGITALOCEAN, change) == [
        "app.autoscaling.cpu_percent: 0 is less than 1; choose 1 to 100",
        "app.replicas: a fixed number of replicas together with autoscaling; remove one of the two; in a stack file, "
        "null takes away what the system says",
    ]


def test_a_whole_part_of_the_wrong_kind_hides_nothing_elsewhere() -> None:
    assert refusals(DIGITALOCEAN, "{app: [], edge: {zone: other.com}}") == [
        "app: must be a map of keys, not a list; write a map of keys",
        "edge.domains[0].name: example.com is not in the zone other.com; correct the one or the other",
    ]


def test_an_unknown_platform_is_one_problem_among_others() -> None:
    assert stack_refusals({"sample": {**DIGITALOCEAN, "platform": "heroku"}}, environment="X") == [
        'environment: "X" is not a name of 2 to 15 lower-case letters and digits, a letter first; write it as in '
        '"production"',
        'platform: "heroku" is not one of digitalocean, fly; use one of them',
    ]


def test_null_takes_a_key_away_so_that_its_default_holds() -> None:
    assert (
        refusals(DIGITALOCEAN, "app: {port: null, shutdown: null, variables: {A: null}, health: {period: null}}") == []
    )


def test_null_for_a_required_key_leaves_it_missing() -> None:
    assert refusals(DIGITALOCEAN, "app: {name: null, region: mars}") == [
        "app.name: name is required; add it, such as name: my-app",
        'app.region: "mars" is not a region of App Platform; known here: '
        "ams, atl, blr, fra, lon, nyc, sfo, sgp, syd, tor",
    ]


def test_null_stays_where_the_model_has_a_use_for_it() -> None:
    system = Document(FLY).merged(parse("app: {headers: {X-Powered-By: null}}", "f")).value
    found = validate(Document({"environment": "production", "systems": {"sample": system}}))
    assert found.settings
    assert found.settings.systems["sample"].app.model_dump()["headers"] == {"X-Powered-By": None}


def test_null_is_no_item_of_a_list_and_no_name_of_a_key() -> None:
    assert refusals(DIGITALOCEAN, "monitoring: {regions: [null]}") == [
        "monitoring.regions[0]: null is not one of us_east, us_west, eu_west, se_asia; use one of them"
    ]
    assert refusals(DIGITALOCEAN, "app: {helth: null}") == ['app.helth: unknown key helth; did you mean "health"?']


def test_a_problem_stands_where_the_value_is_written() -> None:
    document = parse(json.dumps({"environment": "production", "systems": {"sample": DIGITALOCEAN}}, indent=1), "f")
    document.value["systems"]["sample"]["app"]["port"] = 0
    document.value["systems"]["sample"]["app"]["health"]["failures"] = "x"
    places = [str(problem.position) for problem in validate(document).problems]
    assert places == ["f:7:4", "f:19:5"]


def test_paths_that_could_not_be_read_are_not_reported_again() -> None:
    systems = {"sample": {**DIGITALOCEAN, "app": None}, "other": {**FLY, "description": ""}}
    document = Document({"environment": "production", "systems": systems})
    found = validate(document, unread=[("systems", "sample", "app"), ("systems", "gone")])
    assert [problem.path for problem in found.problems] == [("systems", "other", "description")]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, part in parts for found in _paths(part, (*path, key)))]


@given(st.sampled_from([DIGITALOCEAN, FLY]), st.data())
def test_whatever_stands_somewhere_is_accepted_or_reported(system: dict[str, Any], data: st.DataObject) -> None:
    whole = {"environment": "production", "systems": {"sample": json.loads(json.dumps(system))}}
    for path in data.draw(st.lists(st.sampled_from(_paths(whole)[1:]), min_size=1, max_size=3)):
        holder: Any = whole
        try:
            for part in path[:-1]:
                holder = holder[part]
            holder[path[-1]] = data.draw(_JSON)
        except (KeyError, IndexError, TypeError):
            continue
    found = validate(Document(whole))
    assert found.problems or (found.settings and not found.mended)
