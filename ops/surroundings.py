"""Where a verb works: the accounts of the person's shell, or the emulated clouds with a rehearsal's own state."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fly.facts import Facts
from fly.runner import Runner
from ops.clouds.cloudflare import Cloudflare
from ops.clouds.digitalocean import DigitalOcean
from ops.engine import Engine
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.sandbox import Clients, surround
from ops.sandboxed import sandbox_home
from ops.stack import load_stack
from planning.app import app_name as fly_name
from planning.app_platform import app_name as app_platform_name
from sandbox.errors import NotRunningError, SandboxError
from settings.fly_system import FlySystem
from settings.problem import did_you_mean
from settings.stack import Stack
from settings.system import System


@dataclass(frozen=True)
class Surroundings:
    """A stack, and what reaches its clouds. `environment` is for the programs that a verb starts."""

    root: Path
    stack: Stack
    environment: Mapping[str, str]
    records: Path
    """A private folder for what verbs keep about this stack: journals, histories, what monitors saw."""
    config_file: Path | None = None
    sandbox: Clients | None = None
    """The emulated clouds, where these are they."""

    @property
    def sandboxed(self) -> bool:
        """Whether no account can be touched."""
        return self.sandbox is not None

    @property
    def options(self) -> str:
        """The options with which another verb works here."""
        return options(self.stack.name, sandbox=self.sandboxed)

    def engine(self) -> Engine:
        """The engine for this stack. A rehearsal's stack is created where it is missing. Raises OperationError."""
        engine = Engine(self.root, self.stack.name, self.environment, self.config_file)
        if self.sandboxed:
            engine.create_stack(sandbox_home(self.root))
        return engine

    @contextmanager
    def fly(self) -> Iterator[Facts]:
        """Fly.io through flyctl, for one event loop. What it raises is of `fly.errors`."""
        with tempfile.TemporaryDirectory(prefix="slipway-") as folder:
            yield Facts(Runner("flyctl", self.environment, Path(folder)))

    def digitalocean(self) -> DigitalOcean:
        """DigitalOcean's API, with a count of the requests of its own. Raises OperationError without a token."""
        return DigitalOcean(self.environment)

    def cloudflare(self) -> Cloudflare:
        """Cloudflare's API, with a count of the requests of its own. Raises OperationError without a token."""
        return Cloudflare(self.environment)

    def systems(self, only: str | None = None) -> dict[str, System]:
        """The systems that a verb is about. Raises OperationError for one that the stack does not have."""
        if only is None:
            return dict(self.stack.systems)
        if only not in self.stack.systems:
            message = f"{only} is no system of {self.stack.name}; {did_you_mean(only, self.stack.systems)}"
            raise OperationError(message, ExitCode.USAGE)
        return {only: self.stack.systems[only]}

    def app_name(self, system: System) -> str:
        """What the platform calls the system's app."""
        if isinstance(system, FlySystem):
            return fly_name(system.app, self.stack.environment)
        return app_platform_name(system, self.stack.environment)

    def url(self, name: str) -> str:
        """Where the app of the system `name` answers, without a slash at the end: its domain, or the platform's own.

        In the sandbox it is the app's listener on loopback. Raises OperationError where nothing is deployed.
        """
        system = self.stack.systems[name]
        app = self.app_name(system)
        if self.sandbox:
            return _emulated_url(self.sandbox, system, app, self.options)
        if system.edge:
            return next(f"https://{domain.name}" for domain in system.edge.domains if domain.role == "primary")
        if isinstance(system, FlySystem):
            return f"https://{app}.fly.dev"
        live_url = self.engine().outputs().get(name, {}).get("liveUrl")
        if not live_url:
            raise _nothing_deployed(app, self.options)
        return str(live_url).rstrip("/")


def options(stack_name: str, *, sandbox: bool) -> str:
    """The options with which another verb works on the same stack in the same place, as a person types them."""
    return f"--stack {stack_name}{' --sandbox' if sandbox else ''}"


def surroundings(root: Path, stack_name: str, *, sandbox: bool) -> Surroundings:
    """The surroundings of a verb. Starts the emulated clouds where they are asked for. Raises OperationError."""
    if sandbox:
        stack, sandboxed, clients = surround(root, stack_name)
        records = _private(sandboxed.home / "records" / stack_name)
        return Surroundings(root, stack, sandboxed.environment, records, sandboxed.config_file, clients)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return Surroundings(
        root, load_stack(root, stack_name), environment, _private(root / ".slipway" / "records" / stack_name)
    )


def _private(folder: Path) -> Path:
    """The folder, for its owner only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _emulated_url(sandbox: Clients, system: System, name: str, options: str) -> str:
    if isinstance(system, FlySystem):
        try:
            found = sandbox.fly.app(name)["url"]
        except NotRunningError:
            raise
        except SandboxError as error:
            raise _nothing_deployed(name, options) from error
    else:
        found = next((app["url"] for app in sandbox.control.status()["apps"] if app["name"] == name), None)
    if not found:
        raise _nothing_deployed(name, options)
    return str(found).rstrip("/")


def _nothing_deployed(name: str, options: str) -> OperationError:
    return OperationError(f"{name} is not deployed; deploy it first: ./slipway deploy {options} --yes", ExitCode.USAGE)
