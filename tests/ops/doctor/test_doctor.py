"""What doctor finds, and that it does so with broken settings and without any token."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from ops import holder
from ops.doctor import machine as machine_module
from ops.doctor.bugs import BUGS, recognized
from ops.doctor.finding import Finding
from ops.doctor.machine import machine, state
from ops.doctor.programs import programs
from ops.doctor.report import examine, show_findings
from ops.doctor.tokens import tokens
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.journal import Journal
from ops.surroundings import Surroundings
from sandbox.cloudflare.api import vendor as cloudflare
from sandbox.digitalocean.api import vendor as digitalocean
from tests.sandbox.vendors import Vendors, vendors
from tests.stacks import loaded
from tests.tetrix import ROOT

SAID = {
    "App Platform's secrets differ in every preview": 'value: "EV[1:abc:def]" => [secret]',
    "App Platform's alert destinations differ in every preview": "~ spec.alerts[0].destinations: update",
    "a Cloudflare ruleset is updated in every run": " ~   cloudflare:index/ruleset:Ruleset  tetrix-cache  update",
    "the stack is locked": "error: the stack is currently locked by 1 lock(s). Either wait",
    "creates were cut off": "the current deployment has 1 resource(s) with pending operations",
    "the state cannot be read just now": "error: failed to load checkpoint: unexpected end of JSON input",
    "a machine is leased": "Error: machine ID 3d8d lease currently held by you@example.com",
    "flyctl cannot scale an app without a release": "Error: no complete releases found",
    "Cloudflare's token lacks a permission": "Authentication error (10000)",
    "a DNS record is there already": "An identical record already exists. (81058)",
    "Node refuses its options": "node: --optimize-for-size is not allowed in NODE_OPTIONS",
    "App Platform keeps the app at a rollback": "409: the app is pinned to a rollback",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    with vendors(tmp_path_factory.mktemp("doctor") / "home") as found:
        found.control.seed("cloudflare/zone", {"name": "tetrixcorp.com", "account": {"id": "a" * 32}})
        yield found


def place(running: Vendors, ocean: str, flare: str) -> Surroundings:
    stack = loaded("production")
    systems = {name: system for name, system in stack.systems.items() if name == "tetrix"}
    environment = {
        "DIGITALOCEAN_TOKEN": ocean,
        "DIGITALOCEAN_API_URL": running.urls["digitalocean"],
        "CLOUDFLARE_API_TOKEN": flare,
        "CLOUDFLARE_BASE_URL": running.urls["cloudflare"],
    }
    only = type(stack)(stack.name, stack.environment, systems, {}, (), stack.policies)
    return Surroundings(ROOT, only, environment, Path("/nowhere"))


def test_every_known_bug_is_recognized_by_what_it_prints() -> None:
    assert SAID.keys() == {bug.title for bug in BUGS}
    for title, text in SAID.items():
        found = [finding.what for finding in recognized(text, "")]
        assert title in found, text
    assert [finding.level for finding in recognized("error: something new", "")] == ["ok"]


def test_what_to_do_about_a_bug_is_done_to_the_same_stack() -> None:
    options = "--stack staging --sandbox"
    named = [one.way_out for text in SAID.values() for one in recognized(text, options) if "./slipway" in one.way_out]
    assert len(named) == 5
    assert [way_out for way_out in named if options not in way_out] == []


def test_valid_tokens_are_told_with_what_they_may_read_and_what_is_left(running: Vendors) -> None:
    found = list(tokens(place(running, digitalocean.TOKEN, cloudflare.TOKEN)))
    assert [(one.area, one.level) for one in found] == [("tokens", "ok"), ("quotas", "ok")] * 2
    assert found[0].said == "may read: account:read, app:read, uptime:read"
    assert found[2].said == "may read: the token itself, DNS Read of tetrixcorp.com"


def test_a_refused_token_is_bad_and_a_missing_one_a_note(running: Vendors) -> None:
    refused = [one for one in tokens(place(running, "wrong", "")) if one.level != "ok"]
    assert [(one.what, one.level) for one in refused] == [
        *[("DIGITALOCEAN_TOKEN", "bad")] * 3,
        ("CLOUDFLARE_API_TOKEN", "note"),
    ]
    assert refused[0].said == "account:read: Unable to authenticate you"
    assert refused[0].way_out == "give the token account:read, or make one that has it"
    assert "wrong" not in str(refused)


def test_what_is_missing_or_old_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    (tmp_path / "requirements.txt").write_text("pulumi==1.0.0 \\\n")
    found = {one.what: one for one in programs(tmp_path, {})}
    assert (found["pulumi"].level, found["pulumi"].said) == ("bad", "the Pulumi CLI is not there; run: make setup")
    assert found["flyctl"].level == "bad"
    assert found["package pulumi"].said.endswith("and requirements.txt has 1.0.0")
    assert (found["k6"].level, found["k6"].said) == ("note", "not there")


def test_a_full_disk_and_a_slow_shell_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine_module, "_LEAST_FREE", 10**18)
    found = {one.what: one for one in machine(tmp_path, {"PYTHONDONTWRITEBYTECODE": "1"})}
    assert found["disk"].level == "bad"
    assert found["PYTHONDONTWRITEBYTECODE"].way_out == "run: unset PYTHONDONTWRITEBYTECODE"
    assert found["bytecode"].level == "note"
    assert found["emulated clouds"].said == "do not run"


def test_a_file_that_goes_while_it_is_counted_is_no_trouble(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".slipway").mkdir()
    (tmp_path / ".slipway" / "large").write_bytes(b"x" * 3 * 1024**2)
    real = os.walk
    monkeypatch.setattr(os, "walk", lambda top: ((place, inner, [*names, "gone"]) for place, inner, names in real(top)))
    found = {one.what: one for one in machine(tmp_path, {})}
    assert found[".slipway"].said.startswith("3 MB of ")


def test_a_deployment_that_was_cut_off_is_told_and_nothing_is_made_by_looking(tmp_path: Path) -> None:
    environment = {"PULUMI_BACKEND_URL": "file://x", "PULUMI_CONFIG_PASSPHRASE": "x"}
    assert [one.level for one in state(environment, tmp_path, "--stack staging")] == ["ok"]
    assert list(tmp_path.iterdir()) == []
    Journal(tmp_path).begin("deploy", target=None, commit="", holder=holder.this_process())
    found = list(state(environment, tmp_path, "--stack staging"))
    way_out = "go on with it: ./slipway deploy --resume --yes --stack staging"
    assert (found[-1].level, found[-1].way_out) == ("bad", way_out)
    assert {one.what for one in state({}, tmp_path, "--stack staging")} == {"backend", "passphrase", "deployment"}


def test_broken_settings_do_not_keep_it_from_going_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nothing(*_: Any) -> Iterator[Finding]:
        yield from ()

    monkeypatch.setattr("ops.doctor.report.programs", nothing)
    found = list(examine(tmp_path, "nowhere", sandbox=False))
    assert (found[0].area, found[0].level) == ("settings", "bad")
    assert found[0].way_out == "correct them; ./slipway check nowhere shows them again"
    assert found[-1].area == "machine"


@pytest.mark.parametrize(("area", "code"), [("programs", ExitCode.NOT_SET_UP), ("tokens", ExitCode.UNVERIFIED)])
def test_what_is_bad_ends_it_with_an_exit_code(area: Any, code: ExitCode) -> None:
    written = io.StringIO()
    findings = [Finding(area, "it", "bad", "is broken", "mend it"), Finding("machine", "disk", "ok", "fine")]
    with pytest.raises(OperationError, match="1 thing keeps verbs from working: it") as raised:
        show_findings(iter(findings), as_json=False, console=Console(file=written, width=100))
    assert raised.value.exit_code is code
    assert "it: is broken\n          → mend it\n" in written.getvalue()
    show_findings(iter(findings[1:]), as_json=True, console=Console(file=written))
