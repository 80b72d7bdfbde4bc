"""Backups in a bucket, at a local server that speaks S3's API."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ops.backup.bucket import Bucket
from ops.backup.places import shelf_of
from ops.backup.shelf import Shelf
from ops.errors import OperationError
from ops.sandbox import Clients
from ops.surroundings import Surroundings
from sandbox.client import Client
from sandbox.fly.client import FlyClient
from settings.backup import Bucket as BucketSettings
from tests.aws import client
from tests.ops.backup.backups import VOLUME, manifest, objects
from tests.ops.backup.test_shelf import MIDDLE, NEW, NOW, OLD
from tests.stacks import loaded
from tests.tetrix import ROOT

pytestmark = pytest.mark.server

SETTINGS = BucketSettings(name="acme-backups", region="us-east-1")


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, aws: str) -> Bucket:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local-secret")
    client("s3", aws, "us-east-1").create_bucket(Bucket="acme-backups")
    return Bucket(SETTINGS, {"AWS_ENDPOINT_URL_S3": aws})


def test_a_shelf_in_a_bucket_is_as_one_in_a_folder(bucket: Bucket) -> None:
    shelf = Shelf(bucket, "production", "web")
    for id_ in (OLD, MIDDLE, NEW):
        kept = objects({"data.json": id_})
        shelf.add(manifest(id_, kept), kept)
    assert shelf.ids() == [NEW, MIDDLE, OLD]
    assert shelf.problems(shelf.manifest()) == []
    assert shelf.prune(2, NOW) == [OLD]
    assert shelf.ids() == [NEW, MIDDLE]
    assert not bucket.keys(f"production/web/{OLD}")
    bucket.put(f"production/web/{NEW}/{VOLUME}.tar.gz", b"something else")
    assert len(shelf.problems(shelf.manifest())) == 1


def test_more_keys_than_are_removed_at_once_are_all_removed(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.backup.bucket._REMOVED_AT_ONCE", 2)
    for number in range(5):
        bucket.put(f"many/{number}", b"")
    keys = bucket.keys("many/")
    assert len(keys) == 5
    bucket.remove(keys)
    assert bucket.keys("many/") == []


def test_what_is_not_there_is_none(bucket: Bucket) -> None:
    assert bucket.get("production/web/nothing") is None


def test_a_refusal_names_the_bucket_and_the_way_out_and_no_credential(bucket: Bucket, aws: str) -> None:
    other = Bucket(
        BucketSettings(name="no-such-bucket", region="us-east-1"),
        {"AWS_ENDPOINT_URL_S3": aws},
    )
    with pytest.raises(OperationError) as caught:
        other.put("a", b"")
    assert str(caught.value) == (
        "the storage of bucket no-such-bucket answers NoSuchBucket; "
        "check that it exists, backup.bucket in the system's file, and AWS_ACCESS_KEY_ID"
    )


def test_without_credentials_it_says_so(aws: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    with pytest.raises(OperationError, match=r"answers NoCredentialsError; check .* AWS_ACCESS_KEY_ID"):
        Bucket(SETTINGS, {"AWS_ENDPOINT_URL_S3": aws}).keys("")


def test_a_rehearsal_never_uses_the_bucket(tmp_path: Path) -> None:
    real = Surroundings(ROOT, loaded("production"), {}, tmp_path)
    assert shelf_of(real, "tattoo-contest").store.where == "bucket tattoo-contest-backups"
    assert shelf_of(real, "tetrix").store.where == str(tmp_path / "backups")
    clients = Clients(Client("http://127.0.0.1:9"), FlyClient("http://127.0.0.1:9"))
    assert shelf_of(replace(real, sandbox=clients), "tattoo-contest").store.where == str(tmp_path / "backups")
