from __future__ import annotations

from ops.cli.options import StackArgument
from ops.cli.program import app, root


@app.command()
def rehearse(
    stack: StackArgument = "production",
) -> None:
    """Deploy a stack with the real engine onto the emulated cloud, and verify what came out."""
    from ops.rehearse import rehearse_stack

    rehearse_stack(root(), stack)
