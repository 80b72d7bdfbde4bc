"""What the steps of a deployment do. Each gives one line about what it came to, and raises OperationError."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from ops.deployment import app_platform, backup, checks
from ops.deployment.data import holding, named, way_back
from ops.deployment.options import Options
from ops.deployment.release import KEPT, Release, Releases
from ops.engine import Engine, Event
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.journal import Journal
from ops.pending import emulated, live
from ops.recovery import dead_locks, recover
from ops.rounds import REASONS, one_round
from ops.stack import load_stack
from ops.steps import Progress, Steps
from ops.surroundings import Surroundings
from ops.verify.report import failures
from ops.verify.verify import verify

ORPHAN_SECONDS: Final = 120.0
"""How long an engine whose verb was killed may take to notice."""

_PAUSE_SECONDS: Final = 2.0


class Actions:
    """The steps of one deployment, by name."""

    def __init__(
        self, surroundings: Surroundings, journal: Journal, releases: Releases, options: Options, steps: Steps
    ) -> None:
        self._surroundings = surroundings
        self._journal = journal
        self._releases = releases
        self._options = options
        self._steps = steps
        self.touched = False
        """Whether the engine began to change anything in this process."""

    def take(self, name: str, number: int) -> str:
        """Take the step `name` of deployment `number`."""
        if name in self._options.skip:
            return "left out, as asked"
        return self._by_name[name](self, number)

    def _files(self, number: int) -> str:
        self._surroundings.engine()
        release = self._releases.put_aside(number, self._surroundings)
        return str(release.folder.relative_to(self._surroundings.root))

    def _policies(self, number: int) -> str:
        return checks.policies(self._surroundings)

    def _tokens(self, number: int) -> str:
        return checks.tokens(self._surroundings)

    def _platforms(self, number: int) -> str:
        return checks.platforms(self._surroundings)

    def _backup(self, number: int) -> str:
        kept = backup.keep(self._surroundings, self._release(number).folder)
        self._journal.note(number, {"backup": kept.facts})
        return kept.said

    def _up(self, number: int) -> str:
        release = self._release(number)
        engine = release.engine(self._surroundings)
        there = self._of(release)
        before = self._journal.deployment(number).facts.get("code")
        if before is None:
            before = app_platform.active(there)
            self._journal.note(number, {"code": before})
        pack = checks.policy_pack(self._surroundings, self._options.skip)
        said = [self._mended(engine, release) + self._deploy(engine, *pack)]
        self.touched = self.touched or bool(before)
        return "; ".join([*said, *app_platform.deploy_code(there, before)])

    def _verify(self, number: int) -> str:
        return self._verified(self._release(number))

    def _record(self, number: int) -> str:
        release = self._release(number)
        resources = self._state(release.engine(self._surroundings))
        images = _images(resources)
        there = self._of(release)
        release.pin(there.stack, images)
        self._journal.note(
            number,
            {
                "images": images,
                "deployments": app_platform.active(there),
                "holding": holding(resources),
                "urns": [resource["urn"] for resource in resources],
            },
        )
        self._releases.drop_all_but([number, *self._journal.good()[:KEPT]])
        return ", ".join(sorted(images.values())) or "nothing with an image"

    def _return(self, number: int) -> str:
        release = self._release(self._goal(number))
        then = self._journal.deployment(release.number).facts
        engine = release.engine(self._surroundings)
        said = self._mended(engine, release)
        now = self._state(engine)
        kept, lost = way_back(now, then)
        if lost:
            raise OperationError("going back would lose data: " + "; ".join(lost), ExitCode.REFUSED)
        self.touched = True
        # First the code that ran, with its own spec: the engine then finds nothing to build.
        back = [f"{done}; " for done in app_platform.bring_back(self._of(release), then["deployments"])]
        left = [f"--exclude={urn}" for urn in kept]
        names = ", ".join(named(now, kept))
        return said + "".join(back) + self._deploy(engine, *left) + (f"; left in place: {names}" if names else "")

    def _verify_again(self, number: int) -> str:
        return self._verified(self._release(self._goal(number)))

    def _record_again(self, number: int) -> str:
        goal = self._goal(number)
        self._journal.note(goal, {"deployments": app_platform.active(self._of(self._release(goal)))})
        return f"release {goal}"

    def _goal(self, number: int) -> int:
        """The release that the way back leads to. Raises OperationError where there is none."""
        deployment = self._journal.deployment(number)
        goal = deployment.target if deployment.kind == "rollback" else deployment.returns_to
        if goal is None or not self._releases.there(goal):
            raise OperationError("there is no earlier release to return to", ExitCode.NOT_ROLLED_BACK)
        return goal

    def _release(self, number: int) -> Release:
        return self._releases.release(self._journal.deployment(number).target)

    def _of(self, release: Release) -> Surroundings:
        """The surroundings with the settings of a release."""
        return replace(self._surroundings, stack=load_stack(release.folder, release.stack))

    def _mended(self, engine: Engine, release: Release) -> str:
        """After `recover`; what it did, to be put before what follows."""
        clouds = self._surroundings.sandbox
        environment = self._surroundings.environment
        backend = urlsplit(environment.get("PULUMI_BACKEND_URL", ""))
        done = recover(
            engine,
            emulated(clouds.control) if clouds else live(environment),
            sandboxed=self._surroundings.sandboxed,
            scratch=release.folder,
            state=Path(unquote(backend.path)) if backend.scheme == "file" else None,
            wait_seconds=ORPHAN_SECONDS,
        )
        return f"{done}; " if done else ""

    def _deploy(self, engine: Engine, *options: str) -> str:
        """Rounds of `up`, the clouds read anew first. A lock that only a dead process holds is taken off once."""
        try:
            return self._rounds(engine, *options)
        except OperationError as error:
            if not dead_locks([str(error)], engine.stack, sandboxed=self._surroundings.sandboxed):
                raise
        engine.cancel()
        return self._rounds(engine, *options)

    def _rounds(self, engine: Engine, *options: str) -> str:
        done: list[str] = []
        for _ in REASONS:
            said, settled = one_round(engine, self._listener(), *options, *([] if done else ["--refresh"]))
            done.append(said)
            if settled:
                break
        return "; ".join(done)

    def _listener(self) -> Callable[[Event], None]:
        progress = Progress(self._steps.console)

        def listen(event: Event) -> None:
            begun = event.get("resourcePreEvent", {}).get("metadata")
            if begun and begun["op"] not in {"same", "read", "refresh"}:
                self.touched = True
            progress(event)

        return listen

    def _verified(self, release: Release) -> str:
        """Look until everything is well, or patience is over."""
        end = time.monotonic() + self._options.patience_seconds
        engine = release.engine(self._surroundings)
        while True:
            found = verify(self._of(release), self._state(engine))
            bad = failures(found)
            if not bad:
                skipped = sum(check.state == "skipped" for check in found)
                return f"{len(found) - skipped} checks are good, {skipped} skipped"
            if time.monotonic() >= end:
                raise OperationError("\n".join(bad), ExitCode.UNVERIFIED)
            time.sleep(_PAUSE_SECONDS)

    def _state(self, engine: Engine) -> list[Mapping[str, Any]]:
        return list(engine.state().get("resources") or ())

    _by_name: Final = {
        "files": _files,
        "policies": _policies,
        "tokens": _tokens,
        "platforms": _platforms,
        "backup": _backup,
        "up": _up,
        "verify": _verify,
        "record": _record,
        "return": _return,
        "verify again": _verify_again,
        "record again": _record_again,
    }


def _images(resources: list[Mapping[str, Any]]) -> dict[str, str]:
    """What runs, by app on Fly.io, pinned by digest."""
    return {
        str(resource["outputs"]["app"]): str(resource["outputs"]["deployedImage"])
        for resource in resources
        if resource["type"] == "fly:index:Release"
    }
