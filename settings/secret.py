"""Secret values: who needs which, how they are set, and what is never accepted as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import SecretStr

from settings.database import SOURCE_SECRET
from settings.postgres_url import PostgresUrlError, parse

MAXIMUM_BYTES: Final = 64 * 1024
"""The longest value that flyctl takes (flyctl 0.4.80, `secrets import`), held for every platform alike."""

_PLACEHOLDERS: Final = frozenset(
    {"changeme", "change_me", "placeholder", "password", "secret", "secure_password", "todo", "xxx", "your_secret_here"}
)


def set_command(stack: str, system: str, name: str) -> str:
    """The command that asks for a secret's value at the prompt, so that it is in no shell history."""
    return f"pulumi config set --stack {stack} --secret --path 'slipway:secrets.{system}.{name}'"


def environment_name(system: str, name: str) -> str:
    """The environment variable that a secret may come from instead of the stack's config."""
    return f"SLIPWAY_SECRET_{system}_{name}".replace("-", "_").upper()


def objections(value: SecretStr) -> Iterator[tuple[str, str]]:
    """What is wrong with a secret's value, as (rule, way out). The value itself is never shown."""
    text = value.get_secret_value()
    if not text.strip():
        yield "the value is empty", "set the real one"
    elif text.strip().lower().replace("-", "_") in _PLACEHOLDERS or "YOUR/WEBHOOK/URL" in text:
        yield "the value is a placeholder", "set the real one"
    if any("\ud800" <= character <= "\udfff" for character in text):
        yield "the value is not text in UTF-8", "encode it, for example as base64"
    if "\0" in text:
        yield "the value holds a NUL character, which no platform accepts", "encode it, for example as base64"
    if len(text.encode(errors="replace")) > MAXIMUM_BYTES:
        yield f"the value is longer than {MAXIMUM_BYTES // 1024} KiB", "keep large data in a file or an object store"


def objections_by_name(name: str, value: SecretStr) -> Iterator[tuple[str, str]]:
    """What is wrong with the value of a secret that must have a shape."""
    if name == SOURCE_SECRET:
        try:
            parse(value.get_secret_value())
        except PostgresUrlError as error:
            yield f"the value is no URL of a database: {error}", "set postgres://USER:PASSWORD@HOST:PORT/NAME"


def made_up(name: str, token: str) -> str:
    """A value for a rehearsal, in the shape that the name asks for."""
    if name == SOURCE_SECRET:
        return f"postgres://rehearsal:{token}@database.invalid:5432/rehearsal"
    if name.endswith("WEBHOOK_URL"):
        return f"https://hooks.invalid/{token}"
    return f"rehearsal-{token}"
