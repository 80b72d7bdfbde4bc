"""Every command of flyctl, pulumi and doctl that the docs show exists, with its flags."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from tools.commands.help_text import read_help
from tools.commands.pages import problem, problems
from tools.commands.shown import Shown, shown
from tools.commands.snapshot import snapshot
from tools.commands.tree import Command, Tree, load
from tools.engine import pins

ROOT = Path(__file__).resolve().parents[2]


def commands(text: str) -> list[tuple[str, ...]]:
    return [(command.program, *command.words) for command in shown(text)]


def said(line: str) -> list[str]:
    """What is wrong with the commands of a line of code."""
    return [problem(command) for command in shown(f"`{line}`")]


def test_every_command_that_the_docs_show_exists() -> None:
    assert list(problems(ROOT)) == []


def test_a_command_that_does_not_exist_is_found_with_its_page_and_line(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# A\n\n```sh\nfly apps list\nfly apps lst\n```\n")
    assert list(problems(tmp_path)) == ["docs/a.md:5: `flyctl apps` has no command lst; did you mean list?"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("fly autoscale set min=2 max=10", "`flyctl` has no command autoscale; did you mean scale?"),
        ("fly releases rollback", "`flyctl releases` takes no argument, such as rollback"),
        ("fly releases --limit 10", "`flyctl releases` has no flag --limit"),
        ("fly logs -n 100", "`flyctl logs` takes no argument, such as 100"),
        ("doctl apps rollback APP", "`doctl apps` has no command rollback"),
        ("pulumi up --yess", "`pulumi up` has no flag --yess"),
        ("fly logs --no-tail", ""),
        ("fly machines list", ""),
        ("pulumi stack init production", ""),
        ("pulumi -C elsewhere up -y", ""),
        ("fly scale count 2 --region=sjc -a APP", ""),
        ("fly deploy --image", ""),
        ("fly ssh console -- anything --goes", ""),
        ("fly ssh …", ""),
        ("pulumi up -syes", ""),
    ],
)
def test_what_is_wrong_with_a_command_is_said(line: str, message: str) -> None:
    assert said(line) == [message]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Run `fly apps list`.", [("fly", "apps", "list")]),
        ("`fly apps list -q \\| xargs fly apps open`", [("fly", "apps", "list", "-q"), ("fly", "apps", "open")]),
        ("```sh\n$ A=b fly status && pulumi up  # all\n```", [("fly", "status"), ("pulumi", "up")]),
        ("```sh\nfly deploy \\\n    --yes\n```", [("fly", "deploy", "--yes")]),
        ("```sh\nfly status > file\n```", [("fly", "status")]),
        ("`fly scale count N [--region lhr]`", [("fly", "scale", "count", "N", "--region", "lhr")]),
        ("fly high, `fly.toml`, `flyctl.json`, fly apps list", []),
        ("```yaml\nfly deploy: no\n```", []),
        ("```sh\nfly status\n```\nfly status\n`pulumi up`", [("fly", "status"), ("pulumi", "up")]),
        ("`fly secrets set 'A=b`", [("fly", "secrets", "set", "'A=b")]),
    ],
)  # fmt: skip
def test_commands_are_found_where_pages_show_them(text: str, found: list[tuple[str, ...]]) -> None:
    assert commands(text) == found


@pytest.mark.parametrize("heading", ["the document says", "in place of"])
def test_what_a_table_quotes_in_its_first_column_is_marked(heading: str) -> None:
    row = "| `fly a` | text | `fly b` |\n"
    text = f"| {heading} | why | instead |\n|---|---|---|\n{row}\n| command | why | also |\n|---|---|---|\n{row}"
    assert list(shown(text)) == [
        Shown(3, "fly", ("a",), True),
        Shown(3, "fly", ("b",), False),
        Shown(7, "fly", ("a",), False),
        Shown(7, "fly", ("b",), False),
    ]


def test_every_command_that_is_listed_as_missing_is_missing() -> None:
    page = (ROOT / "docs" / "deviations.md").read_text()
    section = re.search(r"^## Commands that do not exist\n(.*?)^## ", page, re.MULTILINE | re.DOTALL)
    assert section
    quoted = [command for command in shown(section[1]) if command.quoted]
    assert len(quoted) == 10
    assert [command.words for command in quoted if not problem(command)] == []


@pytest.mark.parametrize("program", [pins.FLYCTL, pins.PULUMI], ids=lambda program: program.name)
def test_the_commands_are_those_of_the_version_in_use(program: pins.Program) -> None:
    assert load(program.name).version == program.version, f"run: python -m tools.commands {program.name} FILE"


def test_the_page_names_the_versions_that_were_asked() -> None:
    trees = [load(program) for program in ("flyctl", "pulumi", "doctl")]
    flyctl, pulumi, doctl = (f"{tree.program} {tree.version}" for tree in trees)
    text = " ".join((ROOT / "docs" / "deviations.md").read_text().split())
    assert f"asked of {flyctl}, {pulumi} and {doctl} on {trees[0].date}" in text
    assert len({tree.date for tree in trees}) == 1


def test_help_is_read_as_cobra_writes_it() -> None:
    text = """\
Prose with a list:

    - pulumi up       : not a command

Usage:
  tool part [flags] NAME

Aliases:
  part, p

Some commands
  first        Does it.
  second:sub   Does that.

Flags:
  -a, --app string       Application name
      --detach[="true"]  May be given
  -j, --json             JSON output

Global Flags:
      --tracing file:   Where to
"""
    told = read_help(text)
    assert told.commands == ("first", "second:sub")
    assert told.aliases == ("p", "part")
    assert told.flags == ("--detach=?", "-a|--app=", "-j|--json")
    assert told.global_flags == ("--tracing=",)
    assert told.arguments


def test_a_program_is_written_down_from_its_help(tmp_path: Path) -> None:
    program = tmp_path / "tool"
    program.write_text(
        """#!/bin/sh
case "$*" in
version) echo "tool v1.2.3" ;;
--help) printf 'Usage:\\n  tool [command]\\n\\nMain\\n  run   Runs.\\n\\nFlags:\\n  -h, --help  help\\n      --deep  deep\\n' ;;
"run --help") printf 'Usage:\\n  tool run FILE\\n\\nAliases:\\n  run, r\\n\\nFlags:\\n  -n, --name string  Name\\n\\nGlobal Flags:\\n      --deep  deep\\n' ;;
esac
"""  # noqa: E501
    )
    program.chmod(0o755)
    tree = snapshot("tool", program, date(2026, 11, 22))
    everywhere = ("--deep", "-h|--help")
    commands = {"": Command((), (), False), "run": Command(("r",), ("-n|--name=",), True)}
    assert tree == Tree("tool", "1.2.3", "2026-11-22", everywhere, commands)


@pytest.mark.engine
@pytest.mark.parametrize("name", ["flyctl", "pulumi"])
def test_the_installed_programs_answer_as_written_down(name: str, tmp_path: Path) -> None:
    """A sample of it: all of it takes half a minute."""
    tree = load(name)
    sample = {"flyctl": "scale count", "pulumi": "preview"}[name]
    quiet = {"FLY_NO_UPDATE_CHECK": "1", "PULUMI_SKIP_UPDATE_CHECK": "1"}
    text = subprocess.run(
        [ROOT / ".venv" / "bin" / name, *sample.split(), "--help"],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", **quiet},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    told = read_help(text)
    assert set(tree.commands[sample].flags) == {*told.flags, *told.global_flags} - set(tree.global_flags)
