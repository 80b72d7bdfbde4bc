"""An AWS on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def at_a_local_server() -> Iterator[str]:
    """Starts an empty AWS; gives its address."""
    # Half a second that only tests with a server need.
    import urllib3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    # The server's state lives as long as this process.
    urllib3.request("POST", f"http://{host}:{port}/moto-api/reset")
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def client(service: str, address: str, region: str) -> Any:
    """A client of boto3 for one of its services."""
    import boto3

    return boto3.client(
        service,
        endpoint_url=address,
        region_name=region,
        aws_access_key_id="local",
        aws_secret_access_key="local-secret",
    )
