"""GitHub's comments and issues, refusing what GitHub refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.ops.forge.fake import TOKEN, Answer, Fake

REPOSITORY = "acme/shop"
BOT = {"login": "github-actions[bot]", "type": "Bot"}
PERSON = {"login": "someone", "type": "User"}
FORBIDDEN = Answer(403, {"message": "Resource not accessible by integration"})
DOCS = "https://docs.github.com/rest"


class FakeGitHub(Fake):
    """One repository. `may` are the permissions of the token that a workflow gets."""

    def __init__(self) -> None:
        super().__init__()
        self.may = {"issues", "pull-requests"}
        self.user: dict[str, str] | None = None
        self.comments: dict[int, dict[str, Any]] = {}
        self.issues: dict[int, dict[str, Any]] = {7: self._issue("A change", "", {"pull_request": {}})}
        self.labels_are_kept = True
        self._ids = 100
        base = f"/repos/{REPOSITORY}/issues"
        self.routes = {
            ("GET", "/user"): self._who,
            ("GET", rf"{base}/(\d+)/comments"): self._list_comments,
            ("POST", rf"{base}/(\d+)/comments"): self._add_comment,
            ("PATCH", rf"{base}/comments/(\d+)"): self._edit_comment,
            ("DELETE", rf"{base}/comments/(\d+)"): self._remove_comment,
            ("GET", base): self._list_issues,
            ("POST", base): self._open_issue,
            ("PATCH", rf"{base}/(\d+)"): self._edit_issue,
        }

    def environment(self) -> dict[str, str]:
        return {
            "GITHUB_API_URL": self.url,
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_REF": "refs/pull/7/merge",
        }

    def comment(self, body: str, user: Mapping[str, str] = BOT, issue: int = 7) -> int:
        """A comment that stands there already; its id."""
        self._ids += 1
        self.comments[self._ids] = {"id": self._ids, "body": body, "user": dict(user), "issue": issue}
        return self._ids

    def bodies(self) -> list[str]:
        return [comment["body"] for comment in self.comments.values()]

    def denied(self, headers: Mapping[str, str]) -> Answer | None:
        if not headers.get("user-agent"):
            return Answer(403, {"message": "Request forbidden by administrative rules."})
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(401, {"message": "Bad credentials", "documentation_url": DOCS})
        return None

    def _issue(self, title: str, body: str, more: Mapping[str, Any]) -> dict[str, Any]:
        return {"number": 7, "title": title, "body": body, "state": "open", "user": PERSON, "labels": [], **more}

    def _who(self, **_: Any) -> Answer:
        return Answer(200, self.user) if self.user else FORBIDDEN

    def _list_comments(self, number: str, *, query: Mapping[str, str], **_: Any) -> Answer:
        if int(number) not in self.issues:
            return Answer(404, {"message": "Not Found"})
        listed = [comment for comment in self.comments.values() if comment["issue"] == int(number)]
        return self.page(f"/repos/{REPOSITORY}/issues/{number}/comments", listed, query)

    def _add_comment(self, number: str, *, body: Any, **_: Any) -> Answer:
        if not {"issues", "pull-requests"} & self.may:
            return FORBIDDEN
        return self._too_long(body) or Answer(201, self.comments[self.comment(body["body"], BOT, int(number))])

    def _edit_comment(self, number: str, *, body: Any, **_: Any) -> Answer:
        if int(number) not in self.comments:
            return Answer(404, {"message": "Not Found"})
        refused = self._too_long(body)
        if not refused:
            self.comments[int(number)]["body"] = body["body"]
        return refused or Answer(200, self.comments[int(number)])

    def _remove_comment(self, number: str, **_: Any) -> Answer:
        return Answer(204) if self.comments.pop(int(number), None) else Answer(404, {"message": "Not Found"})

    def _list_issues(self, *, query: Mapping[str, str], **_: Any) -> Answer:
        labels = set(query["labels"].split(",")) if "labels" in query else set()
        listed = [
            issue
            for issue in self.issues.values()
            if issue["state"] == query.get("state", "open") and labels <= {label["name"] for label in issue["labels"]}
        ]
        return self.page(f"/repos/{REPOSITORY}/issues", listed, query)

    def _open_issue(self, *, body: Any, **_: Any) -> Answer:
        if "issues" not in self.may:
            return FORBIDDEN
        refused = self._too_long(body)
        if refused:
            return refused
        number = max(self.issues) + 1
        labels = [{"name": name} for name in body["labels"]] if self.labels_are_kept else []
        self.issues[number] = self._issue(
            body["title"], body["body"], {"number": number, "user": BOT, "labels": labels}
        )
        return Answer(201, self.issues[number])

    def _edit_issue(self, number: str, *, body: Any, **_: Any) -> Answer:
        refused = self._too_long(body)
        if not refused:
            self.issues[int(number)] |= body
        return refused or Answer(200, self.issues[int(number)])

    def _too_long(self, body: Mapping[str, Any]) -> Answer | None:
        if "body" in body and not body["body"].strip():
            return Answer(422, {"message": "Validation Failed", "errors": [{"code": "missing_field"}]})
        if len(body.get("body", "")) > 65_536:
            long = {"message": "Body is too long (maximum is 65536 characters)"}
            return Answer(422, {"message": "Validation Failed", "errors": [long]})
        return None
