"""GitLab: comments of a merge request are its notes (docs.gitlab.com/api/notes, API v4)."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from ops.forge.api import Api
from ops.forge.post import Comment, Issue

LONGEST: Final = 1_000_000
"""Characters of a note (docs.gitlab.com/administration/instance_limits,
2026-11)."""


def api(base: str, token: str) -> Api:
    """The API of gitlab.com or of another GitLab."""
    return Api("GitLab", base, {"private-token": token})


class MergeRequest:
    """The notes of one merge request. The token needs the scope `api`; a job's own token cannot write notes."""

    longest = LONGEST

    def __init__(self, api: Api, project: str, number: int) -> None:
        self.title = f"project {project}, merge request {number}"
        self._api = api
        self._own = api.send("GET", "/user")["id"]
        self._notes = f"/projects/{quote(project, safe='')}/merge_requests/{number}/notes"

    def comments(self) -> list[Comment]:
        listed = [
            Comment(note["id"], note["body"])
            for note in self._api.entries(f"{self._notes}?sort=asc&order_by=created_at")
            if note["author"]["id"] == self._own
        ]
        return sorted(listed, key=lambda comment: comment.id)

    def create(self, body: str) -> None:
        self._api.send("POST", self._notes, {"body": body})

    def update(self, comment: int, body: str) -> None:
        self._api.send("PUT", f"{self._notes}/{comment}", {"body": body})

    def delete(self, comment: int) -> None:
        self._api.remove(f"{self._notes}/{comment}")


class Issues:
    """The issues of a project with one label. The token needs the scope `api`."""

    def __init__(self, api: Api, project: str, label: str) -> None:
        self.title = f"project {project}"
        self._api = api
        self._own = api.send("GET", "/user")["id"]
        self._issues = f"/projects/{quote(project, safe='')}/issues"
        self._label = label

    def issues(self) -> list[Issue]:
        query = f"?state=opened&scope=all&labels={quote(self._label)}&author_id={self._own}"
        listed = [
            Issue(post["iid"], post["title"], post["description"] or "")
            for post in self._api.entries(self._issues + query)
        ]
        return sorted(listed, key=lambda issue: issue.id)

    def create(self, title: str, body: str) -> None:
        self._api.send("POST", self._issues, {"title": title, "description": body, "labels": self._label})

    def update(self, issue: int, title: str, body: str) -> None:
        self._api.send("PUT", f"{self._issues}/{issue}", {"title": title, "description": body})

    def close(self, issue: int, comment: str) -> None:
        self._api.send("POST", f"{self._issues}/{issue}/notes", {"body": comment})
        self._api.send("PUT", f"{self._issues}/{issue}", {"state_event": "close"})
