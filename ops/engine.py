"""Runs the Pulumi CLI on one stack and reads what it says: its event stream, its state, its verdict."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.sandboxed import own_backend

Event = dict[str, Any]
Finder = Callable[[Mapping[str, Any], Collection[object]], str]
"""Takes a resource as the engine's state has it, and the ids that the state knows already. Gives the id of the live
resource that was made, `""` for none. Raises OperationError where it cannot tell."""
Listener = Callable[[Event], None]

_UNREAD: Final = "failed to load checkpoint"
_READS: Final = 5
_PAUSE_SECONDS: Final = 0.2
_QUIET: Final = ("--non-interactive", "--color", "never")


@dataclass(frozen=True)
class Outcome:
    """What one run of the engine did. `changes` counts steps by operation (`create`, `update`, `same` …)."""

    ok: bool
    changes: Mapping[str, int] = field(default_factory=dict)
    errors: tuple[str, ...] = ()

    @property
    def changed(self) -> int:
        """How many resources the run changes, or would change."""
        return sum(count for operation, count in self.changes.items() if operation not in {"same", "read"})


class Engine:
    """The Pulumi CLI for one stack, in given surroundings."""

    def __init__(self, root: Path, stack: str, environment: Mapping[str, str], config_file: Path | None = None) -> None:
        self.stack = stack
        self._root = root
        self._environment = dict(environment)
        self._config = ["--config-file", str(config_file)] if config_file else []
        program = shutil.which("pulumi", path=f"{root / '.venv' / 'bin'}:{environment.get('PATH', '')}")
        if program is None:
            raise OperationError("the Pulumi CLI is not there; run: make setup", ExitCode.NOT_SET_UP)
        self._program = program

    def create_stack(self, folder: Path) -> None:
        """Create the stack unless the backend knows it, for which a look at the sandbox's own state is enough.

        The CLI writes the encryption salt into the stack file beside the project file that it finds, so it is sent to
        `folder`, which holds both for the sandbox; the repository's own files stay untouched.
        """
        if any((folder / "state" / ".pulumi" / "stacks").glob(f"*/{self.stack}.json")) and self._keeps_state_in(folder):
            return
        known = json.loads(self._text("stack", "ls", "--json", "--cwd", str(folder)))
        if self.stack not in {entry["name"].rpartition("/")[2] for entry in known}:
            self._text("stack", "init", "--no-select", "--stack", self.stack, "--cwd", str(folder))

    def _keeps_state_in(self, folder: Path) -> bool:
        return self._environment.get("PULUMI_BACKEND_URL") == own_backend(folder)

    def preview(self, listener: Listener | None = None, *options: str) -> Outcome:
        """What `up` would do. Never raises for what the program or a cloud says: see `Outcome.ok`."""
        return self._events("preview", listener, *options)

    def up(self, listener: Listener | None = None, *options: str) -> Outcome:
        """Deploy, without asking."""
        return self._events("up", listener, "--yes", "--skip-preview", *options)

    def refresh(self, listener: Listener | None = None, *options: str) -> Outcome:
        """Compare the state with the clouds; changes the state only, and with `--preview-only` nothing."""
        return self._events("refresh", listener, *options)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets masked."""
        return dict(json.loads(self._text("stack", "output", "--json", "--stack", self.stack)))

    def config(self) -> dict[str, Any]:
        """The stack's config by key, secrets decrypted: for those who need one, never to be shown."""
        told = json.loads(self._text("config", "--show-secrets", "--json", "--stack", self.stack, *self._config))
        return {key: entry.get("objectValue", entry.get("value")) for key, entry in told.items()}

    def state(self) -> dict[str, Any]:
        """The deployment as the backend keeps it, secrets encrypted."""
        return dict(json.loads(self._text("stack", "export", "--stack", self.stack))["deployment"])

    def settle_creates(self, made: Finder, folder: Path) -> None:
        """Take resources whose create was cut off into the state with the ids that `made` finds; forget the others.

        The CLI's own `refresh --import-pending-creates` (3.259) does the same, but loses some of them now and then.
        What it wrote is in `folder` for as long as the CLI reads it; secrets in it are encrypted.
        """
        document = json.loads(self._text("stack", "export", "--stack", self.stack))
        deployment = document["deployment"]
        operations = deployment.pop("pending_operations", None) or []
        resources = deployment.setdefault("resources", [])
        known = {resource.get("id") for resource in resources}
        for resource in (entry["resource"] for entry in operations if entry["type"] == "creating"):
            if id_ := made(resource, known):
                resources.append({**resource, "id": id_, "outputs": resource.get("inputs", {})})
        deployment["pending_operations"] = [entry for entry in operations if entry["type"] != "creating"]
        file = folder / f"{self.stack}.settled.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(document), encoding="utf-8")
        self._text("stack", "import", "--stack", self.stack, "--file", str(file))
        file.unlink()

    def encrypt(self, file: Path, key: str, value: str) -> None:
        """Put a value into a config file, encrypted with the stack's own key. It goes in by stdin."""
        self._text("config", "set", "--secret", key, "--stack", self.stack, "--config-file", str(file), given=value)

    def decrypt(self, file: Path, key: str) -> str:
        """The plain value of a key that `encrypt` put into a config file."""
        return self._text("config", "get", key, "--stack", self.stack, "--config-file", str(file)).rstrip("\n")

    def version(self) -> str:
        """What the CLI calls its version, such as `v3.259.0`."""
        return self._text("version").strip()

    def cancel(self) -> None:
        """Release the stack's locks."""
        self._text("cancel", "--yes", "--stack", self.stack)

    def become(self, *arguments: str) -> NoReturn:
        """Replace this process by the CLI, for a person at the terminal."""
        takes_config = arguments[:1] and arguments[0] in {"config", "destroy", "import", "preview", "refresh", "up"}
        options = ["--stack", self.stack, *(self._config if takes_config else [])]
        os.chdir(self._root)
        os.execve(self._program, ["pulumi", *arguments, *options], self._environment)  # noqa: S606  no shell wanted

    def _text(self, *arguments: str, given: str | None = None) -> str:
        """What a command prints; asked again where it met a state file that the CLI itself was just writing (3.259)."""
        for _ in range(_READS):
            done = self._run(*arguments, given=given)
            if done.returncode == 0 or _UNREAD not in done.stderr:
                break
            time.sleep(_PAUSE_SECONDS)
        if done.returncode:
            message = f"pulumi {arguments[0]}: {_last_words(done.stderr or done.stdout)}"
            raise OperationError(message, ExitCode.ENGINE)
        return done.stdout

    def _run(self, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  the program found at start, arguments of this class
            [self._program, *arguments, *_QUIET],
            cwd=self._root,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            input=given or "",
        )

    def _events(self, verb: str, listener: Listener | None, *options: str) -> Outcome:
        arguments = [self._program, verb, "--stack", self.stack, *self._config, "--json", *options, *_QUIET]
        changes: dict[str, int] = {}
        errors: list[str] = []
        rest: list[str] = []
        # A file for stderr: a pipe that nobody empties while events are read would stop the engine when it is full.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as words:
            with subprocess.Popen(  # noqa: S603  as above
                arguments,
                cwd=self._root,
                env={**self._environment, "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"},
                stdout=subprocess.PIPE,
                stderr=words,
                stdin=subprocess.DEVNULL,
                text=True,
            ) as process:
                for event in _read_events(process.stdout or (), rest):
                    if listener:
                        listener(event)
                    if summary := event.get("summaryEvent"):
                        changes = summary.get("resourceChanges") or {}
                    if found := _error(event):
                        errors.append(found)
            words.seek(0)
            stderr = words.read()
        ok = process.returncode == 0
        if not ok and not errors:
            errors.append(_last_words(stderr or "\n".join(rest)))
        return Outcome(ok, changes, tuple(dict.fromkeys(errors)))


def _read_events(lines: Iterable[str], rest: list[str]) -> Iterator[Event]:
    """The events of a stream of JSON lines; what is no event goes to `rest`."""
    for line in lines:
        if line.startswith("{"):
            try:
                event = json.loads(line)
            except json.JSONDecodeError:
                rest.append(line)
                continue
            yield event
        else:
            rest.append(line)


def _error(event: Event) -> str:
    diagnostic = event.get("diagEvent") or event.get("diagnosticEvent") or {}
    if diagnostic.get("severity") != "error" or diagnostic.get("ephemeral"):
        return ""
    return " ".join(str(diagnostic.get("message", "")).split("\x1b")).strip().removeprefix("error: ")


def _last_words(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-12:]) or "it ended without a word"
