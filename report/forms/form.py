"""The forms that a report can be written in."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """Their names on the command line."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
