"""Where posts go: read from what the CI of GitHub or GitLab puts into the environment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.forge import github, gitlab
from ops.forge.post import Thread, Tracker

GITHUB: Final = "GITHUB_API_URL"
GITLAB: Final = "CI_API_V4_URL"

_NEEDED: Final = {
    GITHUB: {"GITHUB_TOKEN": "the token of the workflow or of a person", "GITHUB_REPOSITORY": "owner/name"},
    GITLAB: {"GITLAB_TOKEN": "a project access token with the scope api", "CI_PROJECT_ID": "the project's number"},
}


def thread(environment: Mapping[str, str], number: int | None) -> Thread:
    """The comments of the pull or merge request that CI works on, or of the one with `number`.

    Raises OperationError naming every variable that is missing.
    """
    forge = _forge(environment)
    found = number or _number(environment)
    missing = list(_missing(environment, forge))
    if not found:
        missing.append("--pull-request NUMBER, as CI runs for none")
    _complete(missing)
    base = environment[forge]
    if forge == GITHUB:
        api = github.api(base, _token(environment, "GITHUB_TOKEN"))
        return github.PullRequest(api, environment["GITHUB_REPOSITORY"], found)
    return gitlab.MergeRequest(
        gitlab.api(base, _token(environment, "GITLAB_TOKEN")), environment["CI_PROJECT_ID"], found
    )


def tracker(environment: Mapping[str, str], label: str) -> Tracker:
    """The issues with a label of the repository that CI works on. Raises OperationError."""
    forge = _forge(environment)
    _complete(list(_missing(environment, forge)))
    base = environment[forge]
    if forge == GITHUB:
        api = github.api(base, _token(environment, "GITHUB_TOKEN"))
        return github.Issues(api, environment["GITHUB_REPOSITORY"], label)
    return gitlab.Issues(gitlab.api(base, _token(environment, "GITLAB_TOKEN")), environment["CI_PROJECT_ID"], label)


def _forge(environment: Mapping[str, str]) -> str:
    for variable in (GITLAB, GITHUB):
        if environment.get(variable):
            return variable
    message = (
        f"neither {GITHUB} (such as https://api.github.com) nor {GITLAB} (such as https://gitlab.com/api/v4) is set; "
        "CI sets one, elsewhere set it by hand"
    )
    raise OperationError(message, ExitCode.USAGE)


def _missing(environment: Mapping[str, str], forge: str) -> Iterator[str]:
    for variable, meaning in _NEEDED[forge].items():
        if not environment.get(variable, "").strip():
            yield f"{variable} ({meaning})"
    repository = environment.get("GITHUB_REPOSITORY", "")
    if forge == GITHUB and repository and not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        yield f"GITHUB_REPOSITORY as owner/name, not {repository}"


def _token(environment: Mapping[str, str], variable: str) -> str:
    """The token, fit for a header; HTTP clients show one that is not in the exception they raise."""
    token = environment[variable].strip()
    if not re.fullmatch(r"[!-~]+", token):
        raise OperationError(f"{variable} holds characters that no token has; copy it again", ExitCode.USAGE)
    return token


def _number(environment: Mapping[str, str]) -> int:
    """The pull request of a GitHub run (refs/pull/7/merge) or a GitLab pipeline; 0 when it is for none."""
    from_ref = re.fullmatch(r"refs/pull/(\d+)/\w+", environment.get("GITHUB_REF", ""))
    return int(from_ref[1]) if from_ref else int(environment.get("CI_MERGE_REQUEST_IID") or 0)


def _complete(missing: list[str]) -> None:
    if missing:
        raise OperationError(f"to post, this is still needed: {'; '.join(missing)}", ExitCode.USAGE)
