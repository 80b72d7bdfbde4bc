"""Machines: what each should run is written here; the runner makes it so and writes what became of it."""

from __future__ import annotations

from typing import Any

from sandbox.fly import guests, identity, images, leases, regions, shell, volumes
from sandbox.fly.call import MACHINE_KIND, Call, Json
from sandbox.fly.errors import ConflictError, FlyError, RefusedError
from sandbox.store import Document, Store

# The platform shows the last few events of a machine, newest first.
EVENTS_KEPT = 20
_DEFAULT_REGION = "iad"


def launch(call: Call) -> Json:
    """POST /v1/apps/{app}/machines {config, region, name, skip_launch, skip_service_registration, lease_ttl}."""
    app = call.app()
    store, request = call.store, call.body
    region = regions.checked(store, str(request.get("region") or _DEFAULT_REGION))
    number = store.next_number(MACHINE_KIND)
    id_ = identity.machine_id(number)
    goal = "created" if request.get("skip_launch") else "started"
    machine: Document = {
        "id": id_,
        "app": app["name"],
        "name": request.get("name") or f"{app['name']}-{number}",
        "state": "created",
        "goal": goal,
        "region": region,
        "private_ip": identity.private_ip(id_),
        "created_at": identity.now(),
        "cordoned": bool(request.get("skip_service_registration")),
        "events": [],
        "restarts": 0,
    }
    if store.find(MACHINE_KIND, app=app["name"], name=machine["name"]):
        raise ConflictError(f"already_exists: unique machine name violation, machine name '{machine['name']}' is taken")
    _configure(call, machine)
    record(machine, "launch", "created", source="user")
    store.put(MACHINE_KIND, id_, machine)
    regions.taken(store, region, 1)
    call.settle(id_)
    answer = as_machines(call, machine)
    if request.get("lease_ttl"):
        answer["nonce"] = leases.grant(store, machine, int(request["lease_ttl"]))["nonce"]
    return answer


def update(call: Call) -> Json:
    """POST /v1/apps/{app}/machines/{machine} {config, …}: a new version of it, replacing the running one."""
    machine = call.machine()
    leases.require(call, machine["id"])
    wanted = call.body.get("current_version")
    if wanted and wanted != machine["instance_id"]:
        raise ConflictError(f"machine version mismatch: current version is {machine['instance_id']}, not {wanted}")
    _configure(call, machine)
    machine["goal"] = machine["goal"] if call.body.get("skip_launch") else "started"
    machine["restarts"] = 0
    if machine["state"] == "started":
        machine["state"] = "replacing"
    record(machine, "update", machine["state"], source="user")
    call.store.put(MACHINE_KIND, machine["id"], machine)
    call.settle(machine["id"])
    return as_machines(call, machine)


def _configure(call: Call, machine: Document) -> None:
    config: dict[str, Any] = call.body.get("config") or {}
    least = call.body.get("min_secrets_version")
    version = call.app()["secrets_version"]
    if least and least > version:
        raise RefusedError(f"secrets version {least} is not available: the latest is {version}")
    image = images.resolve(call.store, str(config.get("image") or ""))
    config["guest"] = guests.checked(config.get("guest"))
    _check_services(config)
    volumes.attach(call.store, call.app_name, machine["id"], machine["region"], config)
    machine["config"] = config
    machine["image_ref"] = image.as_machine()
    machine["behaviour"] = image.behaviour
    machine["secrets_version"] = version
    machine["instance_id"] = identity.instance_id(machine["id"], call.store.next_number("fly/instance"))
    machine["updated_at"] = identity.now()


def _check_services(config: dict[str, Any]) -> None:
    for service in config.get("services") or []:
        limits = service.get("concurrency") or {}
        soft, hard = limits.get("soft_limit") or 0, limits.get("hard_limit") or 0
        if hard and soft > hard:
            raise RefusedError(
                f"invalid config.services concurrency: soft_limit {soft} must not be larger than hard_limit {hard}"
            )


def listed(call: Call) -> Json:
    """GET /v1/apps/{app}/machines?include_deleted&region&state&summary."""
    call.app()
    machines = [document for _, document in call.store.find(MACHINE_KIND, app=call.app_name)]
    for key in ("region", "state"):
        if key in call.query:
            machines = [machine for machine in machines if machine[key] == call.query[key]]
    return [as_machines(call, machine) for machine in machines]


def show(call: Call) -> Json:
    """GET /v1/apps/{app}/machines/{machine}."""
    return as_machines(call, call.machine())


def start(call: Call) -> Json:
    """POST …/start → {previous_state}."""
    machine = call.machine()
    leases.require(call, machine["id"])
    previous = machine["state"]
    if previous == "failed":
        raise FlyError(f"failed_precondition: unable to start machine from current state: '{previous}'")
    machine["restarts"] = 0
    _aim(call, machine, "started", "start", "starting")
    return {"status": "ok", "previous_state": previous, "migrated": False, "new_host": ""}


def stop(call: Call) -> Json:
    """POST …/stop {signal, timeout}."""
    machine = call.machine()
    leases.require(call, machine["id"])
    if machine["state"] == "created":
        raise FlyError("failed_precondition: unable to stop machine from current state: 'created'")
    _aim(call, machine, "stopped", "stop", "stopping")
    return {"ok": True}


def suspend(call: Call) -> Json:
    """POST …/suspend."""
    machine = call.machine()
    leases.require(call, machine["id"])
    if machine["state"] != "started":
        raise FlyError(f"failed_precondition: unable to suspend machine from current state: '{machine['state']}'")
    _aim(call, machine, "suspended", "suspend", "suspending")
    return {"ok": True}


def restart(call: Call) -> Json:
    """POST …/restart?force_stop&timeout: the same version once more."""
    machine = call.machine()
    leases.require(call, machine["id"])
    machine["run"] = call.store.next_number("fly/run")
    machine["restarts"] = 0
    _aim(call, machine, "started", "restart", "stopping")
    return {"ok": True}


def signal(call: Call) -> Json:
    """POST …/signal {signal}: 9 ends the process, which the restart policy then sees as a crash."""
    machine = call.machine()
    if call.body.get("signal") in (9, "SIGKILL"):
        call.afterwards(lambda: call.runner.kill(machine["id"]))
    return {"ok": True}


def destroy(call: Call) -> Json:
    """DELETE …?kill=bool; a started machine is only destroyed by force, as the platform has it."""
    machine = call.machine()
    leases.require(call, machine["id"])
    if machine["state"] in ("started", "starting") and call.query.get("kill") != "true":
        state = machine["state"]
        raise FlyError(f"failed_precondition: unable to destroy machine, not currently stopped, state {state}")
    call.store.delete(MACHINE_KIND, machine["id"])
    volumes.detach(call.store, machine["id"])
    call.runner.disks.remove(machine["id"])
    regions.taken(call.store, machine["region"], -1)
    call.settle(machine["id"])
    return {"ok": True}


def cordon(call: Call) -> Json:
    """POST …/cordon: no new requests from the proxy."""
    return _set_cordoned(call, cordoned=True)


def uncordon(call: Call) -> Json:
    """POST …/uncordon."""
    return _set_cordoned(call, cordoned=False)


def _set_cordoned(call: Call, *, cordoned: bool) -> Json:
    machine = call.machine()
    leases.require(call, machine["id"])
    machine["cordoned"] = cordoned
    call.store.put(MACHINE_KIND, machine["id"], machine)
    call.settle(machine["id"])
    return {"ok": True}


def metadata(call: Call) -> Json:
    """GET …/metadata."""
    return dict(call.machine()["config"].get("metadata") or {})


def set_metadata(call: Call) -> Json:
    """POST …/metadata/{key} {value}."""
    machine = call.machine()
    machine["config"].setdefault("metadata", {})[call.path["key"]] = call.body.get("value")
    call.store.put(MACHINE_KIND, machine["id"], machine)
    return None


def delete_metadata(call: Call) -> Json:
    """DELETE …/metadata/{key}."""
    machine = call.machine()
    (machine["config"].get("metadata") or {}).pop(call.path["key"], None)
    call.store.put(MACHINE_KIND, machine["id"], machine)
    return None


def processes(call: Call) -> Json:
    """GET …/ps: one process, listening where its image listens."""
    machine = call.machine()
    ports = [service.get("internal_port") for service in machine["config"].get("services") or []]
    port = machine["behaviour"].get("listens_on") or (ports[0] if ports else None)
    sockets = [{"proto": "tcp", "address": f"0.0.0.0:{port}"}] if port else []
    process = {"pid": 320, "stime": 1, "rtime": 1, "command": "app", "directory": "/", "cpu": 0, "rss": 0}
    return [{**process, "listen_sockets": sockets}]


def execute(call: Call) -> Json:
    """POST …/exec {cmd, timeout} → {exit_code, stdout, stderr}: see `sandbox.fly.shell` for what can be executed."""
    machine = call.machine()
    if machine["state"] != "started":
        raise FlyError(f"failed_precondition: unable to exec, machine is not started, state {machine['state']}")
    return shell.run(str(call.body.get("cmd") or ""), machine, call.runner.disks)


def _aim(call: Call, machine: Document, goal: str, event: str, status: str) -> None:
    machine["goal"] = goal
    if machine["state"] != goal or event == "restart":
        machine["state"] = status
        record(machine, event, status, source="user")
    machine["updated_at"] = identity.now()
    call.store.put(MACHINE_KIND, machine["id"], machine)
    call.settle(machine["id"])


def record(
    machine: Document, type_: str, status: str, request: dict[str, Any] | None = None, *, source: str = "flyd"
) -> None:
    """Put an event in front of a machine's events."""
    event: dict[str, Any] = {
        "id": identity.digest(machine["id"], type_, len(machine["events"]), identity.milliseconds())[:26],
        "type": type_,
        "status": status,
        "source": source,
        "timestamp": identity.milliseconds(),
    }
    if request:
        event["request"] = request
    machine["events"] = [event, *machine["events"]][:EVENTS_KEPT]


def as_machines(call: Call, machine: Document) -> dict[str, Any]:
    """The shape of the Machines API, with the check results of this moment."""
    hidden = ("app", "goal", "behaviour", "restarts", "run", "secrets_version")
    shown = {key: value for key, value in machine.items() if key not in hidden}
    shown["version"] = machine["instance_id"]
    shown["host_status"] = "ok"
    shown["checks"] = call.runner.checks.statuses(machine)
    return shown


def of_app(store: Store, app: str) -> list[Document]:
    """The machines of an app, oldest first."""
    return [document for _, document in store.find(MACHINE_KIND, app=app)]
