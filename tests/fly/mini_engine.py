"""As much of an engine as it takes to kill a provider: `python -m tests.fly.mini_engine SPEC STATE up|down`.

Creates or updates the resources of the spec in order, and destroys them in reverse. The state is written after each
finished step, as the engine does, so a killed process leaves exactly what an engine would know.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from fly.errors import FlyError
from fly.provider.kinds import kinds as all_kinds
from fly.provider.resource import HalfCreated, Resource
from fly.provider.values import plain
from fly.runner import Runner


async def _run(spec: list[dict[str, Any]], state: Path, verb: str, folder: Path) -> None:
    runner = Runner(os.environ.get("FLYCTL_PATH", "flyctl"), os.environ, folder)
    kinds = all_kinds(runner, folder, os.environ)
    known: dict[str, Any] = json.loads(state.read_text()) if state.exists() else {}

    def save() -> None:
        state.with_suffix(".new").write_text(json.dumps(known))
        state.with_suffix(".new").rename(state)

    if verb == "down":
        for entry in reversed(spec):
            if entry["token"] in known:
                await kinds[entry["token"]].delete(known[entry["token"]]["id"], known[entry["token"]]["outputs"])
                del known[entry["token"]]
                save()
        return
    for entry in spec:
        inputs = {key: _resolved(value, known) for key, value in entry["inputs"].items()}
        await _step(kinds[entry["token"]], entry["token"], inputs, known)
        save()


async def _step(kind: Resource, token: str, inputs: dict[str, Any], known: dict[str, Any]) -> None:
    before = known.get(token)
    checked, problems = await kind.check(before["inputs"] if before else {}, inputs)
    if problems:
        raise SystemExit("\n".join(str(problem) for problem in problems))
    news = plain(checked)
    if before is None:
        try:
            id_, outputs = await kind.create(news)
        except HalfCreated as error:
            known[token] = {"id": error.id, "inputs": news, "outputs": plain(error.outputs), "broken": True}
            raise
        known[token] = {"id": id_, "inputs": news, "outputs": plain(outputs)}
    elif before.get("broken") or kind.difference(before["inputs"], news).changes:
        outputs = await kind.update(before["id"], before["outputs"], news)
        known[token] = {"id": before["id"], "inputs": news, "outputs": plain(outputs)}


def _resolved(value: object, known: dict[str, Any]) -> object:
    """`"$fly:index:Secrets.digests"` is an output of another resource."""
    if isinstance(value, str) and value.startswith("$"):
        token, _, key = value[1:].rpartition(".")
        return known[token]["outputs"][key]
    return value


def main() -> None:
    spec, state, verb = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        try:
            asyncio.run(_run(json.loads(Path(spec).read_text()), Path(state), verb, Path(folder)))
        except FlyError as error:
            raise SystemExit(str(error)) from None


main()
