"""The pages of the runbooks: their words and command lines, and what the verbs say of themselves."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, Final

import typer.main

from ops.runbook.runbook import Runbook, Step, runbooks

_NOTICE: Final = "<!-- Made by `./slipway docs` from ops/runbook/pages/. Change those, not this page. -->"
_TRY: Final = (
    "Each command that changes something only says what it would do as long as `--yes` is left out. With `--sandbox` "
    "it acts on a rehearsal (`./slipway rehearse`), so that every page can be practised with no account."
)
_FOLDER: Final = "docs/runbooks"


class UnknownCommandError(Exception):
    """A runbook names a verb or an option that does not exist."""


def runbook_pages() -> dict[str, str]:
    """The pages by file. Raises UnknownCommandError."""
    found = runbooks()
    pages = {f"{_FOLDER}/{name}.md": "\n".join(_page(runbook)) for name, runbook in found.items()}
    return {f"{_FOLDER}/README.md": "\n".join(_index(found)), **pages}


def _index(found: dict[str, Runbook]) -> Iterator[str]:
    yield from ("# Runbooks", "", _NOTICE, "", _TRY, "")
    for kind, heading in (("incident", "Something is wrong"), ("procedure", "Something is to be done")):
        yield from (f"## {heading}", "", "| page | when |", "|---|---|")
        for name, runbook in found.items():
            if runbook.kind == kind:
                yield f"| [{runbook.title}]({name}.md) | {runbook.when} |"
        yield ""


def _page(runbook: Runbook) -> Iterator[str]:
    yield from (f"# {runbook.title}", "", _NOTICE, "", f"**When:** {runbook.when}", "")
    for number, step in enumerate(runbook.steps, 1):
        yield f"{number}. {step.say}"
        if step.run:
            yield from ("", "   ```sh", f"   {step.run}", "   ```", "")
            yield from _said_by_verb(step)
    yield from ("", f"**Done:** {runbook.done}", "")
    if runbook.instead:
        yield from ("## What the documents said", "", "| in place of | because |", "|---|---|")
        yield from (f"| `{one.said}` | {one.why} |" for one in runbook.instead)
        yield ""
    yield f"From: {'; '.join(runbook.documents)}."
    yield ""


def _said_by_verb(step: Step) -> Iterator[str]:
    if not step.arguments:
        return
    command, name = verb(step.arguments)
    sentence = (command.help or "").strip().split("\n\n")[0]
    codes = "".join(f" Exit code {code.value} ({code.name}) is an answer, too." for code in step.exit_codes[1:2])
    yield from (f"   [`{name}`](../commands.md#{name.replace(' ', '-')}): {sentence}{codes}", "")


def verb(arguments: list[str]) -> tuple[Any, str]:
    """The command that the arguments of `./slipway` call, and its name, such as `slipway alerts test`.

    Raises UnknownCommandError for a verb that does not exist, and for an option that it does not have.
    """
    command, names, rest = _tree(), ["slipway"], list(arguments)
    while hasattr(command, "commands"):
        name = rest.pop(0) if rest else ""
        if name not in command.commands:
            raise UnknownCommandError(f"there is no `./slipway {' '.join(arguments)}`: {name!r} is none of its verbs")
        command = command.commands[name]
        names.append(name)
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    for word in rest:
        if word.startswith("-") and word.partition("=")[0] not in known:
            name = word.partition("=")[0]
            raise UnknownCommandError(f"`./slipway {' '.join(arguments)}`: {name} is none of its options")
    return command, " ".join(names)


@functools.cache
def _tree() -> Any:
    """The whole command line."""
    from ops.cli import app

    return typer.main.get_command(app)
