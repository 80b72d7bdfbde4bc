"""What a rehearsal may set that an operator of the real platform cannot: images, tokens, capacities, limits, DNS.

Served under `/sandbox/fly/`, without a token, and never subject to faults.
"""

from __future__ import annotations

from typing import Any

from sandbox.fly import certificates, images, limits, organizations, regions, volumes
from sandbox.fly.call import Call, Json
from sandbox.fly.errors import RefusedError
from sandbox.fly.machines import of_app


def put_image(call: Call) -> Json:
    """PUT /sandbox/fly/images {reference, …behaviour}: see `sandbox.fly.images.FIELDS`."""
    behaviour = dict(call.body)
    reference = str(behaviour.pop("reference", ""))
    if not reference:
        raise RefusedError('an image needs a reference: give {"reference": "slipway/paintbox:v2", …}')
    images.catalogue(call.store, reference, behaviour)
    return {"reference": reference, **behaviour}


def put_token(call: Call) -> Json:
    """PUT /sandbox/fly/tokens {token, valid}: accept or refuse one token."""
    organizations.decide_token(call.store, str(call.body.get("token") or ""), valid=bool(call.body.get("valid")))
    return {"valid": bool(call.body.get("valid"))}


def put_region(call: Call) -> Json:
    """PUT /sandbox/fly/regions/{region} {capacity}: how many more machines fit."""
    code, capacity = call.path["region"], int(call.body.get("capacity") or 0)
    if code not in regions.REGIONS:
        raise RefusedError(f"invalid region '{code}': must be one of {', '.join(regions.REGIONS)}")
    call.store.put(regions.KIND, code, {"capacity": capacity})
    return {"region": code, "capacity": capacity}


def put_organization(call: Call) -> Json:
    """PUT /sandbox/fly/organizations/{slug} {member}: an organisation, the caller's or somebody else's."""
    organizations.add(call.store, call.path["slug"], member=call.body.get("member") is not False)
    return {"slug": call.path["slug"]}


def put_limits(call: Call) -> Json:
    """PUT /sandbox/fly/limits {on}: enforce the Machines API's documented rate limits."""
    call.store.put(*limits.SETTING, {"on": bool(call.body.get("on"))})
    return {"on": bool(call.body.get("on"))}


def put_hostname(call: Call) -> Json:
    """PUT /sandbox/fly/hostnames/{hostname} {configured}: whether DNS sends this host name to its app."""
    configured = bool(call.body.get("configured"))
    call.store.put(certificates.DNS_KIND, call.path["hostname"], {"configured": configured})
    return {"hostname": call.path["hostname"], "configured": configured}


def show_app(call: Call) -> Json:
    """GET /sandbox/fly/apps/{app}: the app's loopback address, what serves it, and where its volumes' files are."""
    app = call.app()
    machines: list[dict[str, Any]] = [
        {
            "id": machine["id"],
            "state": machine["state"],
            "region": machine["region"],
            "cordoned": machine["cordoned"],
            "image": machine["config"]["image"],
            "url": call.runner.machine_url(machine["id"]),
            "checks": call.runner.checks.statuses(machine),
        }
        for machine in of_app(call.store, app["name"])
    ]
    disks = [
        {
            "id": id_,
            "name": volume["name"],
            "machine": volume["attached_machine_id"],
            "folder": call.runner.disks.at(id_),
        }
        for id_, volume in call.store.find(volumes.KIND, app=app["name"])
    ]
    return {"app": app["name"], "url": call.runner.url(app["name"]), "machines": machines, "volumes": disks}
