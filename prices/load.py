"""Reads the price book: the project's own, and over it what its operator knows better."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
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
    whole, problems, unread = Document({}, {}), list[Problem](), set[Path]()
    files: list[tuple[Path, FilePath, str]] = [
        ((section,), folder / f"{section}.yaml", f"prices/book/{section}.yaml") for section in Book.model_fields
    ]
    if root is not None and (root / OWN).is_file():
        files.append(((), root / OWN, OWN))
    for place, file, shown_as in files:
        try:
            whole = whole.merged(_read(file, shown_as, place))
        except SettingsError as error:
            problems += error.problems
            unread.add(place)
    problems += whole.problems
    try:
        book = Book.model_validate_json(json.dumps(whole.value))
    except ValidationError as error:
        problems += _problems(whole, error, unread | {problem.path for problem in whole.problems})
    if problems:
        raise PriceBookError(problems)
    return book


def _read(file: FilePath, shown_as: str, place: Path) -> Document:
    """A file's values where they belong in the book. Raises SettingsError when there is nothing to be read."""
    found = read(file, shown_as)
    if not isinstance(found.value, dict):
        rule = f"must be a map of keys, not {kind_of(found.value)}"
        raise SettingsError([Problem(found.position(()), (), rule, "see docs/prices.md")])
    value: object = found.value
    for key in reversed(place):
        value = {key: value}
    positions = {(*place, *path): position for path, position in found.positions.items()}
    problems = tuple(replace(problem, path=(*place, *problem.path)) for problem in found.problems)
    return Document(value, positions, problems)


def _problems(whole: Document, error: ValidationError, known: set[Path]) -> Iterator[Problem]:
    schema = Book.model_json_schema()
    for details in error.errors():
        found = finding(whole.value, details)
        if not is_echo(found) and found.path not in known:
            rule, way_out = explain(found, schema, whole.value)
            way_out = way_out.replace("docs/configuration.md", "docs/prices.md")
            yield Problem(whole.position(found.path), found.path, rule, way_out)
