"""The surroundings in which a stack is rehearsed: its own state, plugins, login, secrets; nothing of the user's.

`PULUMI_HOME`, the backend and the config file all lie in the sandbox's home. The stack's own file is copied without its
encrypted values, which only the real secrets provider can read, and every secret gets a made-up value instead, handed
to the program through the environment.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import yaml

from ops.errors import OperationError
from ops.exit_code import ExitCode
from settings.secret import environment_name, made_up
from settings.stack import NAMESPACE, Stack

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_ENCRYPTION_KEYS: Final = ("encryptionsalt", "encryptedkey", "secretsprovider")


def sandbox_home(root: Path) -> Path:
    return root / ".slipway" / "sandbox"


def own_backend(home: Path) -> str:
    """The backend of a rehearsal. Files of attributes beside the state are left out: a killed CLI leaves them empty."""
    return f"file://{home / 'state'}?metadata=skip"


@dataclass(frozen=True)
class Sandboxed:
    """What the engine needs to run a stack in the sandbox."""

    home: Path
    config_file: Path
    environment: Mapping[str, str]

    @property
    def own_state(self) -> Path | None:
        """The folder of the rehearsal's own state; None where the caller named a backend."""
        return self.home / "state" if self.environment["PULUMI_BACKEND_URL"] == own_backend(self.home) else None


def prepare(root: Path, stack: Stack, endpoints: Mapping[str, str]) -> Sandboxed:
    """Write what has to lie on disk and return the surroundings. Raises OperationError for a backend that is not local.

    `endpoints` are the environment variables that attach the emulated clouds.
    """
    refuse_foreign_backend(os.environ)
    home = sandbox_home(root)
    for folder in (home, home / "state", home / "pulumi-home"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    passphrase = home / "passphrase"
    if not passphrase.exists():
        _write(passphrase, secrets.token_hex(16))
    _write(home / "Pulumi.yaml", f"name: {NAMESPACE}\nruntime: python\n")
    config_file = home / f"Pulumi.{stack.name}.yaml"
    _write(config_file, _without_secrets(root / f"Pulumi.{stack.name}.yaml", config_file))
    return Sandboxed(
        home=home,
        config_file=config_file,
        environment={
            **_inherited(),
            **endpoints,
            **_made_up_secrets(home / "secrets.json", stack),
            "PULUMI_HOME": str(home / "pulumi-home"),
            **_backend(home),
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(passphrase),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # The emulated providers are attached; the engine must not look for the real ones.
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK": "true",
            "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
        },
    )


def _backend(home: Path) -> dict[str, str]:
    """The caller's, else one of its own, with a copy of each write: `mend_checkpoints` takes and removes them."""
    if named := os.environ.get("PULUMI_BACKEND_URL"):
        return {"PULUMI_BACKEND_URL": named}
    return {"PULUMI_BACKEND_URL": own_backend(home), "PULUMI_DIY_BACKEND_RETAIN_CHECKPOINTS": "true"}


def refuse_foreign_backend(environment: Mapping[str, str]) -> None:
    """A rehearsal never touches state that somebody relies on: only files and buckets on this machine are taken."""
    backend = environment.get("PULUMI_BACKEND_URL", "")
    parts = urlsplit(backend)
    if not backend or parts.scheme == "file" or (parts.scheme == "s3" and _endpoint_host(parts.query) in _LOOPBACK):
        return
    raise OperationError(
        f"PULUMI_BACKEND_URL is {parts.scheme}://{parts.hostname or ''}, and a rehearsal uses state on this machine "
        "only; unset it, the rehearsal brings its own",
        ExitCode.REFUSED,
    )


def _endpoint_host(query: str) -> str | None:
    """The host of an S3-compatible server, from `endpoint=` with or without a scheme."""
    endpoint = dict(parse_qsl(query)).get("endpoint", "")
    return urlsplit(endpoint if "://" in endpoint else f"//{endpoint}").hostname


def _inherited() -> dict[str, str]:
    """The caller's environment without anything that could reach a real account or slow the program down."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PULUMI_", "DIGITALOCEAN_", "CLOUDFLARE_", "FLY_", "SLIPWAY_SECRET_"))
        and name != "PYTHONDONTWRITEBYTECODE"
    }


def _without_secrets(source: Path, target: Path) -> str:
    """The stack file as the rehearsal uses it; the sandbox's own encryption salt is kept from run to run."""
    content: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    for key in _ENCRYPTION_KEYS:
        content.pop(key, None)
    content["config"].pop(f"{NAMESPACE}:secrets", None)
    if target.exists():
        before = yaml.safe_load(target.read_text(encoding="utf-8")) or {}
        content |= {key: before[key] for key in _ENCRYPTION_KEYS if key in before}
    return yaml.safe_dump(content, sort_keys=False)


def _made_up_secrets(file: Path, stack: Stack) -> dict[str, str]:
    """One value a secret, the same in every run, so that a second run changes nothing."""
    known: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    wanted = {
        environment_name(system, name): name
        for system, parts in stack.systems.items()
        for name in parts.secret_names | parts.aws_secrets.keys()
    }
    fresh = {
        variable: made_up(name, secrets.token_hex(8))
        for variable, name in sorted(wanted.items())
        if variable not in known
    }
    if fresh:
        known |= fresh
        _write(file, json.dumps(known, indent=1))
    return {name: os.environ.get(name, known[name]) for name in wanted}


def _write(file: Path, text: str) -> None:
    """Readable by the owner only, and never half written."""
    draft = file.with_suffix(f"{file.suffix}.new")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
