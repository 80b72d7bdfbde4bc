"""Nothing that is secret reaches a report, whoever planted it where."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from policies.finding import Finding
from report.forms.document import document
from report.forms.html import html
from report.forms.junit import junit
from report.forms.markdown import markdown
from report.forms.sarif import sarif
from report.report import Report
from report.secrecy import masked, names_secret
from tests.report.record import stream
from tests.report.reports import SECRET, report, step, summary, update

PLANTED = "gehe1m_Wert*0815&z"

RELEASE = "fly:index:Release"
APP = "digitalocean:index/app:App"
WORKER = "cloudflare:index/workersScript:WorkersScript"


def forms(made: Report) -> str:
    texts = [markdown(made).text, markdown(made, whole=True).text, html(made), document(made), sarif(made), junit(made)]
    everything = "\n".join(texts)
    # As it stands there, and as it is read.
    return "\n".join([everything, unescape(everything), unescape(everything.replace("\\", ""))])


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD",
        "dbPassword",
        "apiKey",
        "API_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "token",
        "authToken",
        "APIKEY",
        "private_key",
        "passphrase",
    ],
)
def test_a_name_can_say_that_its_value_is_secret(name: str) -> None:
    assert names_secret(name)


@pytest.mark.parametrize(
    "name", ["NODE_ENV", "memory", "keyboard", "primary_region", "monkey", "path", "key", "tokenizer"]
)
def test_other_names_do_not(name: str) -> None:
    assert not names_secret(name)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://app:hunter22@db.internal/app", "postgres://(secret)@db.internal/app"),
        ("redis://:hunter22@cache:6379", "redis://(secret)@cache:6379"),
        ("https://hooks.slack.com/services/T0/B0/abcdefghijk", "https://hooks.slack.com/(secret)"),
        (f"dop_v1_{'0f' * 32}", "(secret)"),
        (f"ghp_{'a1' * 18}", "(secret)"),
        ("FlyV1 fm2_lJPECAAAAAAA,fm2_x", "(secret)"),
        ("Authorization: Bearer abc.def-123456", "Authorization: Bearer (secret)"),
        ("AKIAIOSFODNN7EXAMPLE", "(secret)"),
        ("a -----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- b", "a (secret) b"),
        ("sk_live_0123456789ab", "(secret)"),
        ("rk_test_0123456789ab", "(secret)"),
        ("ASIAIOSFODNN7EXAMPLE", "(secret)"),
        (f"glpat-{'a1' * 10}", "(secret)"),
        (f"github_pat_{'a1' * 10}", "(secret)"),
        (f"gho_{'a1' * 18}", "(secret)"),
        ("xoxb-1234567890-abc", "(secret)"),
        ("fo1_0123456789abcdef", "(secret)"),
        ("eyJhbGciOiJI.eyJzdWIiOiIx.sig", "(secret)"),
        ("https://paintbox.fly.dev/api/health", "https://paintbox.fly.dev/api/health"),
    ],
)
def test_what_has_the_shape_of_a_credential_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_known_values_are_masked_the_longest_first() -> None:
    assert masked("abcdef-long and abcdef", ["abcdef", "abcdef-long"]) == "(secret) and (secret)"


def test_short_values_that_stand_for_more_than_a_secret_are_left() -> None:
    assert masked("eu", ["eu"]) == "eu"


PLACES: dict[str, tuple[str, Any, Any, tuple[str, ...]]] = {
    "a variable whose name says so": (
        RELEASE,
        {"config": {"env": {"DB_PASSWORD": "old-0815-old"}}},
        {"config": {"env": {"DB_PASSWORD": PLANTED}}},
        (),
    ),
    "a variable that is removed": (RELEASE, {"config": {"env": {"API_TOKEN": PLANTED}}}, {"config": {"env": {}}}, ()),
    "a variable in a list": (
        APP,
        {"spec": {"envs": []}},
        {"spec": {"envs": [{"key": "SMTP_PASSWORD", "value": PLANTED}]}},
        (),
    ),
    "a value of the type SECRET": (
        APP,
        {"spec": {"envs": [{"key": "PLAIN", "type": "SECRET", "value": "old"}]}},
        {"spec": {"envs": [{"key": "PLAIN", "type": "SECRET", "value": PLANTED}]}},
        (),
    ),
    "a secret binding": (
        WORKER,
        {"bindings": []},
        {"bindings": [{"name": "B", "type": "secret_text", "text": PLANTED}]},
        (),
    ),
    "a digest": (RELEASE, {"secretDigests": {"A": "0000"}}, {"secretDigests": {"A": PLANTED}}, ()),
    "a nested map": (RELEASE, {"gate": {}}, {"gate": {"headers": {"credentials": [PLANTED]}}}, ()),
    "a whole map that is new": (RELEASE, {}, {"config": {"env": {"SECRET_KEY": PLANTED}}}, ()),
    "a map under a name that says so": (RELEASE, {}, {"credentials": {"app": {"word": PLANTED}}}, ()),
    "a type that nobody knows": ("x:index:New", {"password": "a"}, {"password": PLANTED}, ()),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_shown_in_no_form(place: str) -> None:
    type_, old, new, paths = PLACES[place]
    made = update(type_, old, new, *paths)
    assert made.changes
    assert PLANTED not in forms(made)


@pytest.mark.parametrize("type_", [RELEASE, "cloudflare:index/dnsRecord:DnsRecord", "x:index:New"])
def test_a_known_value_is_masked_wherever_it_hides(type_: str) -> None:
    hidden = {
        "name": PLANTED,
        "app": PLANTED,
        "content": PLANTED,
        "config": {"env": {"HARMLESS": f"x{PLANTED}y"}},
        PLANTED: 1,
    }
    finding = Finding("rule", PLANTED, f"it: {PLANTED}", "mandatory", "it", f"replace {PLANTED}", f"known: {PLANTED}")
    warning = {"diagnosticEvent": {"severity": "warning", "message": PLANTED}}
    for events in (
        summary(step("create", "it", type_, None, hidden), warning),
        summary(step("delete", "it", type_, hidden, None), warning),
        summary(step("update", "it", type_, {}, hidden), warning),
    ):
        assert PLANTED not in forms(report(events, findings=[finding], secrets=[PLANTED]))


def test_a_recorded_stream_with_a_changed_secret_names_it_and_nothing_more() -> None:
    made = report(stream("secret"), "staging")
    lines = {f"{change.noun} {change.title}": [str(line) for line in change.lines] for change in made.changes}
    assert lines == {
        "release paintbox-staging": ["secrets: changed"],
        "secrets paintbox-staging": ["secret AWS_REGION: changed"],
    }
    assert "eu-central-7-planted" not in forms(made)


def test_two_secrets_that_differ_are_told_to_differ() -> None:
    made = update("fly:index:Secrets", {"values": SECRET}, {"values": SECRET}, "values.API_KEY")
    assert [str(line) for line in made.changes[0].lines] == ["secret API_KEY: changed"]


def test_no_model_prints_what_is_secret() -> None:
    made = update(
        RELEASE, {"config": {"env": {"A": "1"}}}, {"config": {"env": {"DB_PASSWORD": PLANTED}}}, secrets=[PLANTED]
    )
    assert PLANTED not in repr(made.changes)
