"""Makes what runs agree with what the machines' documents say, and writes down what became of each machine."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.fly import identity, images
from sandbox.fly.call import APP_KIND, MACHINE_KIND
from sandbox.fly.checks import Checks, of_config
from sandbox.fly.disks import Disks
from sandbox.fly.logs import Logs
from sandbox.fly.machines import of_app, record
from sandbox.front import Front
from sandbox.instances import Behaviour, Instances
from sandbox.store import Document, Store

if TYPE_CHECKING:
    from collections.abc import Coroutine

# Between a crash and the restart that the policy asks for; doubles with each restart.
RESTART_SECONDS = 0.05
SLOWEST_RESTART_SECONDS = 1.0
# What flyctl sets, and the platform's own value, when a restart policy names no number.
DEFAULT_MAX_RETRIES = 10
# How long a request waits for the machine that is started for it.
WAKE_SECONDS = 5.0
_CRASH_POLL_SECONDS = 0.02
_WAIT_POLL_SECONDS = 0.01
# Type, status and, for an exit, the request part of a machine's event.
Event = tuple[str, str, dict[str, Any] | None]
_GONE = "destroyed"
# flyctl's mark on machines that are not the app proper: release commands, consoles, and those that read a volume.
_GROUP, _ASIDE = "fly_process_group", "fly_app_"
_SETTLED = ("started", "stopped", "suspended", "failed", "created")


class Runner:
    """Starts and stops the servers behind machines, runs their checks, and routes each app's public address."""

    def __init__(self, store: Store, instances: Instances, front: Front) -> None:
        self.store = store
        self.logs = Logs()
        self.disks = Disks(store.folder / "disks")
        self.checks = Checks(instances.port, self.logs, self._check_changed)
        self._instances = instances
        self._front = front
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        # What runs now: machine -> (its version, its run).
        self._running: dict[str, tuple[str, int]] = {}
        self._watchers: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def reconcile(self) -> None:
        """After a start of the sandbox: open every app and run every machine that should run."""
        for name, _ in self.store.all(APP_KIND):
            await self.open_app(name)
        await asyncio.gather(*(self.settle(id_) for id_, _ in self.store.all(MACHINE_KIND)))

    async def close(self) -> None:
        """Stop checking and watching; the instances belong to the caller."""
        for machine in list(self._running):
            self._unwatch(machine)
        for task in list(self._tasks):
            task.cancel()

    async def open_app(self, name: str) -> None:
        """Open the app's public address."""
        await self._front.open(name)
        self._front.wake_by(name, lambda: self._wake(name))
        self.route(name)

    async def shut_app(self, name: str) -> None:
        """Close the app's public address."""
        await self._front.shut(name)
        self.logs.forget(name)

    def url(self, name: str) -> str | None:
        """The app's public address on loopback."""
        port = self._front.port(name)
        return None if port is None else f"http://127.0.0.1:{port}"

    def machine_url(self, id_: str) -> str | None:
        """The address of one machine's server on loopback."""
        port = self._instances.port(id_)
        return None if port is None else f"http://127.0.0.1:{port}"

    def route(self, app: str) -> None:
        """Send the app's requests to its started, uncordoned machines whose service checks pass."""
        if self._front.port(app) is None:
            return
        serving = [
            machine["id"]
            for machine in of_app(self.store, app)
            if machine["state"] == "started"
            and not machine["cordoned"]
            and machine["id"] in self._running
            and machine["config"].get("services")
            and self.checks.routable(machine)
        ]
        self._front.route(app, serving)

    async def _wake(self, app: str) -> None:
        """Start a machine for a waiting request, as the proxy does: one that rests, uncordoned, and may be started."""
        resting = [
            machine
            for machine in of_app(self.store, app)
            if machine["state"] in ("stopped", "suspended")
            and not machine["cordoned"]
            and any(service.get("autostart") for service in machine["config"].get("services") or [])
        ]
        if not resting:
            return
        woken = resting[0]
        self._write(woken["id"], goal="started", state="starting", event=("start", "starting", None))
        await self.settle(woken["id"])
        end = asyncio.get_running_loop().time() + WAKE_SECONDS
        while asyncio.get_running_loop().time() < end:
            machine = self.store.get(MACHINE_KIND, woken["id"])
            if machine is None or self.checks.routable(machine):
                break
            await asyncio.sleep(_WAIT_POLL_SECONDS)
        self.route(app)

    async def settle(self, id_: str) -> None:
        """Bring one machine to what its document asks for. Safe to call at any time, as often as liked."""
        async with self._locks[id_]:
            machine = self.store.get(MACHINE_KIND, id_)
            if machine is None:
                await self._halt(id_, None)
                return
            wanted = (machine["instance_id"], machine.get("run", 0))
            if machine["goal"] == "started" and self._running.get(id_) != wanted:
                await self._halt(id_, machine, replaced=True)
                await self._start(machine, wanted)
            elif machine["goal"] == "started" and machine["state"] != "started":
                self._write(machine["id"], state="started")
            elif machine["goal"] in ("stopped", "suspended"):
                await self._halt(id_, machine)
            self.route(machine["app"])

    async def kill(self, id_: str) -> None:
        """End the machine's process as if it had crashed."""
        await self._instances.stop(id_)
        machine = self.store.get(MACHINE_KIND, id_)
        if machine is not None:
            await self._crashed(machine)

    async def wait(self, app: str, id_: str, states: list[str], instance: str, timeout: float) -> bool:
        """Whether the machine reaches one of these states in time; a machine that is gone is `destroyed`."""
        end = asyncio.get_running_loop().time() + timeout
        while asyncio.get_running_loop().time() < end:
            machine = self.store.get(MACHINE_KIND, id_)
            if machine is None or machine["app"] != app:
                return _GONE in states
            reached = machine["state"] in states or ("settled" in states and machine["state"] in _SETTLED)
            if reached and instance in ("", machine["instance_id"]):
                return True
            await asyncio.sleep(_WAIT_POLL_SECONDS)
        return False

    async def _start(self, machine: Document, wanted: tuple[str, int]) -> None:
        self._write(machine["id"], state="starting")
        self.logs.write(machine, f"Pulling container image {_image(machine)}", provider="runner")
        await self._instances.start(machine["id"], _behaviour(machine))
        self._running[machine["id"]] = wanted
        if not str((machine["config"].get("metadata") or {}).get(_GROUP, "")).startswith(_ASIDE):
            for mount in machine["config"].get("mounts") or []:
                self.disks.first_use(mount["volume"])
        started = self._write(machine["id"], state="started", event=("start", "started", None))
        self.logs.write(machine, f"Machine started, version {machine['behaviour'].get('version', '')}", provider="app")
        if machine["behaviour"].get("crash_after_seconds") is not None:
            self._watchers[machine["id"]] = self._spawn(self._watch_for_crash(machine["id"], wanted))
        if started is not None:
            await self.checks.watch(started)

    async def _halt(self, id_: str, machine: Document | None, *, replaced: bool = False) -> None:
        if id_ in self._running:
            self._unwatch(id_)
            del self._running[id_]
            if machine is not None:
                self.route(machine["app"])
                self.logs.write(machine, "Sending signal SIGINT to main child process", provider="app")
            await self._instances.stop(id_, forget=machine is None)
            if machine is not None:
                self.logs.write(machine, "Main child exited normally with code: 0", provider="app")
                self._write(id_, event=_exit(0, requested=True, restarting=replaced, count=0))
        if machine is not None and not replaced and machine["state"] != machine["goal"]:
            self._write(id_, state=machine["goal"])

    def _unwatch(self, id_: str) -> None:
        self.checks.forget(id_)
        watcher = self._watchers.pop(id_, None)
        if watcher is not None and watcher is not asyncio.current_task():
            watcher.cancel()

    async def _watch_for_crash(self, id_: str, wanted: tuple[str, int]) -> None:
        while self._instances.running(id_):
            await asyncio.sleep(_CRASH_POLL_SECONDS)
        machine = self.store.get(MACHINE_KIND, id_)
        if machine is not None and self._running.get(id_) == wanted:
            await self._crashed(machine)

    async def _crashed(self, machine: Document) -> None:
        id_ = machine["id"]
        async with self._locks[id_]:
            self._unwatch(id_)
            self._running.pop(id_, None)
            await self._instances.stop(id_)
            again = _restarts_again(machine)
            self.logs.write(machine, "Main child exited with code: 1", level="error", provider="app")
            self._write(
                id_,
                state="starting" if again else "stopped",
                goal=machine["goal"] if again else "stopped",
                restarts=machine["restarts"] + 1,
                event=_exit(1, requested=False, restarting=again, count=machine["restarts"] + 1),
            )
            self.route(machine["app"])
            if not again:
                message = f"machine has reached its max restart count of {machine['restarts']}"
                self.logs.write(machine, message, level="error", provider="runner")
        if again:
            await asyncio.sleep(min(RESTART_SECONDS * 2 ** machine["restarts"], SLOWEST_RESTART_SECONDS))
            await self.settle(id_)

    def _write(self, id_: str, *, event: Event | None = None, **to: Any) -> Document | None:
        """Change keys of the machine's document and record an event, in one transaction; None when it is gone."""
        with self.store.transaction():
            machine = self.store.get(MACHINE_KIND, id_)
            if machine is None:
                return None
            machine.update(to, updated_at=identity.now())
            if event is not None:
                record(machine, *event)
            self.store.put(MACHINE_KIND, id_, machine)
            return machine

    def _check_changed(self, id_: str) -> None:
        machine = self.store.get(MACHINE_KIND, id_)
        if machine is not None:
            self.route(machine["app"])

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _restarts_again(machine: Document) -> bool:
    policy = machine["config"].get("restart") or {}
    if policy.get("policy") == "no":
        return False
    most = policy.get("max_retries") or DEFAULT_MAX_RETRIES
    return policy.get("policy") == "always" or machine["restarts"] < most


def _exit(code: int, *, requested: bool, restarting: bool, count: int) -> Event:
    seen = {
        "exit_code": code,
        "guest_exit_code": code,
        "requested_stop": requested,
        "restarting": restarting,
        "oom_killed": False,
        "exited_at": identity.now(),
    }
    return "exit", "stopped", {"exit_event": seen, "restart_count": count}


def _image(machine: Document) -> str:
    reference: Mapping[str, str] = machine["image_ref"]
    return f"{reference['registry']}/{reference['repository']}@{reference['digest']}"


def _behaviour(machine: Document) -> Behaviour:
    image = machine["behaviour"]
    found = [check for check in of_config(machine["config"]) if check.kind == "http"]
    paths = tuple(dict.fromkeys(check.path for check in found))
    failing = tuple(image.get("failing_paths") or ())
    if images.ALL_PATHS in failing:
        failing = paths
    routing = {check.path for check in found if check.routes}
    return Behaviour(
        system=machine["app"],
        region=machine["region"],
        port_hint=None,
        # A failing top-level check informs only: it must not take the machine out of the front's rotation.
        health_paths=tuple(path for path in paths if path in routing or path not in failing),
        boot_seconds=float(image.get("boot_seconds") or 0),
        failing_paths=failing,
        status_when_failing=int(image.get("status_when_failing") or 503),
        crash_after_seconds=image.get("crash_after_seconds"),
        latency_ms=int(image.get("latency_ms") or 0),
        version=str(image.get("version") or ""),
        headers=image.get("headers") or {},
    )
