import pytest

from tests.sandbox.engine_side import EngineSide, Refused

CHECK, ALERT = "digitalocean/uptimeCheck", "digitalocean/uptimeAlert"
EMAIL = [{"emails": ["a@example.com"]}]


def test_a_check_has_all_regions_and_is_on_by_default(engine: EngineSide) -> None:
    made = engine.create(CHECK, {"target": "https://a.com"})
    assert made.outputs["regions"] == ["us_east", "us_west", "eu_west", "se_asia"]
    assert (made.outputs["enabled"], made.outputs["type"]) == (True, "https")


def test_the_order_of_regions_is_no_change(engine: EngineSide) -> None:
    made = engine.create(CHECK, {"target": "https://a.com", "regions": ["eu_west", "us_east"]})
    assert engine.changes(made, {"target": "https://a.com", "regions": ["us_east", "eu_west"]}) == {}


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"target": "https://a.com", "regions": ["eu"]}, r"regions\[0\]: expected one of us_east"),
        ({"target": "not a url"}, "target: expected a URL"),
    ],
)
def test_the_platform_refuses_a_check(engine: EngineSide, inputs: dict[str, object], message: str) -> None:
    with pytest.raises(Refused, match=message):
        engine.create(CHECK, inputs)


def test_an_alert_needs_its_check_to_exist(engine: EngineSide) -> None:
    with pytest.raises(Refused, match="uptime check 'nope' was not found"):
        engine.create(ALERT, {"checkId": "nope", "type": "down", "notifications": EMAIL})


@pytest.mark.parametrize("kind", ["latency", "ssl_expiry"])
def test_an_alert_on_a_measure_needs_a_threshold(engine: EngineSide, kind: str) -> None:
    _, failures = engine.check(ALERT, {"checkId": "c", "type": kind, "notifications": EMAIL})
    assert list(failures) == ["threshold"]


def test_an_alert_on_being_down_takes_no_threshold(engine: EngineSide) -> None:
    check = engine.create(CHECK, {"target": "https://a.com"})
    alert = {"checkId": check.id, "type": "down_global", "period": "2m", "notifications": EMAIL}
    with pytest.raises(Refused, match="threshold has no meaning"):
        engine.create(ALERT, {**alert, "threshold": 3})
    assert engine.create(ALERT, alert).id


def test_the_alerts_of_a_deleted_check_are_gone(engine: EngineSide) -> None:
    check = engine.create(CHECK, {"target": "https://a.com"})
    alert = engine.create(ALERT, {"checkId": check.id, "type": "down", "notifications": EMAIL})
    engine.delete(check)
    assert engine.read(ALERT, alert.id, alert) is None
