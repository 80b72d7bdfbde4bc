"""A release is put aside in one piece, and named by the images that it turned out to have."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from ops.deployment.release import _PARTS, Releases
from ops.surroundings import Surroundings
from tests.settings.samples import FLY, Project
from tests.test_layers import MAY_IMPORT

STACK = "encryptionsalt: v1:salt\nconfig: {slipway:environment: production, slipway:systems: {web: {}}}\n"


@pytest.fixture
def place(tmp_path: Path) -> Surroundings:
    """A checkout whose Pulumi CLI writes down what it is given."""
    root = tmp_path / "checkout"
    root.mkdir()
    project = Project(root)
    project.system("web", {**FLY, "app": {**FLY["app"], "secrets": {"TOKEN": {}}}})
    project.stack(STACK)
    for part in ("components", "workers/node_modules", "workers/tests"):
        (root / part).mkdir(parents=True)
        (root / part / "file").write_text(part)
    program = root / ".venv" / "bin" / "pulumi"
    program.parent.mkdir(parents=True)
    given, argv = tmp_path / "given", tmp_path / "argv"
    program.write_text(f'#!/bin/sh\nif [ "$2" = set ]; then cat > {given}; echo "$*" > {argv}; else cat {given}; fi\n')
    program.chmod(0o755)
    environment = {
        "PATH": "/usr/bin:/bin",
        "SLIPWAY_SECRET_WEB_TOKEN": "planted-8d1f",
        "SLIPWAY_SECRET_OTHER_KEY": "planted-77aa",
    }
    return Surroundings(root, project.load(), environment, tmp_path / "records")


def test_the_program_its_settings_and_its_secrets_are_put_aside(place: Surroundings, tmp_path: Path) -> None:
    release = Releases(place.records, "production").put_aside(3, place)
    assert (release.folder / "systems" / "web.yaml").exists()
    assert (release.folder / "components" / "file").read_text() == "components"
    assert sorted(file.name for file in (release.folder / "workers").iterdir()) == []
    assert release.stack_file.read_text() == STACK
    assert yaml.safe_load((release.folder / "secrets.yaml").read_text()) == {"encryptionsalt": "v1:salt"}
    assert stat.S_IMODE(release.folder.stat().st_mode) == 0o700
    assert json.loads((tmp_path / "given").read_text()) == {"SLIPWAY_SECRET_WEB_TOKEN": "planted-8d1f"}
    assert "planted" not in (tmp_path / "argv").read_text()


def test_every_package_that_the_program_may_import_is_put_aside() -> None:
    needed, waiting = set(), ["components"]
    while waiting:
        package = waiting.pop()
        if package not in needed:
            needed.add(package)
            waiting += [name.partition(".")[0] for name in MAY_IMPORT[package]]
    assert needed <= set(_PARTS)


def test_an_engine_on_a_release_has_its_secrets_and_no_others(place: Surroundings) -> None:
    release = Releases(place.records, "production").put_aside(1, place)
    later = Surroundings(
        place.root,
        place.stack,
        {**place.environment, "SLIPWAY_SECRET_WEB_TOKEN": "newer", "SLIPWAY_SECRET_WEB_LATER": "x"},
        place.records,
    )
    environment = release.engine(later)._environment
    secrets = {name: value for name, value in environment.items() if name.startswith("SLIPWAY_SECRET_")}
    assert secrets == {"SLIPWAY_SECRET_WEB_TOKEN": "planted-8d1f"}
    assert environment["PYTHONPATH"] == str(release.folder)


def test_a_release_that_was_cut_off_is_put_aside_anew(place: Surroundings) -> None:
    releases = Releases(place.records, "production")
    draft = place.records / "releases" / ".1"
    draft.mkdir(parents=True)
    (draft / "half").touch()
    assert not releases.there(1)
    folder = releases.put_aside(1, place).folder
    assert releases.there(1)
    assert not (folder / "half").exists()


def pinned(place: Surroundings, app: dict[str, Any], images: dict[str, str]) -> dict[str, Any]:
    release = Releases(place.records, "production").put_aside(1, place)
    stack = SimpleNamespace(environment="production", systems=place.stack.systems)
    if "build" in app:
        system = place.stack.systems["web"]
        built = system.model_copy(update={"app": system.app.model_copy(update={"build": object()})})
        stack.systems = {"web": built}
    release.pin(stack, images)  # type: ignore[arg-type]  # as much of a stack as it reads
    found: dict[str, Any] = yaml.safe_load(release.stack_file.read_text())["config"]["slipway:systems"]
    return found


def test_images_are_pinned_by_what_was_deployed(place: Surroundings) -> None:
    image = "registry.fly.io/sample-app:v1@sha256:aa"
    assert pinned(place, {}, {"sample-app": image, "other": "x"}) == {"web": {"app": {"image": image}}}


def test_what_was_built_is_not_built_again(place: Surroundings) -> None:
    assert pinned(place, {"build": {}}, {"sample-app": "x@sha256:aa"}) == {
        "web": {"app": {"image": "x@sha256:aa", "build": None}}
    }


def test_releases_that_nobody_returns_to_are_dropped(place: Surroundings) -> None:
    releases = Releases(place.records, "production")
    for number in (1, 2, 3):
        releases.put_aside(number, place)
    releases.drop_all_but([1, 3])
    assert [number for number in (1, 2, 3) if releases.there(number)] == [1, 3]
