"""What a runbook says: when it is for, its steps with their command lines, and what documents said in its place."""

from __future__ import annotations

import functools
import shlex
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ops.exit_code import ExitCode

PAGES: Final = Path(__file__).parent / "pages"
_SLIPWAY: Final = "./slipway "

Sentence = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9`].*[.:]$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Step(_Strict):
    """One thing to do."""

    say: Sentence
    run: Annotated[str, StringConstraints(pattern=r"^(\./slipway|pulumi|make) [^\n]+$")] | None = None
    """The command line, as a person types it. Those of `./slipway` that change something say `--yes`."""
    tells: Annotated[list[str], Field(min_length=1)] | None = None
    """Exit codes by name, beside OK, that are an answer here and no mistake."""

    @property
    def arguments(self) -> list[str]:
        """What follows `./slipway`; empty for other programs."""
        return shlex.split(self.run.removeprefix(_SLIPWAY)) if self.run and self.run.startswith(_SLIPWAY) else []

    @property
    def exit_codes(self) -> list[ExitCode]:
        """With which the command may end when all goes as it should."""
        return [ExitCode.OK, *(ExitCode[name] for name in self.tells or ())]


class Replaced(_Strict):
    """A command or setting of a document that is not used."""

    said: str
    why: Sentence


class Runbook(_Strict):
    """One page."""

    title: str
    kind: Literal["procedure", "incident"]
    documents: Annotated[list[str], Field(min_length=1)]
    """Where the documents that describe the systems ask for it."""
    when: Sentence
    steps: Annotated[list[Step], Field(min_length=1)]
    done: Sentence
    """How one knows that it is over."""
    instead: list[Replaced] = []
    """What the documents said, and why it is done otherwise."""


@functools.cache
def runbooks() -> dict[str, Runbook]:
    """All runbooks by the name of their page, in alphabetical order."""
    files = sorted(PAGES.glob("*.yaml"))
    return {file.stem: Runbook.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}
