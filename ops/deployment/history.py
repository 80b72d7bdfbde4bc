"""The deployments of a stack, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ops.journal import Deployment


def table(deployments: list[Deployment]) -> Iterator[str]:
    """A line for each, the newest first."""
    rows: list[tuple[str, ...]] = [("", "what", "verdict", "began (UTC)", "took", "who", "commit", "images")]
    rows += [_row(deployment) for deployment in deployments]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def story(deployment: Deployment) -> Iterator[str]:
    """One deployment, step by step."""
    yield from table([deployment])
    for step in deployment.steps:
        mark = {True: "✓", False: "✗", None: "…"}[step.ok]
        took = f" ({_seconds(step.began, step.ended):.1f} s)" if step.ended else " (cut off)"
        yield f"  {mark} {step.name}{f': {step.result}' if step.result else ''}{took}"
    if deployment.reason:
        yield deployment.reason


def as_json(deployments: list[Deployment]) -> str:
    """Everything that is known, the newest first."""
    return json.dumps([_document(deployment) for deployment in deployments])


def _row(deployment: Deployment) -> tuple[str, ...]:
    what = "deploy" if deployment.kind == "deploy" else f"return to {deployment.target}"
    took = f"{_seconds(deployment.began, deployment.ended):.0f} s" if deployment.ended else ""
    images: dict[str, str] = deployment.facts.get("images", {})
    return (
        str(deployment.number),
        what,
        deployment.verdict or "unfinished",
        f"{deployment.began:%Y-%m-%d %H:%M}",
        took,
        deployment.holder.name,
        deployment.commit,
        ", ".join(sorted({image.partition("@")[0].rpartition("/")[2] for image in images.values()})),
    )


def _document(deployment: Deployment) -> dict[str, Any]:
    return {
        "number": deployment.number,
        "kind": deployment.kind,
        "target": deployment.target,
        "returns_to": deployment.returns_to,
        "runs": deployment.runs,
        "verdict": deployment.verdict,
        "reason": deployment.reason,
        "who": deployment.holder.name,
        "commit": deployment.commit,
        "began": deployment.began.isoformat(),
        "ended": deployment.ended.isoformat() if deployment.ended else None,
        "images": deployment.facts.get("images", {}),
        "backup": deployment.facts.get("backup", {}),
        "steps": [
            {
                "direction": step.direction,
                "name": step.name,
                "began": step.began.isoformat(),
                "ended": step.ended.isoformat() if step.ended else None,
                "ok": step.ok,
                "result": step.result,
            }
            for step in deployment.steps
        ],
    }


def _seconds(began: datetime, ended: datetime | None) -> float:
    return (ended - began).total_seconds() if ended else 0.0
