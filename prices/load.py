"""Reads the price book: the project's own, and over it what its operator knows better."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import ClassVar, Final

from pydantic import ValidationError

from prices.book import Book
from settings.document import Document
from settings.explain import explain, finding, is_echo, kind_of
from settings.problem import Path, Problem, SettingsError
from settings.read import read

FOLDER: Final = FilePath(__file__).resolve().parent / "book"
OWN: Final = "prices.yaml"
"""In the project's root, for prices that only its operator knows: sections as in the book, laid over it."""


class PriceBookError(SettingsError):
    """The price book cannot be used; carries every problem found, by file, line and column."""

    subject: ClassVar[str] = "the price book"


def load_book(root: FilePath | None = None, *, folder: FilePath = FOLDER) -> Book:
    """The prices that the project at `root` goes by, its operator's own included; without `root` the book alone.

    Raises PriceBookError with every problem of all files.
    """
    problems: list[Problem] = []
    whole = Document({}, {})
    for section in Book.model_fields:
        whole = whole.merged(_read(folder / f"{section}.yaml", f"prices/book/{section}.yaml", (section,), problems))
    if root is not None and (root / OWN).is_file():
        whole = whole.merged(_read(root / OWN, OWN, (), problems))
    book: Book | None = None
    try:
        book = Book.model_validate_json(json.dumps(whole.value))
    except ValidationError as error:
        known = {problem.path for problem in whole.problems}
        problems += _problems(whole, error, known)
    problems += whole.problems
    if problems or book is None:
        raise PriceBookError(problems)
    return book


def _read(file: FilePath, shown_as: str, place: Path, problems: list[Problem]) -> Document:
    """A file's values where they belong in the book; an empty document when there is nothing to be read."""
    try:
        found = read(file, shown_as)
    except SettingsError as error:
        problems += error.problems
        return Document({}, {})
    if not isinstance(found.value, dict):
        rule = f"must be a map of keys, not {kind_of(found.value)}"
        problems.append(Problem(found.position(()), (), rule, "see docs/prices.md"))
        return Document({}, {})
    value: object = found.value
    for key in reversed(place):
        value = {key: value}
    positions = {(*place, *path): position for path, position in found.positions.items()}
    return Document(value, positions, found.problems)


def _problems(whole: Document, error: ValidationError, known: set[Path]) -> Iterator[Problem]:
    schema = Book.model_json_schema()
    for details in error.errors():
        found = finding(whole.value, details)
        if not is_echo(found) and found.path not in known:
            rule, way_out = explain(found, schema, whole.value)
            way_out = way_out.replace("docs/configuration.md", "docs/prices.md")
            yield Problem(whole.position(found.path), found.path, rule, way_out)
