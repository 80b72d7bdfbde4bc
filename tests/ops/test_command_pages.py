"""What the docs say of the command line is what it does: every verb, every option, every file."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ops.command_pages import commands_page, exit_codes_page
from ops.exit_code import ExitCode
from tests.command_line import program, refusal

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])


def verbs(command: Any, path: str = "slipway") -> Iterator[tuple[str, Any]]:
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


def test_every_verb_and_option_is_in_the_reference_and_says_what_it_does() -> None:
    page = commands_page()
    for verb, command in verbs(program()):
        section = re.search(rf"^## {verb}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
        assert section, verb
        assert command.help.endswith("."), verb
        for parameter in command.params:
            name = parameter.opts[0] if parameter.param_type_name == "option" else parameter.name.upper()
            assert f"| `{name}" in section[1], verb
            assert parameter.help.strip().endswith((".", "`.")), f"{verb} {name}"


def test_every_command_that_the_docs_show_parses() -> None:
    """Capitals, as in the reference, stand for any value; what stands in `[…]` may be left out."""
    wrong = [
        f"{page}: ./slipway {line}: {why}"
        for page, line in sorted({(page.relative_to(ROOT).as_posix(), line) for page in PAGES for line in shown(page)})
        if (why := refusal(shlex.split(re.sub(r"\[.*?\]", "", line))))
    ]
    assert wrong == []


def test_every_file_that_a_page_links_to_or_names_is_there() -> None:
    folders = "systems|settings|planning|components|fly|policies|ops|sandbox|tools|docs|images|tests|edge|workers"
    absent = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        links = [page.parent / link for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)]
        named = [ROOT / name for name in re.findall(rf"`((?:{folders})/[\w./-]+)`", text)]
        absent += [f"{page.relative_to(ROOT)}: {file}" for file in [*links, *named] if not file.exists()]
    assert absent == []


def test_every_exit_code_is_documented_and_used() -> None:
    page = exit_codes_page()
    text = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "ops").rglob("*.py"))
    used = set(re.findall(r"ExitCode\.(\w+)", text))
    for code in ExitCode:
        assert f"| {code.value} | {code.name} | " in page
    assert {code.name for code in ExitCode} - used <= {"OK", "FAILED"}, "Python itself ends with these two"
