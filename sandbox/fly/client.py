"""A client of what only the emulated Fly.io has: the loopback addresses of its apps, and its catalogue of images."""

from __future__ import annotations

from typing import Any

from sandbox.client import Api


class FlyClient(Api):
    """Talks to the emulated Fly.io, e.g. at `http://127.0.0.1:40124`. Every method raises SandboxError."""

    def app(self, name: str) -> dict[str, Any]:
        """`{app, url, machines: [{id, state, region, cordoned, image, url, checks}], volumes}`.

        A volume is `{id, name, machine, folder}`; its files are in `folder` on this machine.
        """
        told: dict[str, Any] = self._call("GET", f"/sandbox/fly/apps/{name}")
        return told

    def put_image(self, reference: str, **behaviour: Any) -> None:
        """Catalogue an image; `behaviour` has the fields of sandbox/fly/images.py."""
        self._call("PUT", "/sandbox/fly/images", {"reference": reference, **behaviour})
