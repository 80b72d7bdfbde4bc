"""Small edges for tests."""

from __future__ import annotations

import json
from typing import Any

from settings.edge import Edge
from settings.stack import Stack, StackSettings
from tests.settings.samples import DIGITALOCEAN, FLY

HOST = "example.com"


def edge(**changes: Any) -> Edge:
    """An edge behind Cloudflare's proxy with one domain, and these changes, written as in a file."""
    return Edge.model_validate_json(json.dumps(raw_edge(**changes)))


def raw_edge(**changes: Any) -> dict[str, Any]:
    return {"zone": HOST, "mode": "cloudflare", "domains": [{"name": HOST, "role": "primary"}], **changes}


def stack(environment: str = "production", platform: str = "fly", **edges: dict[str, Any]) -> Stack:
    """A stack with one system an edge; their rules between fields are not checked."""
    sample = FLY if platform == "fly" else DIGITALOCEAN
    systems = {
        name: {**sample, "app": {**sample["app"], "name": f"{name}-app"}, "edge": raw} for name, raw in edges.items()
    }
    settings = StackSettings.model_validate_json(json.dumps({"environment": environment, "systems": systems}))
    return Stack(environment, environment, settings.systems)
