"""Records the streams that the tests read, from the real engine on the emulated clouds: python -m tests.report.record

What the report does not read is left out: debug messages, events that a later one about the same resource supersedes,
resources that a refresh found as they were, outputs that repeat inputs, and the program of the Worker. Run it again
when the engine or the systems change what previews say.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.rehearsal.project import Project

STREAMS = Path(__file__).parent / "streams"
VOLUME = (
    "urn:pulumi:production::slipway::slipway:index:System$slipway:index:App$slipway:index:Volumes"
    "$fly:index:Volume::tattoo-contest-volume"
)

PLANTED = {
    "paintbox.yaml": {"    memory_mb: 2048\n": "    memory_mb: 4096\n"},
    "tetrix.yaml": {
        '    xss:\n      when:\n        query_contains: [<script, "javascript:", onerror=, onload=]\n': "",
        "    - name: code-academy.tetrixcorp.com\n": (
            "    - name: code-academy.tetrixcorp.com\n    - name: shop.tetrixcorp.com\n"
        ),
    },
}
"""By file: memory up, a rule removed, a record added. The volume is replaced on top, by the engine's --replace."""


def plant(project: Project) -> None:
    """Change the systems of a project."""
    for name, changes in PLANTED.items():
        file = project.root / "systems" / name
        text = file.read_text(encoding="utf-8")
        for old, new in changes.items():
            assert text.count(old) == 1, f"{name} does not hold {old!r} once"
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")


def preview(project: Project, stack: str, *options: str, **environment: str) -> list[dict[str, Any]]:
    """The events of a preview in a project's sandbox."""
    program = (
        "import json, sys; from pathlib import Path; from ops.surroundings import surroundings\n"
        "engine = surroundings(Path(sys.argv[1]), sys.argv[2], sandbox=True).engine()\n"
        "engine.preview(lambda event: print(json.dumps(event)), *sys.argv[3:])"
    )
    done = subprocess.run(
        [project.root / ".venv" / "bin" / "python", "-c", program, project.root, stack, *options],
        env=project._environment(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def trimmed(events: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The events that a report is made of."""
    kept: dict[object, Mapping[str, Any]] = {}
    for number, event in enumerate(events):
        said = event.get("diagnosticEvent")
        if (said and said["severity"] == "debug") or "preludeEvent" in event or "cancelEvent" in event:
            continue
        step = _step(event)
        kept[(step["urn"], step["op"]) if step else number] = event
    return [event for event in kept.values() if not _as_it_was(event)]


def _as_it_was(event: Mapping[str, Any]) -> bool:
    step = event.get("resOutputsEvent", {}).get("metadata", {})
    return step.get("op") == "refresh" and step["new"] is not None and not step["detailedDiff"]


def save(name: str, events: Iterable[Mapping[str, Any]]) -> None:
    """Write one stream."""
    short = [_short(event) for event in trimmed(events)]
    for step in map(_step, short):
        if step.get("op") == "same" and step["old"] == step["new"]:
            del step["old"]
    text = "".join(f"{json.dumps(event, separators=(',', ':'))}\n" for event in short)
    (STREAMS / f"{name}.jsonl").write_text(text, encoding="utf-8")


def stream(name: str) -> list[dict[str, Any]]:
    """A recorded stream."""
    lines = (STREAMS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    events: list[dict[str, Any]] = [json.loads(line) for line in lines]
    for step in map(_step, events):
        if step.get("op") == "same":
            step.setdefault("old", step["new"])
    return events


def _step(event: Mapping[str, Any]) -> dict[str, Any]:
    return (event.get("resourcePreEvent") or event.get("resOutputsEvent") or {}).get("metadata") or {}


def _short(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "inputs" in value and "outputs" in value:
            fresh = {key: item for key, item in value["outputs"].items() if value["inputs"].get(key) != item}
            value = {**value, "outputs": fresh}
        return {key: "…" if key == "content" and len(str(item)) > 200 else _short(item) for key, item in value.items()}
    return [_short(item) for item in value] if isinstance(value, list) else value


def main() -> None:
    """Record every stream."""
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder) / "project")
        try:
            save("first", preview(project, "performance"))
            for stack in ("staging", "production"):
                done = project.slipway("rehearse", stack)
                assert done.returncode == 0, done.stdout + done.stderr
            save("same", preview(project, "staging"))
            save("secret", preview(project, "staging", SLIPWAY_SECRET_PAINTBOX_AWS_REGION="eu-central-7-planted"))
            assert project.slipway("sandbox", "drift", "paintbox-simple", "type", '"ping"').returncode == 0
            save("drifted", preview(project, "production", "--refresh"))
            plant(project)
            assert project.pulumi("production", "state", "unprotect", VOLUME, "--yes").returncode == 0
            save("planted", preview(project, "production", "--replace", VOLUME))
            file = project.root / "systems" / "tattoo-contest.yaml"
            file.write_text(file.read_text(encoding="utf-8").replace("name: contest_data", "name: contest_state"))
            save("failed", preview(project, "production"))
        finally:
            project.close()


if __name__ == "__main__":
    main()
