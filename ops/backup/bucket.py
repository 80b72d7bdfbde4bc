"""Backups in a bucket of an S3-compatible storage, with the credentials that the AWS tools find."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from ops.errors import OperationError
from ops.exit_code import ExitCode
from settings.backup import Bucket as BucketSettings

_TIMEOUT_SECONDS: Final = 30
_ATTEMPTS: Final = 4
_REMOVED_AT_ONCE: Final = 1000
"""The most keys that one DeleteObjects takes (AWS S3 API reference, 2026-08)."""
_MISSING: Final = frozenset({"NoSuchKey", "404"})


class Bucket:
    """Objects in a bucket. The storage checks the SHA-256 of what it is given."""

    def __init__(self, settings: BucketSettings, environment: Mapping[str, str]) -> None:
        """`environment` may name another endpoint as AWS_ENDPOINT_URL_S3, where the settings name none."""
        # boto3 takes 0.3 s to import, and only backups need it.
        import boto3
        from botocore.config import Config

        config = Config(
            connect_timeout=_TIMEOUT_SECONDS, read_timeout=_TIMEOUT_SECONDS, retries={"max_attempts": _ATTEMPTS}
        )
        self._name = settings.name
        self.where = f"bucket {settings.name}"
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=settings.endpoint or environment.get("AWS_ENDPOINT_URL_S3"),
            region_name=settings.region,
            config=config,
        )

    def put(self, key: str, data: bytes) -> None:
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        with self._explained():
            self._client.put_object(Bucket=self._name, Key=key, Body=data, ChecksumSHA256=digest)

    def get(self, key: str) -> bytes | None:
        from botocore.exceptions import ClientError

        with self._explained():
            try:
                return bytes(self._client.get_object(Bucket=self._name, Key=key)["Body"].read())
            except ClientError as error:
                if str(error.response.get("Error", {}).get("Code")) in _MISSING:
                    return None
                raise

    def keys(self, prefix: str) -> list[str]:
        with self._explained():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=prefix)
            return sorted(entry["Key"] for page in pages for entry in page.get("Contents", ()))

    def remove(self, keys: list[str]) -> None:
        for start in range(0, len(keys), _REMOVED_AT_ONCE):
            named = [{"Key": key} for key in keys[start : start + _REMOVED_AT_ONCE]]
            with self._explained():
                answer = self._client.delete_objects(Bucket=self._name, Delete={"Objects": named, "Quiet": True})
            if refused := answer.get("Errors"):
                raise self._refused(f"{refused[0].get('Code')} for {refused[0].get('Key')}")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            raise self._refused(str(error.response.get("Error", {}).get("Code", "an error"))) from error
        except BotoCoreError as error:
            raise self._refused(type(error).__name__) from error

    def _refused(self, said: str) -> OperationError:
        way_out = "check that it exists, backup.bucket in the system's file, and AWS_ACCESS_KEY_ID"
        return OperationError(f"the storage of {self.where} answers {said}; {way_out}", ExitCode.ENGINE)
