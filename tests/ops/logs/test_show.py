"""Logs of both platforms in one stream, without secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ops.deployment.release import fly_apps
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.logs import show, source
from ops.logs.show import show_logs
from settings.fly_system import FlySystem
from tests.fly.script import ScriptedFlyctl
from tests.ops.scripted import Scripted, scripted
from tests.stacks import loaded
from tests.tetrix import ROOT

ASK = "logs --app paintbox --no-tail --json"


def entry(number: int, message: str) -> dict[str, str]:
    return {"timestamp": f"2026-11-22T10:00:0{number}Z", "message": message, "instance": "m1"}


def buffer(*entries: dict[str, str]) -> dict[str, Any]:
    return {"run": ASK, "prints": "\n".join(json.dumps(entry) for entry in entries)}


def place(*script: dict[str, Any], **environment: str) -> Scripted:
    return scripted(Path("/nowhere"), environment, *script)


def shown(where: Scripted, part: str = "app", *, follow: bool = False, **more: Any) -> Iterator[str]:
    options: dict[str, Any] = {"type_": "RUN", "count": 2, "as_json": False, **more}
    return show_logs(where, options.pop("only", "paintbox"), part, follow=follow, **options)


def test_the_last_lines_come_with_their_system_and_machine() -> None:
    where = place(buffer(*(entry(number, f"line {number}") for number in range(4))))
    assert list(shown(where)) == [
        "paintbox m1 2026-11-22T10:00:02Z line 2",
        "paintbox m1 2026-11-22T10:00:03Z line 3",
    ]


def test_no_secret_and_no_token_is_shown() -> None:
    said = "with hunter2-value and postgres://me:letmein@db and FlyV1 fm2_abcdefghijkl"
    where = place(buffer(entry(1, said)), SLIPWAY_SECRET_PAINTBOX_KEY="hunter2-value")
    (line,) = shown(where)
    assert [word in line for word in ("hunter2", "letmein", "fm2_abc")] == [False] * 3
    assert line.endswith("with [redacted] and postgres://[redacted]@db and [redacted]")


def test_what_is_followed_is_shown_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_PAUSE_SECONDS", 0)
    first, second = entry(1, "one"), entry(2, "two")
    where = place(buffer(first), buffer(first, second), buffer(second), {"run": ASK, "fails": "app not found"})
    lines = shown(where, follow=True, as_json=True)
    assert [json.loads(next(lines))["text"][-3:] for _ in range(2)] == ["one", "two"]
    with pytest.raises(OperationError):
        next(lines)


def with_parts() -> tuple[Scripted, str, dict[str, str]]:
    """A stack with a system of many apps, its name, and theirs by part. Each app has said which part it is."""
    stack = loaded("performance")
    (name,) = [name for name, system in stack.systems.items() if isinstance(system, FlySystem)]
    system = stack.systems[name]
    assert isinstance(system, FlySystem)
    apps = fly_apps(system, stack.environment)
    script = [
        {"run": f"logs --app {app} --no-tail --json", "prints": json.dumps(entry(1, f"I am the {part}"))}
        for part, app in apps.items()
    ]
    return Scripted(ROOT, stack, {}, Path("/nowhere"), flyctl=ScriptedFlyctl(script)), name, apps


def test_every_app_beside_a_systems_own_is_shown_by_the_name_of_its_part() -> None:
    where, name, apps = with_parts()
    assert len(set(apps.values())) == len(apps) > 1
    for part in apps:
        (line,) = shown(where, part, only=name)
        assert line.endswith(f"I am the {part}")


def test_a_part_that_the_system_does_not_have_is_refused_with_those_that_it_has() -> None:
    where, _, apps = with_parts()
    with pytest.raises(OperationError) as refused:
        list(shown(where, "pgbounce", only=None))
    known = ", ".join(apps)
    assert str(refused.value) == (f'pgbounce is no part of performance, which has {known}; did you mean "pgbouncer"?')
    assert refused.value.exit_code is ExitCode.USAGE
    with pytest.raises(OperationError, match=r"^redis is no part of paintbox, which has app"):
        list(shown(place(), "redis"))


def test_logs_of_deployments_are_for_app_platform_only() -> None:
    with pytest.raises(OperationError, match="only App Platform keeps logs of the type BUILD, and paintbox runs on"):
        list(shown(place(), type_="BUILD"))


def test_the_tokens_of_all_clouds_are_known() -> None:
    environment = {"DIGITALOCEAN_TOKEN": "a", "CLOUDFLARE_API_TOKEN": "b", "FLY_API_TOKEN": "c", "HOME": "/home"}
    assert set(show.known_secrets(environment)) >= {"a", "b", "c"}
    assert "/home" not in show.known_secrets(environment)
