"""Retries, limits and refusals of the vendors' APIs, against a server on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from fly.limits import Backoff
from ops.clouds import http
from ops.clouds.cloudflare import Cloudflare
from ops.clouds.digitalocean import DigitalOcean
from ops.clouds.errors import (
    Clash,
    CloudApiError,
    NoAnswer,
    NotThere,
    OutOfService,
    RequestRefused,
    TokenRefused,
    TooManyRequests,
)
from ops.errors import OperationError
from tests.ops.clouds.server import Scripted

pytestmark = pytest.mark.server

TOKEN = "dop_v1_planted0000token"
AT_ONCE = Backoff(attempts=3, first_seconds=0, longest_seconds=0)


@pytest.fixture
def script() -> Iterator[Scripted]:
    made = Scripted()
    yield made
    made.close()


def ocean(script: Scripted) -> DigitalOcean:
    return DigitalOcean({"DIGITALOCEAN_TOKEN": TOKEN, "DIGITALOCEAN_API_URL": script.url}, backoff=AT_ONCE)


def flare(script: Scripted) -> Cloudflare:
    return Cloudflare({"CLOUDFLARE_API_TOKEN": TOKEN, "CLOUDFLARE_BASE_URL": script.url}, backoff=AT_ONCE)


def test_without_a_token_it_says_which_variable_to_set() -> None:
    with pytest.raises(OperationError) as raised:
        DigitalOcean({})
    assert str(raised.value) == (
        "DIGITALOCEAN_TOKEN is not set; set it to a token of DigitalOcean that may read and update apps (scopes "
        "app:read, app:update)"
    )


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_read_is_sent_again(script: Scripted, status: int) -> None:
    script.say(status, {"message": "not now"}, retry_after="0")
    script.say(body={"account": {"status": "active"}})
    assert ocean(script).account().status == "active"
    assert script.asked == ["GET /v2/account"] * 2


def test_a_write_is_sent_again_only_when_nothing_was_done(script: Scripted) -> None:
    script.say(429, {"message": "slow down"}, retry_after="0")
    script.say(body={"deployment": {"id": "d1"}})
    assert ocean(script).restart("a1").id == "d1"
    script.say(503, {"message": "not now"})
    with pytest.raises(OutOfService, match=r"DigitalOcean: POST /v2/apps/a1/restart \(503\): not now"):
        ocean(script).restart("a1")
    assert script.asked == ["POST /v2/apps/a1/restart"] * 3


def test_a_throttled_request_waits_as_long_as_it_is_told(script: Scripted) -> None:
    far = str(int(time.time()) + 900)
    script.say(429, {}, retry_after="0.2", ratelimit_remaining="0", ratelimit_reset=far)
    script.say(body={"account": {}})
    before = time.monotonic()
    ocean(script).account()
    assert time.monotonic() - before >= 0.2


def test_a_long_wait_is_told_and_not_waited(script: Scripted) -> None:
    script.say(429, {"message": "API rate limit exceeded."}, retry_after="900")
    with pytest.raises(TooManyRequests) as raised:
        ocean(script).account()
    assert str(raised.value) == ("DigitalOcean: GET /v2/account (429): API rate limit exceeded.; come back in 900 s")
    assert raised.value.retry_after == 900


@pytest.mark.parametrize("way", ["by a time", "by seconds"])
def test_no_request_is_made_when_none_are_left(script: Scripted, way: str) -> None:
    headers = {
        "by a time": {"ratelimit_remaining": "0", "ratelimit_reset": str(int(time.time()) + 900)},
        "by seconds": {"ratelimit": '"default";r=0;t=900'},
    }
    script.say(body={"account": {}}, **headers[way])
    client = ocean(script)
    client.account()
    assert client.api.budget.left == 0
    with pytest.raises(TooManyRequests, match="no requests are left; come back in "):
        client.account()
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRefused),
        (401, TokenRefused),
        (403, TokenRefused),
        (404, NotThere),
        (409, Clash),
        (422, RequestRefused),
        (500, OutOfService),
    ],
)
def test_each_refusal_has_its_place_in_the_tree(script: Scripted, status: int, kind: type[CloudApiError]) -> None:
    for _ in range(AT_ONCE.attempts):
        script.say(status, {"message": f"it said {TOKEN}"})
    with pytest.raises(kind) as raised:
        ocean(script).account()
    assert raised.value.status == status
    assert TOKEN not in str(raised.value)
    assert "it said [redacted]" in str(raised.value)


def test_a_server_that_cannot_be_reached_or_does_not_answer_is_told(
    script: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = script.url
    for broken in ("http://127.0.0.1:1", f"{url}/"):
        client = DigitalOcean({"DIGITALOCEAN_TOKEN": TOKEN, "DIGITALOCEAN_API_URL": broken}, backoff=AT_ONCE)
        script.answers.clear()
        for _ in range(AT_ONCE.attempts):
            script.say(200, b"<html>")
        with pytest.raises(OutOfService):
            client.account()
    monkeypatch.setattr(http, "_TIMEOUT_SECONDS", 0.2)
    client = DigitalOcean({"DIGITALOCEAN_TOKEN": TOKEN, "DIGITALOCEAN_API_URL": url}, backoff=AT_ONCE)
    silent = _Silent()
    monkeypatch.setattr(script, "answers", silent)
    try:
        with pytest.raises(NoAnswer, match="no answer in"):
            client.account()
    finally:
        silent.over.set()


class _Silent(list[object]):
    """Has no answer ready until it is over."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def __bool__(self) -> bool:
        self.over.wait(60)
        return False


def test_an_answer_that_is_not_as_documented_names_the_field_and_no_value(script: Scripted) -> None:
    script.say(body={"app": {"id": 7, "spec": "hunter2"}})
    with pytest.raises(OutOfService) as raised:
        ocean(script).app("a1")
    assert str(raised.value) == "DigitalOcean: GET /v2/apps/a1 (200): the answer is not as documented at id, spec"


def test_all_pages_are_read(script: Scripted) -> None:
    script.say(body={"databases": [{"id": "1", "name": "a", "engine": "pg"}], "links": {"pages": {"next": "x"}}})
    script.say(body={"databases": [{"id": "2", "name": "b", "engine": "pg"}], "links": {}})
    assert [database.name for database in ocean(script).databases()] == ["a", "b"]
    assert script.asked[1] == "GET /v2/databases?page=2&per_page=200"


def test_cloudflares_reasons_and_pages(script: Scripted) -> None:
    script.say(403, {"success": False, "errors": [{"code": 10000, "message": "Authentication error"}]})
    with pytest.raises(TokenRefused, match=r"Cloudflare: GET /user/tokens/verify \(403\): Authentication error; CLOUD"):
        flare(script).token()
    entry = {"id": "r", "name": "a.b", "type": "CNAME", "content": "c.d"}
    for _ in range(2):
        script.say(body={"result": [entry], "result_info": {"total_pages": 2}})
    assert [record.content for record in flare(script).records("z")] == ["c.d", "c.d"]
    script.say(body={"result": []})
    with pytest.raises(NotThere, match=r"the token sees no zone a\.b; check the token's account"):
        flare(script).zone("a.b")


def test_what_is_read_hides_secrets_when_it_is_shown(script: Scripted) -> None:
    spec = {"name": "a", "envs": [{"key": "K", "value": "EV[1:hunter2]"}]}
    script.say(body={"app": {"id": "a1", "spec": spec, "active_deployment": {"id": "d", "spec": spec}}})
    assert "hunter2" not in repr(ocean(script).app("a1"))
