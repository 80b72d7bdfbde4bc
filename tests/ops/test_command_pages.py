"""What the docs say of the command line is what it does: every verb, every option, every file."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from ops.cli import app
from ops.command_pages import commands_page, exit_codes_page
from ops.exit_code import ExitCode

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
COMMAND: Any = typer.main.get_command(app)


def verbs(command: Any = COMMAND, path: str = "slipway") -> Iterator[tuple[str, Any]]:
    for name, part in command.commands.items():
        if hasattr(part, "commands"):
            yield from verbs(part, f"{path} {name}")
        else:
            yield f"{path} {name}", part


def shown(page: Path) -> Iterator[str]:
    """Every `./slipway …` of a page, but for usage lines of the reference."""
    for line in re.findall(r"\./slipway ([^`\n#|]+)", page.read_text(encoding="utf-8")):
        if page.name != "commands.md":
            yield line.strip()


EXAMPLES = sorted({(page.relative_to(ROOT).as_posix(), line) for page in PAGES for line in shown(page)})


@pytest.mark.parametrize(("verb", "command"), list(verbs()), ids=[name for name, _ in verbs()])
def test_every_verb_and_option_is_in_the_reference_and_says_what_it_does(verb: str, command: Any) -> None:
    section = re.search(rf"^## {verb}\n(.*?)(?=^## |\Z)", commands_page(), re.MULTILINE | re.DOTALL)
    assert section
    assert command.help.endswith(".")
    for parameter in command.params:
        name = parameter.opts[0] if parameter.param_type_name == "option" else parameter.name.upper()
        assert f"| `{name}" in section[1]
        assert parameter.help.strip().endswith((".", "`."))


@pytest.mark.parametrize(("page", "line"), EXAMPLES, ids=[f"{page}: {line}" for page, line in EXAMPLES])
def test_every_command_that_the_docs_show_parses(page: str, line: str) -> None:
    """Capitals, as in the reference, stand for any value; `[…]` may be left out."""
    words = shlex.split(re.sub(r"\[.*?\]", "", line))
    command = COMMAND
    while hasattr(command, "commands"):
        assert words, f"{page}: {line} ends before a verb"
        verb = words.pop(0)
        assert verb in command.commands, f"{page}: ./slipway {line}: there is no {verb}"
        command = command.commands[verb]
    with command.make_context(command.name, ["--help" if word == "…" else word for word in words]):
        pass


@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])
def test_every_file_that_a_page_links_to_or_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [page.parent / link for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)]
    folders = "systems|settings|planning|components|fly|policies|ops|sandbox|tools|docs|images|tests|edge|workers"
    named = [ROOT / name for name in re.findall(rf"`((?:{folders})/[\w./-]+)`", text)]
    assert [str(file) for file in [*links, *named] if not file.exists()] == []


def test_every_exit_code_is_documented_and_used() -> None:
    page = exit_codes_page()
    used = {
        node.attr
        for file in (ROOT / "ops").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ExitCode"
    }
    for code in ExitCode:
        assert f"| {code.value} | {code.name} | " in page
    assert {code.name for code in ExitCode} - used <= {"OK", "FAILED"}, "Python itself ends with these two"
