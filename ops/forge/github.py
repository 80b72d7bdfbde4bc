"""GitHub: comments of a pull request are those of an issue (docs.github.com/rest/issues/comments, API 2022-11-28)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.forge.api import Api, RefusedError
from ops.forge.post import Comment, Issue

LONGEST: Final = 65_536
"""Characters of a comment or an issue: "Body is too long (maximum is 65536 characters)", 422."""


def api(base: str, token: str) -> Api:
    """GitHub's API, or that of a GitHub Enterprise Server."""
    headers = {
        "authorization": f"Bearer {token}",
        "accept": "application/vnd.github+json",
        "x-github-api-version": "2022-11-28",
    }
    return Api("GitHub", base, headers)


class _Author:
    """Tells one's own posts from those of others, who may quote a marker."""

    def __init__(self, api: Api) -> None:
        try:
            self._login: str | None = str(api.send("GET", "/user")["login"])
        except RefusedError as refused:
            # The token of a workflow belongs to an app, which may not ask who it is; its posts are a bot's.
            if refused.status != 403:
                raise
            self._login = None

    def wrote(self, post: Mapping[str, Any]) -> bool:
        user = post.get("user") or {}
        return user.get("type") == "Bot" if self._login is None else user.get("login") == self._login


class PullRequest:
    """The comments of one pull request. The token needs `pull-requests: write`."""

    longest = LONGEST

    def __init__(self, api: Api, repository: str, number: int) -> None:
        self.title = f"{repository}, pull request {number}"
        self._api = api
        self._author = _Author(api)
        self._repository = f"/repos/{repository}"
        self._comments = f"{self._repository}/issues/{number}/comments"

    def comments(self) -> list[Comment]:
        listed = [
            Comment(post["id"], post["body"] or "")
            for post in self._api.entries(self._comments)
            if self._author.wrote(post)
        ]
        return sorted(listed, key=lambda comment: comment.id)

    def create(self, body: str) -> None:
        self._api.send("POST", self._comments, {"body": body})

    def update(self, comment: int, body: str) -> None:
        self._api.send("PATCH", f"{self._repository}/issues/comments/{comment}", {"body": body})

    def delete(self, comment: int) -> None:
        self._api.remove(f"{self._repository}/issues/comments/{comment}")


class Issues:
    """The issues of a repository with one label. The token needs `issues: write`."""

    def __init__(self, api: Api, repository: str, label: str) -> None:
        self.title = repository
        self._api = api
        self._author = _Author(api)
        self._issues = f"/repos/{repository}/issues"
        self._label = label

    def issues(self) -> list[Issue]:
        # The list holds pull requests as well.
        listed = [
            Issue(post["number"], post["title"], post["body"] or "")
            for post in self._api.entries(f"{self._issues}?state=open&labels={quote(self._label)}")
            if "pull_request" not in post and self._author.wrote(post)
        ]
        return sorted(listed, key=lambda issue: issue.id)

    def create(self, title: str, body: str) -> None:
        made = self._api.send("POST", self._issues, {"title": title, "body": body, "labels": [self._label]})
        if self._label not in {label["name"] for label in made["labels"]}:
            # Without its label the next run would not find it, and open another one.
            self._api.send("PATCH", f"{self._issues}/{made['number']}", {"state": "closed"})
            message = f"the token may open issues but not label them {self._label}; give it issues: write"
            raise OperationError(message, ExitCode.FORGE)

    def update(self, issue: int, title: str, body: str) -> None:
        self._api.send("PATCH", f"{self._issues}/{issue}", {"title": title, "body": body})

    def close(self, issue: int, comment: str) -> None:
        self._api.send("POST", f"{self._issues}/{issue}/comments", {"body": comment})
        self._api.send("PATCH", f"{self._issues}/{issue}", {"state": "closed", "state_reason": "completed"})
