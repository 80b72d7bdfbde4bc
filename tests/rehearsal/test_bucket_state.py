"""State in an S3-compatible bucket, here a local server: the same program, and one deployment at a time."""

from __future__ import annotations

import socket

import pytest

from tests.aws import client
from tests.patience import eventually
from tests.rehearsal.project import Project

pytestmark = [pytest.mark.engine, pytest.mark.server]


class Bucket:
    """An empty bucket of a server on loopback."""

    def __init__(self, address: str) -> None:
        server = address.removeprefix("http://")
        self.environment = {
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local-secret",
            "AWS_REGION": "us-east-1",
            "PULUMI_BACKEND_URL": f"s3://state?endpoint={server}&s3ForcePathStyle=true&disableSSL=true",
        }
        self._client = client("s3", address, "us-east-1")
        self._client.create_bucket(Bucket="state")

    def wait_for_lock(self) -> None:
        locks = {"Bucket": "state", "Prefix": ".pulumi/locks/"}
        eventually(lambda: self._client.list_objects_v2(**locks).get("Contents"), seconds=120)


@pytest.fixture
def bucket(aws: str) -> Bucket:
    return Bucket(aws)


def test_state_in_a_bucket_works_and_a_second_up_is_refused_with_the_name_of_the_holder(
    project: Project, bucket: Bucket
) -> None:
    project.keep_systems("staging", "tetrix")
    up = project.pulumi("staging", "up", "--yes", "--skip-preview", **bucket.environment)
    assert up.returncode == 0, up.stdout + up.stderr
    preview = project.pulumi("staging", "preview", "--expect-no-changes", **bucket.environment)
    assert preview.returncode == 0, preview.stdout + preview.stderr

    project.slipway("sandbox", "faults", "latency", "--operation", "update", "--latency-ms", "4000", "--count", "0")
    project.slipway("sandbox", "drift", "tetrix-minimal-staging", "spec.services[0].instanceCount", "3")
    first = project.start_pulumi("staging", "up", "--yes", "--skip-preview", "--refresh", **bucket.environment)
    try:
        bucket.wait_for_lock()
        with project.held_still(first):
            second = project.pulumi("staging", "up", "--yes", "--skip-preview", **bucket.environment)
    finally:
        first.wait(timeout=200)
    assert second.returncode != 0
    assert "the stack is currently locked by 1 lock(s)" in second.stderr
    assert f"@{socket.gethostname()} (pid " in second.stderr
    assert first.returncode == 0
