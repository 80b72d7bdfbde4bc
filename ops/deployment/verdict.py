"""What a deployment came to."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from ops.exit_code import ExitCode


class Verdict(StrEnum):
    """How a deployment ended. It is what was seen afterwards, whatever exit codes flyctl and the engine gave."""

    DEPLOYED = "deployed"
    """The new release runs, and everything that was asked of it was seen."""
    ROLLED_BACK = "rolled back"
    """The release before it runs, and was seen to be well."""
    NOT_ROLLED_BACK = "failed and NOT rolled back"
    """Neither of the two can be promised. Somebody has to look."""
    REFUSED = "refused"
    """A check beforehand failed. Nothing was changed."""


EXIT_CODES: Final = {
    Verdict.DEPLOYED: ExitCode.OK,
    Verdict.ROLLED_BACK: ExitCode.ROLLED_BACK,
    Verdict.NOT_ROLLED_BACK: ExitCode.NOT_ROLLED_BACK,
    Verdict.REFUSED: ExitCode.REFUSED,
}
"""What `deploy` ends with. For `rollback` a release that was brought back is what was asked for: OK."""
