"""Each way to people, against a real server on loopback: what arrives, and what happens when it does not."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr

from ops.errors import OperationError
from ops.monitor.message import Message
from ops.monitor.sinks.mail import Mail
from ops.monitor.sinks.of_system import sinks
from ops.monitor.sinks.pagerduty import PagerDuty
from ops.monitor.sinks.sink import Sink, SinkError
from ops.monitor.sinks.slack import Slack
from ops.monitor.sinks.webhook import Webhook
from settings.watch import Mail as MailSettings
from tests.ops.monitor.certificate import key_pair
from tests.ops.monitor.receiver import Answer, Receiver
from tests.planning.alerts.watched import system

pytestmark = pytest.mark.server

DOWN = Message(
    id="production/paintbox/answers-api-simple-health",
    environment="production",
    system="paintbox",
    alert="answers-api-simple-health",
    severity="critical",
    word="firing",
    at=1_795_305_600.0,
    since=1_795_305_480.0,
    summary="/api/simple-health does not answer as it must for 2m",
    detail="now no, status 503 <b>",
)
UP = replace(DOWN, word="recovered", detail="")
KEY = SecretStr("planted-key")


def test_slack_gets_a_line_in_the_colour_of_what_it_says(server: Receiver) -> None:
    server.answers["/services/T/B/planted"] = Answer()
    sink = Slack(SecretStr(f"{server.url}/services/T/B/planted"))
    for message in (DOWN, UP, replace(DOWN, severity="warning", word="still firing", environment="staging")):
        sink.send(message)
    down, up, still = (json.loads(got.body) for got in server.got)
    title = "CRITICAL paintbox: /api/simple-health does not answer as it must for 2m"
    assert down == {
        "text": title,
        "attachments": [
            {
                "color": "#d0021b",
                "text": "now no, status 503 &lt;b&gt;\n2026-11-22 00:00:00 UTC",
                "fallback": title,
            }
        ],
    }
    assert (up["text"][:18], up["attachments"][0]["color"]) == ("RECOVERED paintbox", "#2eb886")
    assert still["text"].startswith("WARNING (still) paintbox (staging): ")


def test_pagerduty_opens_one_incident_and_resolves_it(server: Receiver) -> None:
    server.answers["/v2/enqueue"] = Answer(status=202)
    sink = PagerDuty(KEY, f"{server.url}/v2/enqueue")
    sink.send(DOWN)
    sink.send(UP)
    opened, resolved = (json.loads(got.body) for got in server.got)
    assert (opened["event_action"], resolved["event_action"]) == ("trigger", "resolve")
    assert opened["dedup_key"] == resolved["dedup_key"] == DOWN.id
    assert opened["routing_key"] == "planted-key"
    assert opened["payload"]["severity"] == "critical"
    assert opened["payload"]["source"] == "paintbox"


def test_pagerduty_wakes_nobody_for_a_warning() -> None:
    sink = PagerDuty(KEY)
    assert (sink.wants(DOWN), sink.wants(replace(DOWN, severity="warning"))) == (True, False)


def test_a_webhook_can_see_whom_a_message_is_from(server: Receiver) -> None:
    server.answers["/hook"] = Answer(status=204, body=b"")
    Webhook(SecretStr(f"{server.url}/hook"), KEY).send(DOWN)
    [got] = server.got
    at, signed = (part.partition("=")[2] for part in got.headers["x-slipway-signature"].split(","))
    assert signed == hmac.new(b"planted-key", f"{at}.".encode() + got.body, hashlib.sha256).hexdigest()
    assert abs(int(at) - time.time()) < 60
    document = json.loads(got.body)
    assert Message(**{name: value for name, value in document.items() if name != "title"}) == DOWN
    assert document["title"] == DOWN.title


def http_sinks(url: str) -> list[Sink]:
    address = SecretStr(f"{url}/planted-path")
    return [Slack(address), PagerDuty(KEY, address.get_secret_value()), Webhook(address, KEY)]


@pytest.mark.parametrize("status", [302, 400, 403, 429, 500])
def test_what_is_not_taken_is_an_error_without_the_address(server: Receiver, status: int) -> None:
    server.answers["/planted-path"] = Answer(status=status)
    for sink in http_sinks(server.url):
        with pytest.raises(SinkError) as caught:
            sink.send(DOWN)
        assert str(caught.value) == f"{sink.name} answers with status {status}"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "https://planted.invalid", "planted://x", "http://[planted"])
def test_where_nothing_answers_is_an_error_without_the_address(url: str) -> None:
    for sink in http_sinks(url):
        with pytest.raises(SinkError) as caught:
            sink.send(DOWN)
        assert str(caught.value).startswith(f"{sink.name} does not answer: ")
        assert "planted" not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__


class Inbox:
    """Keeps the mail that an SMTP server takes."""

    def __init__(self) -> None:
        self.got: list[Envelope] = []
        self.refuses = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuses:
            return "451 come back later"
        self.got.append(envelope)
        return "250 OK"


def _login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"alerts", b"planted-key")
    return AuthResult(success=right, handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return key_pair(tmp_path_factory.mktemp("mail"), "localhost")


@pytest.fixture
def inbox(certificate: Path) -> Iterator[tuple[Inbox, int]]:
    """A server that takes mail after STARTTLS and a login only."""
    found = Inbox()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    bound = socket.create_server(("127.0.0.1", 0))

    class OnBound(Controller):
        """Listens on a port that nobody else can have taken meanwhile."""

        def _create_server(self) -> Any:
            return self.loop.create_server(self._factory_invoker, sock=bound)

    controller = OnBound(
        found,
        hostname="127.0.0.1",
        port=bound.getsockname()[1],
        ready_timeout=60,
        tls_context=context,
        require_starttls=True,
        authenticator=_login,
        auth_required=True,
    )
    controller.start()
    yield found, controller.port
    controller.stop()


def mail(port: int, certificate: Path, password: str = "planted-key") -> Mail:
    settings = MailSettings.model_construct(
        host="localhost", port=port, user="alerts", password_secret="SMTP_PASSWORD", sender="alerts@example.com"
    )
    context = ssl.create_default_context(cafile=str(certificate))
    return Mail(settings, ("a@example.com", "b@example.com"), SecretStr(password), context=context)


def test_mail_goes_to_all_addresses_encrypted_and_logged_in(inbox: tuple[Inbox, int], certificate: Path) -> None:
    taken, port = inbox
    mail(port, certificate).send(DOWN)
    [envelope] = taken.got
    assert envelope.rcpt_tos == ["a@example.com", "b@example.com"]
    message = message_from_bytes(envelope.content or b"", policy=policy.default)
    assert message["Subject"] == DOWN.title
    assert message["From"] == "alerts@example.com"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "status 503 <b>" in str(message.get_payload())


def test_mail_that_is_not_taken_is_an_error_without_the_password(inbox: tuple[Inbox, int], certificate: Path) -> None:
    taken, port = inbox
    taken.refuses = True
    with pytest.raises(SinkError, match=r"^mail was not taken: SMTPDataError$"):
        mail(port, certificate).send(DOWN)
    with pytest.raises(SinkError, match=r"^mail was not taken: SMTPAuthenticationError$") as caught:
        mail(port, certificate, password="planted-wrong").send(DOWN)
    assert caught.value.__suppress_context__


def test_mail_is_not_sent_to_a_server_that_nobody_vouches_for(inbox: tuple[Inbox, int], certificate: Path) -> None:
    taken, port = inbox
    sink = mail(port, certificate)
    sink._context = ssl.create_default_context()
    with pytest.raises(SinkError, match=r"^mail was not taken: SSLCertVerificationError$"):
        sink.send(DOWN)
    assert taken.got == []


def test_a_system_has_the_ways_that_its_settings_name() -> None:
    monitoring = system("paintbox-performance").monitoring
    assert monitoring
    secrets = {
        name: SecretStr("https://hooks.invalid/planted") for name in ("SLACK_WEBHOOK_URL", "PAGERDUTY_ROUTING_KEY")
    }
    found = sinks("performance", "paintbox-performance", monitoring, secrets, {})
    assert [sink.name for sink in found] == ["slack", "pagerduty"]


def test_a_secret_without_a_value_is_named_with_the_way_to_set_it() -> None:
    monitoring = system("paintbox").monitoring
    assert monitoring
    with pytest.raises(OperationError) as caught:
        sinks("production", "paintbox", monitoring, {}, {})
    assert str(caught.value) == (
        "paintbox: SLACK_WEBHOOK_URL has no value, so nobody could be told:\n"
        "  pulumi config set --stack production --secret --path 'slipway:secrets.paintbox.SLACK_WEBHOOK_URL', or "
        "$SLIPWAY_SECRET_PAINTBOX_SLACK_WEBHOOK_URL"
    )
