"""What is kept of an app on App Platform and of its databases, against the emulated API."""

from __future__ import annotations

import json
from pathlib import Path

from ops.backup.app_platform import databases, keep_app
from ops.clouds.digitalocean import DigitalOcean
from sandbox.digitalocean.api import vendor
from settings.digitalocean_system import DigitalOceanSystem
from tests.sandbox.vendors import vendors
from tests.stacks import loaded

APP = "ca96485c-ee6b-401b-b1a2-8442c3bc7f04"
SPEC = {"name": "tetrix", "services": [{"name": "web", "instanceSizeSlug": "apps-s-1vcpu-1gb", "instanceCount": 2}]}


def test_the_spec_is_kept_as_the_api_takes_it_back_and_secrets_by_name_only(tmp_path: Path) -> None:
    system = loaded("production").systems["tetrix"]
    assert isinstance(system, DigitalOceanSystem)
    with vendors(tmp_path / "home") as running:
        running.control.seed("digitalocean/app", {"spec": SPEC}, APP)
        environment = {"DIGITALOCEAN_TOKEN": vendor.TOKEN, "DIGITALOCEAN_API_URL": running.urls["digitalocean"]}
        api = DigitalOcean(environment)
        found = keep_app(api, "tetrix", system)
        assert json.loads(found.objects["tetrix.spec.json"]) == api.app(APP).spec
        assert "TELNYX_API_KEY" in found.apps["tetrix"].secrets
        assert found.apps["tetrix"].configuration == "tetrix.spec.json"
        assert keep_app(api, "not-there", system).apps == {}
        assert databases(api, {"not-there"}) == []
