from __future__ import annotations

from ops.cli.options import Json, StackArgument
from ops.cli.program import app, begin, root, say


@app.command()
def thresholds(stack: StackArgument = "production", json_output: Json = False) -> None:
    """List the numbers that alerts, monitors and load tests of a stack go by."""
    begin(f"reading {stack}", quiet=json_output)
    from ops.thresholds import stack_thresholds

    for line in stack_thresholds(root(), stack, as_json=json_output):
        say(line)
