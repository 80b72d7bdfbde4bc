"""`flyctl deploy`.

Always without smoke checks (they wait about 10 s a machine and the gate replaces them), without DNS checks (they ask
8.8.8.8), without spare machines (the count is ours), without addresses (they are resources of their own), and
without retries (a second try is our decision).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fly.commands.command import Command, write


@dataclass(frozen=True)
class SourceBuild:
    """An image to build: the folder, and what to tell the builder."""

    folder: str
    dockerfile: str | None = None
    target: str | None = None
    args: dict[str, str] = field(default_factory=dict)


def deploy_image(
    app: str,
    *,
    config: str,
    image: str,
    wait_seconds: int,
    timeout_seconds: float,
    only_machines: list[str] | None = None,
    strategy: str | None = None,
) -> Command:
    """Release an image that exists. `config` is the path of the rendered fly.toml."""
    narrowed = ["--only-machines", ",".join(only_machines)] if only_machines else []
    chosen = ["--strategy", strategy] if strategy else []
    return write(
        "app",
        "deploy",
        *_common(app, config, wait_seconds),
        "--image",
        image,
        *chosen,
        *narrowed,
        timeout_seconds=timeout_seconds,
    )


def deploy_source(app: str, *, config: str, source: SourceBuild, wait_seconds: int, timeout_seconds: float) -> Command:
    """Build a folder with a Dockerfile at Fly.io's builder and release the result."""
    dockerfile = ["--dockerfile", source.dockerfile] if source.dockerfile else []
    target = ["--build-target", source.target] if source.target else []
    args = [part for name, value in sorted(source.args.items()) for part in ("--build-arg", f"{name}={value}")]
    return write(
        "app",
        "deploy",
        source.folder,
        *_common(app, config, wait_seconds),
        "--remote-only",
        *dockerfile,
        *target,
        *args,
        timeout_seconds=timeout_seconds,
    )


def _common(app: str, config: str, wait_seconds: int) -> list[str]:
    return [
        "--app",
        app,
        "--config",
        config,
        "--ha=false",
        "--smoke-checks=false",
        "--dns-checks=false",
        "--deploy-retries",
        "0",
        "--wait-timeout",
        f"{wait_seconds}s",
        "--no-public-ips",
        "--yes",
    ]
