"""GitLab's notes and issues, refusing what GitLab refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.ops.forge.fake import TOKEN, Answer, Fake

OWN, OTHER = {"id": 5, "username": "project_1_bot"}, {"id": 6, "username": "someone"}


class FakeGitLab(Fake):
    """The project 42 with the merge request 7."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: dict[int, dict[str, Any]] = {}
        self.issues: dict[int, dict[str, Any]] = {}
        self._ids = 100
        notes, issues = "/projects/42/merge_requests/7/notes", "/projects/42/issues"
        self.routes = {
            ("GET", "/user"): lambda **_: Answer(200, OWN),
            ("GET", notes): lambda query, **_: self.page(notes, list(self.notes.values()), query),
            ("POST", notes): lambda body, **_: self._blank(body) or Answer(201, self.notes[self.note(body["body"])]),
            ("PUT", rf"{notes}/(\d+)"): self._edit_note,
            ("DELETE", rf"{notes}/(\d+)"): lambda number, **_: self._remove(int(number)),
            ("GET", issues): self._list_issues,
            ("POST", issues): self._open_issue,
            ("PUT", rf"{issues}/(\d+)"): self._edit_issue,
            ("POST", rf"{issues}/(\d+)/notes"): lambda number, body, **_: Answer(201, {"id": self.note(body["body"])}),
        }

    def environment(self) -> dict[str, str]:
        return {
            "CI_API_V4_URL": self.url,
            "GITLAB_TOKEN": TOKEN,
            "CI_PROJECT_ID": "42",
            "CI_MERGE_REQUEST_IID": "7",
        }

    def note(self, body: str, author: Mapping[str, Any] = OWN) -> int:
        self._ids += 1
        self.notes[self._ids] = {"id": self._ids, "body": body, "author": dict(author)}
        return self._ids

    def bodies(self) -> list[str]:
        return [note["body"] for note in self.notes.values()]

    def denied(self, headers: Mapping[str, str]) -> Answer | None:
        return None if headers.get("private-token") == TOKEN else Answer(401, {"message": "401 Unauthorized"})

    def _blank(self, body: Mapping[str, Any]) -> Answer | None:
        if not str(body.get("body", "")).strip():
            return Answer(400, {"message": '400 Bad request - Note {:note=>["can\'t be blank"]}'})
        return None

    def _edit_note(self, number: str, *, body: Any, **_: Any) -> Answer:
        if int(number) not in self.notes:
            return Answer(404, {"message": "404 Note Not Found"})
        self.notes[int(number)]["body"] = body["body"]
        return Answer(200, self.notes[int(number)])

    def _remove(self, number: int) -> Answer:
        return Answer(204) if self.notes.pop(number, None) else Answer(404, {"message": "404 Note Not Found"})

    def _list_issues(self, *, query: Mapping[str, str], **_: Any) -> Answer:
        listed = [
            issue
            for issue in self.issues.values()
            if issue["state"] == query["state"]
            and query["labels"] in issue["labels"]
            and issue["author"]["id"] == int(query["author_id"])
        ]
        return self.page("/projects/42/issues", listed, query)

    def _open_issue(self, *, body: Any, **_: Any) -> Answer:
        number = len(self.issues) + 1
        labels = body["labels"].split(",")
        self.issues[number] = {**body, "iid": number, "labels": labels, "state": "opened", "author": OWN}
        return Answer(201, self.issues[number])

    def _edit_issue(self, number: str, *, body: Any, **_: Any) -> Answer:
        change = dict(body)
        if change.pop("state_event", None) == "close":
            change["state"] = "closed"
        self.issues[int(number)] |= change
        return Answer(200, self.issues[int(number)])
