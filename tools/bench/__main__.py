"""Measures in copies, prints, and removes what was made."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

import yaml

from settings.fly_system import FlySystem
from settings.load import load
from tools.bench.load import load_generator
from tools.bench.measured import Measured, say, within
from tools.bench.project import EmptyProgram, Project

ROUNDS: Final = 9
PREVIEW_LIMIT: Final = 2.0
PACK_SECONDS: Final = 1.0
VERB_SECONDS: Final = {"check": 1.0}
REHEARSAL_SECONDS: Final = 90.0
PULL_REQUEST_SECONDS: Final = 60.0
FEW, MANY = 10, 50
LINEAR_LIMIT: Final = 1.5


def main() -> None:
    """All measurements, one after the other."""
    folder = Path(tempfile.mkdtemp(prefix="slipway-bench-"))
    project = Project(folder / "project")
    try:
        _rehearsals(project)
        _pull_requests(project)
        empty = EmptyProgram(folder / "empty", project.shell)
        nothing = _previews(project, empty)
        _many_apps(project, nothing)
        _verbs(project)
        load_generator()
    finally:
        project.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _rehearsals(project: Project) -> None:
    systems = load(project.root, "production").systems.values()
    apps = sum(isinstance(system, FlySystem) for system in systems)
    first, again = Measured("make rehearse, nothing deployed before"), Measured("make rehearse, again")
    project.flyctl_calls()
    for measured in (first, again):
        project.slipway(measured, "rehearse")
        say(str(measured))
    say(f"  {within(first.median, REHEARSAL_SECONDS)} the {REHEARSAL_SECONDS:.0f} s set for production")
    say(f"flyctl calls for each of {apps} apps on Fly.io, the version check of each provider left out:")
    project.flyctl_calls()
    for name, arguments in (("a preview without change", ["preview"]), ("a refresh", ["refresh", "--preview-only"])):
        project.pulumi(Measured(name), "production", *arguments)
        say(f"  {name:<42} {_per_app(project.flyctl_calls(), apps)}")
    project.pulumi(Measured("up"), "staging", "up", "--yes", "--skip-preview")
    say(f"  {'a first deployment (staging)':<42} {_per_app(project.flyctl_calls(), apps)}\n")


def _pull_requests(project: Project) -> None:
    """The job that CI runs beside the tests: for every stack a report and a rehearsal."""
    first, warm = Measured("pull request, not all stacks rehearsed"), Measured("pull request, warm")
    for measured in (first, warm):
        project.pull_request(measured)
        say(str(measured))
    say(f"  {within(warm.median, PULL_REQUEST_SECONDS)} the {PULL_REQUEST_SECONDS:.0f} s set for all stacks, warm\n")


def _per_app(calls: list[str], apps: int) -> str:
    counted = [call for call in calls if not call.startswith("version")]
    return f"{len(counted) / apps:6.1f}"


def _previews(project: Project, empty: EmptyProgram) -> Measured:
    """The same CLI, language host and kind of state; the one program has everything in it, the other nothing."""
    production, nothing = Measured("pulumi preview of production"), Measured("pulumi preview of an empty program")
    judged = Measured("pulumi preview --policy-pack policies")
    for _ in range(ROUNDS):
        project.pulumi(production, "production", "preview")
        project.pulumi(judged, "production", "preview", "--policy-pack", "policies")
        empty.preview(nothing)
    ratio, added = production.median / nothing.median, judged.median - production.median
    say(f"{production}\n{judged}\n{nothing}")
    say(f"  ratio {ratio:.2f}, {within(ratio, PREVIEW_LIMIT)} {PREVIEW_LIMIT}")
    say(f"  the policies add {added:.2f} s, {within(added, PACK_SECONDS)} {PACK_SECONDS:.0f} s\n")
    return nothing


def _many_apps(project: Project, nothing: Measured) -> None:
    """What each app adds to a preview, with few and with many of them."""
    added = {}
    for count in (FEW, MANY):
        stack = f"apps{count}"
        _write_apps(project.root, stack, count)
        measured = Measured(f"pulumi preview of {count} apps on Fly.io")
        for _ in range(3):
            project.pulumi(measured, stack, "preview")
        say(str(measured))
        added[count] = (measured.median - nothing.median) / count
    ratio = added[MANY] / added[FEW]
    say(f"  {ratio:.2f} of linear, {within(ratio, LINEAR_LIMIT)} {LINEAR_LIMIT}\n")


def _write_apps(root: Path, stack: str, count: int) -> None:
    systems: dict[str, dict[str, object]] = {}
    for number in range(count):
        name = f"{stack}-{number}"
        app = {"name": name, "image": f"registry.fly.io/{name}:v1"}
        system = {"extends": "tattoo-contest", "app": app, "edge": None}
        (root / "systems" / f"{name}.yaml").write_text(yaml.safe_dump(system))
        systems[name] = {}
    config = {"slipway:environment": "bench", "slipway:systems": systems}
    (root / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": config}))


def _verbs(project: Project) -> None:
    for verb in ("--help", "check"):
        measured = Measured(f"./slipway {verb}")
        for _ in range(ROUNDS):
            project.slipway(measured, verb)
        say(str(measured))
        if limit := VERB_SECONDS.get(verb):
            say(f"  {within(measured.median, limit)} {limit:.0f} s")


if __name__ == "__main__":
    main()
