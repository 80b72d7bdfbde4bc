"""`loadtest --export`: the same test for tools that others know, or that run on many machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import yaml

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.loadtest import artillery, k6
from planning.load_plan import LoadPlan
from settings.problem import did_you_mean

_MACHINES: Final = 4
"""For how many machines the example of a distributed run is written."""


def export(tool: str, folder: Path, plan: LoadPlan, url: str) -> Iterator[str]:
    """Write the tool's files for one system into the folder; yields what was written. Raises OperationError."""
    if tool not in _TOOLS:
        message = f"{tool} is no tool that a load test is exported for; {did_you_mean(tool, _TOOLS)}"
        raise OperationError(message, ExitCode.USAGE)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in _TOOLS[tool](plan, url).items():
            (folder / name).write_text(text, encoding="utf-8")
            yield f"wrote {folder / name}"
    except OSError as error:
        message = f"{folder} cannot be written ({error.strerror}); name another folder"
        raise OperationError(message, ExitCode.USAGE) from error


def _k6(plan: LoadPlan, url: str) -> dict[str, str]:
    return {
        f"{plan.system}.js": k6.script(plan, url),
        f"{plan.system}-segments.txt": k6.segments(plan.system, _MACHINES),
    }


def _artillery(plan: LoadPlan, url: str) -> dict[str, str]:
    found = {f"{plan.system}.yml": _yaml(artillery.requests(plan, url))}
    if script := artillery.sockets(plan, url):
        found[f"{plan.system}-sockets.yml"] = _yaml(script)
    return found


def _yaml(script: artillery.Script) -> str:
    return yaml.safe_dump(script, sort_keys=False, width=120)


_TOOLS: Final[Mapping[str, Callable[[LoadPlan, str], dict[str, str]]]] = {"artillery": _artillery, "k6": _k6}
