"""`cost --what-if`: settings are tried out through the real validation."""

from __future__ import annotations

import json

import pytest

from ops.cost.described import tried_cost
from ops.errors import OperationError
from ops.exit_code import ExitCode
from tests.ops.cost.conftest import STACK, Asks, words
from tests.settings.samples import Project

TABLE = """\
production costs now and then, in US dollars a month, by the prices known on 2026-11-22:
what now then difference
shop 4.41 to 8.81 7.98 to 23.95 +3.57 to +15.14
sample-app: machines in sjc, shared-cpu-1x, 512 MB → 4.41 to 8.81 7.98 to 23.95 +3.57 to +15.14
shared-cpu-1x, 1024 MB
site 40.00 21.00 -19.00
site: instances, apps-s-1vcpu-1gb → apps-s-1vcpu-0.5gb 24.00 5.00 -19.00
total 44.41 to 48.81 28.98 to 44.95 -15.43 to -3.86
"""


def refusal(asked: object, *wishes: str) -> tuple[str, ExitCode]:
    with pytest.raises(OperationError) as caught:
        list(tried_cost(asked, wishes))  # type: ignore[arg-type]
    return str(caught.value), caught.value.exit_code


def test_the_difference_is_shown_by_system_and_line(ask: Asks) -> None:
    wishes = (
        "shop:app.machines.memory_mb=1024",
        "app.machines.maximum=3",
        "app.size=apps-s-1vcpu-0.5gb",
        "site:app.replicas=1",
    )
    assert words("\n".join(tried_cost(ask(), wishes))) == TABLE.splitlines()


def test_settings_that_go_beyond_the_budget_are_said_to(ask: Asks, project: Project) -> None:
    project.stack(STACK + "  slipway:policies: {budget_usd: 50}\n")
    text = "\n".join(tried_cost(ask(), ["app.replicas=3"]))
    assert words(text)[-2:] == ["budget 50.00", "It can cost 60.81, which is more than the budget of 50.00."]


def test_programs_get_before_after_and_difference(ask: Asks) -> None:
    (text,) = tried_cost(ask(as_json=True), ["app.replicas=3"])
    found = json.loads(text)
    assert found["systems"]["site"] == {
        "before": {"low": 40.0, "high": 40.0, "unknown": 0},
        "after": {"low": 52.0, "high": 52.0, "unknown": 0},
        "delta": {"low": 12.0, "high": 12.0, "unknown": 0},
    }
    assert [(pair["before"]["quantity"], pair["after"]["quantity"]) for pair in found["changed"]] == [([2, 2], [3, 3])]


def test_a_whole_map_can_be_tried_and_null_takes_away(ask: Asks) -> None:
    wishes = [
        "app.volume={name: data, path: /data, size_gb: 10, holds: logs}",
        "site:database=null",
        "site:pgbouncer=null",
    ]
    (text,) = tried_cost(ask(as_json=True), wishes)
    changed = [(pair["before"] or pair["after"])["item"] for pair in json.loads(text)["changed"]]
    assert changed == ["postgres nodes, db-s-1vcpu-1gb", "volume data, 10 GB", "snapshots of data"]


def test_what_costs_nothing_more_is_said(ask: Asks) -> None:
    text = "\n".join(tried_cost(ask(), ["app.machines.memory_mb=512"]))
    assert "Nothing that costs anything is different." in text
    assert text.count("unchanged") == 3


def test_all_problems_of_the_tried_settings_come_together(ask: Asks) -> None:
    assert refusal(ask(), "app.machines.memory_mb=500", "app.replicas=0", "app.size=apps-s-1vcpu-3gb") == (
        "3 problems in the settings:\n"
        "  --what-if:1:1: systems.shop.app.machines.memory_mb: 500 is not a multiple of 256; round it\n"
        "  --what-if:2:1: systems.site.app.replicas: 0 is less than 1; choose 1 to 250\n"
        '  --what-if:3:1: systems.site.app.size: "apps-s-1vcpu-3gb" is not an instance size of App Platform; did you '
        'mean "apps-s-1vcpu-2gb"?',
        ExitCode.SETTINGS,
    )


def test_rules_between_settings_hold_as_well(ask: Asks) -> None:
    message, code = refusal(ask(), "app.machines.minimum=3")
    assert code == ExitCode.SETTINGS
    assert "systems.shop.app.machines.minimum: 3 is more than the maximum of 2; swap the two" in message


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (
            "app.memory_mb=4096",
            "app.memory_mb=4096: there is no setting app.memory_mb; did you mean app.machines.memory_mb?",
        ),
        (
            "monitor.regions=x",
            "monitor.regions=x: there is no setting monitor.regions; did you mean shop:monitoring.regions or "
            "site:monitoring.regions?",
        ),
        (
            "database.size=x",
            "database.size=x: shop and site have database.size; name the system: shop:database.size or "
            "site:database.size",
        ),
        (
            "grace=1s",
            "grace=1s: there is no setting grace; did you mean app.shutdown.grace?",
        ),
        (
            "slack.channel=x",
            "slack.channel=x: there is no setting slack.channel; did you mean shop:monitoring.notify.slack.channel or "
            "site:monitoring.notify.slack.channel?",
        ),
        (
            "memory=1",
            "memory=1: there is no setting memory; did you mean pgbouncer.memory_mb or redis.memory_mb or "
            "app.machines.memory_mb?",
        ),
        ("xyz.quux=1", "xyz.quux=1: there is no setting xyz.quux; docs/configuration.md lists all settings"),
        ("site:app.size_=x", "site:app.size_=x: there is no setting app.size_; did you mean app.size?"),
        (
            "app.name=x",
            "app.name=x: shop and site have app.name; name the system: shop:app.name or site:app.name",
        ),
        ("shp:app.name=x", 'shp:app.name=x: shp is no system of the stack; did you mean "shop"?'),
        ("app.replicas", "'app.replicas' is no setting with a value; write it as in app.machines.memory_mb=4096"),
        (":app.replicas=2", "':app.replicas=2' is no setting with a value; write it as in app.machines.memory_mb=4096"),
        ("app..replicas=2", "'app..replicas=2' is no setting with a value; write it as in app.machines.memory_mb=4096"),
    ],
)
def test_a_wish_that_is_for_no_setting_is_refused(ask: Asks, wish: str, said: str) -> None:
    assert refusal(ask(), wish) == (said, ExitCode.USAGE)


def test_a_value_that_is_no_yaml_is_refused(ask: Asks) -> None:
    message, code = refusal(ask(), "app.replicas=[1")
    assert message.startswith("app.replicas=[1: the value is not valid YAML: ")
    assert code == ExitCode.USAGE


def test_all_wishes_that_are_refused_come_together(ask: Asks) -> None:
    assert len(refusal(ask(), "app.memory=1", "nothing", "app.replicas=2")[0].splitlines()) == 2


def test_the_system_of_the_question_is_the_one_that_is_meant(ask: Asks) -> None:
    (text,) = tried_cost(ask(as_json=True, system="site"), ["app.name=other"])
    assert {pair["after"]["resource"] for pair in json.loads(text)["changed"] if pair["after"]} == {"other", "other-db"}


def test_names_of_the_authors_own_can_stand_in_a_path(ask: Asks, project: Project) -> None:
    text = "\n".join(tried_cost(ask(), ["shop:app.checks.ready.interval=20s"]))
    assert "Nothing that costs anything is different." in text
