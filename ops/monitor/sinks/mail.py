"""E-mail, by an SMTP server on an encrypted connection."""

from __future__ import annotations

import smtplib
import ssl
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Final

from pydantic import SecretStr

from ops.monitor.message import Message
from ops.monitor.sinks.sink import SinkError
from settings.watch import Mail as MailSettings

_TIMEOUT_SECONDS: Final = 15.0
_ENCRYPTED_FROM_THE_START: Final = 465


class Mail:
    """Sends to all addresses at once."""

    name = "mail"

    def __init__(
        self,
        settings: MailSettings,
        to: tuple[str, ...],
        password: SecretStr | None,
        *,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._to = to
        self._password = password
        self._context = context or ssl.create_default_context()

    def wants(self, message: Message) -> bool:
        return True

    def send(self, message: Message) -> None:
        # A folded subject would begin with a space in some programs; 998 is the longest line (RFC 5322, 2.1.1).
        mail = EmailMessage(policy=policy.SMTP.clone(max_line_length=998))
        mail["Subject"] = message.title
        mail["From"] = self._settings.sender
        mail["To"] = ", ".join(self._to)
        mail["Date"] = format_datetime(datetime.fromtimestamp(message.at, UTC))
        mail["Message-ID"] = make_msgid(domain=self._settings.sender.rpartition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content("\n".join(part for part in (message.title, message.detail, message.when) if part) + "\n")
        try:
            self._deliver(mail)
        except (smtplib.SMTPException, OSError) as error:
            # Without `from`: an SMTP error may repeat what was sent to log in.
            raise SinkError(f"{self.name} was not taken: {type(error).__name__}") from None

    def _deliver(self, mail: EmailMessage) -> None:
        host, port = self._settings.host, self._settings.port
        if port == _ENCRYPTED_FROM_THE_START:
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_SECONDS, context=self._context)
        else:
            server = smtplib.SMTP(host, port, timeout=_TIMEOUT_SECONDS)
        with server:
            if port != _ENCRYPTED_FROM_THE_START:
                server.starttls(context=self._context)
            if self._settings.user and self._password:
                server.login(self._settings.user, self._password.get_secret_value())
            server.send_message(mail)
