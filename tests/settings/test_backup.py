"""Where backups are kept, and how many."""

from __future__ import annotations

import pytest

from tests.settings.samples import FLY, refusals
from tests.stacks import loaded


def test_tattoo_contest_keeps_the_latest_fifty() -> None:
    systems = loaded("production").systems
    assert systems["tattoo-contest"].backup.keep == 50


@pytest.mark.parametrize(
    ("bucket", "problems"),
    [
        ("{name: acme-backups, region: us-east-1}", []),
        ("{name: acme-backups, endpoint: 'https://fly.storage.tigris.dev'}", []),
        (
            "{name: acme-backups}",
            [
                "backup.bucket.region: AWS has no region auto; "
                "name the bucket's region, or the endpoint of another storage",
            ],
        ),
    ],
)
def test_a_bucket_is_somewhere(bucket: str, problems: list[str]) -> None:
    assert refusals(FLY, f"backup: {{bucket: {bucket}}}") == problems


@pytest.mark.parametrize("endpoint", ["http://storage.example.com", "https://key:word@storage.example.com"])
def test_backups_go_over_tls_and_the_file_holds_no_credentials(endpoint: str) -> None:
    found = refusals(FLY, f"backup: {{bucket: {{name: acme-backups, region: r1, endpoint: '{endpoint}'}}}}")
    assert len(found) == 1
    assert "backup.bucket.endpoint" in found[0]
