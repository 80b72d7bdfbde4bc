"""A plain variable is taken for a secret by its name, its shape or its randomness, and a harmless one is not."""

from __future__ import annotations

import pytest

from policies.secrecy import betrays

NAMED = "its name is one of a secret"
SHAPED = "it has the shape of a key"
RANDOM = "it looks like random text, as keys do"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("ADMIN_PASSWORD", "hunter2", NAMED),
        ("token", "x", NAMED),
        ("ENCRYPTION_KEY", "deadbeefdeadbeefdeadbeefdeadbeef", NAMED),
        ("PAGERDUTY_ROUTING_KEY", "x", NAMED),
        ("BACKUP_PASSPHRASE", "x", NAMED),
        ("SLACK_WEBHOOK_URL", "https://hooks.example.com/x", NAMED),
        ("SOURCE", "postgres://shop:hunter2@db.example.com/shop", "it is a URL with a password"),
        ("CERTIFICATE", "-----BEGIN RSA PRIVATE KEY-----", SHAPED),
        ("ID", "AKIAIOSFODNN7EXAMPLE", SHAPED),
        ("ID", "github_pat_" + "a" * 22, SHAPED),
        ("SALT", "q8Zr3Vt6Xw1Yp5Ls9Kd2", RANDOM),
    ],
)
def test_what_looks_like_a_secret(name: str, value: str, why: str) -> None:
    assert betrays(name, value) == why


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADMIN_PASSWORD", ""),
        ("TOKEN_TTL_SECONDS", "60"),
        ("SECRET_NAME", "shop"),
        ("MONKEY", "banana"),
        ("DATABASE", "postgres://db.example.com/shop"),
        ("ORIGIN", "https://shop.example.com:8443/a@b"),
        ("COMMIT", "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef"),
        ("NODE_OPTIONS", "--max-old-space-size=1536"),
        ("SENTENCE", "Nothing in here is a Secret, 20 words or not"),
        ("SHORT", "q8Zr3Vt6Xw1Yp5Ls9Kd"),
    ],
)
def test_what_is_harmless(name: str, value: str) -> None:
    assert betrays(name, value) is None
