"""A small program on the provider: what its resources are is in the JSON file that FLY_TEST_SPEC names."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, os.environ["FLY_TEST_ROOT"])

import pulumi

from fly.resources import Address, App, Certificate, Release, Secrets, Volume

spec: dict[str, Any] = json.loads(Path(os.environ["FLY_TEST_SPEC"]).read_text())
protect = pulumi.ResourceOptions(protect=spec.get("protect", False))

app = App("web", name=spec["app"], org=spec.get("org", "slipway"), opts=protect)
first = [Address(f"web-{kind}", app=app.name, type=kind) for kind in spec.get("addresses", [])]
first += [Volume("web-data", app=app.name, **spec["volume"], opts=protect)] if "volume" in spec else []
secrets = Secrets("web-secrets", app=app.name, values=spec["secrets"]) if "secrets" in spec else None
if "hostname" in spec:
    certificate = Certificate("web-certificate", app=app.name, hostname=spec["hostname"])
    pulumi.export("acme", certificate.validation_records["acme"]["name"])
if "release" in spec:
    after = pulumi.ResourceOptions(depends_on=first)
    release = Release("web", app=app.name, secrets=secrets, **spec["release"], opts=after)
    pulumi.export("image", release.deployed_image)
    pulumi.export("version", release.version)
