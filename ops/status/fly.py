"""A system on Fly.io, as flyctl tells it: the app and the apps beside it."""

from __future__ import annotations

from fly.errors import FlyError, NotFound
from fly.facts import Facts
from fly.models.machine import Machine
from ops.deployment.release import fly_apps
from ops.status.seen import Domain, Instance, Seen
from settings.fly_system import FlySystem


async def seen_on_fly(facts: Facts, name: str, system: FlySystem, environment: str, options: str) -> Seen:
    """The machines of every app of the system, and the certificates. What cannot be read is its `trouble`.

    `options` are those with which another verb works on the same stack.
    """
    apps = fly_apps(system, environment)
    instances: list[Instance] = []
    notes: list[str] = []
    try:
        for part, app in apps.items():
            try:
                machines = await facts.machines(app)
            except NotFound:
                notes.append(f"{app} is not deployed")
                continue
            ours = sorted((machine for machine in machines if machine.serves), key=lambda machine: machine.id)
            instances += [_instance(part, machine) for machine in ours]
            if not ours:
                notes.append(f"{app} has no machines")
        domains = await _domains(facts, apps["app"]) if instances else ()
    except FlyError as error:
        return Seen(name, "fly", apps["app"], trouble=str(error))
    return Seen(
        name, "fly", apps["app"], tuple(instances), domains, (*notes, *_notes(instances, f"--system {name} {options}"))
    )


def _instance(part: str, machine: Machine) -> Instance:
    results = machine.results
    return Instance(
        part=part,
        id=machine.id,
        state=machine.state,
        region=machine.region,
        release=f"v{machine.release_version}" if machine.release_version else "",
        runs=_short(machine),
        checks=(sum(check.status == "passing" for check in results), machine.configured_checks()),
        cordoned=machine.cordoned,
    )


def _short(machine: Machine) -> str:
    """Repository and tag, else repository and the digest's first characters."""
    image = machine.image_ref
    return f"{image.repository}:{image.tag}" if image.tag else f"{image.repository}@{image.digest[:19]}"


async def _domains(facts: Facts, app: str) -> tuple[Domain, ...]:
    found = []
    for host in sorted(await facts.hostnames(app)):
        certificate = await facts.certificate(app, host)
        needed = certificate.dns_requirements.cname
        reason = f"its DNS must say CNAME {needed}" if needed and not certificate.configured else ""
        found.append(Domain(host, certificate.status or "unknown", certificate.expires_at, reason))
    return tuple(found)


def _notes(instances: list[Instance], options: str) -> tuple[str, ...]:
    releases = {(instance.part, instance.release) for instance in instances}
    mixed = sorted({part for part, _ in releases if len({r for p, r in releases if p == part}) > 1})
    notes = [f"{part}: several releases run beside each other" for part in mixed]
    cordoned = [instance.id for instance in instances if instance.cordoned]
    if cordoned:
        back = f"./slipway start {options} --yes"
        notes.append(f"cordoned, so without requests: {', '.join(cordoned)}; back with: {back}")
    return tuple(notes)
