"""`cost`: what a stack costs a month."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from inventory.from_resources import from_resources
from inventory.from_settings import from_settings
from inventory.resource import of_state
from inventory.stack import Inventory
from ops.cost.documents import comparison_document, cost_document
from ops.cost.tables import compared, lines, said
from ops.cost.what_if import overlay
from ops.edge import load_stack
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.surroundings import surroundings
from prices.book import Book
from prices.costs import Comparison, compare, costs
from prices.line import Cost
from prices.load import PriceBookError, load_book
from settings.load import load
from settings.problem import SettingsError, did_you_mean
from settings.stack import Stack


@dataclass(frozen=True)
class Question:
    """What is asked for, and how the answer is to look."""

    root: Path
    stack: str
    system: str | None
    today: date
    """Whose prices count."""
    as_json: bool = False
    width: int = 120
    color: bool = False


def stack_cost(question: Question) -> Iterator[str]:
    """What the stack costs as it is described. Raises OperationError."""
    stack, book = _given(question)
    cost = costs(from_settings(stack), book, question.today)
    yield from _answer(question, only(cost, question.system))


def deployed_cost(question: Question, *, sandbox: bool) -> Iterator[str]:
    """What deploying it would change about the cost of what is deployed. Raises OperationError."""
    stack, book = _given(question)
    there = surroundings(question.root, question.stack, sandbox=sandbox)
    deployed = from_resources(stack.name, stack.environment, of_state(there.engine().state()))
    yield from _difference(question, book, deployed, from_settings(stack), "deployed", "described")


def what_if(question: Question, wishes: Sequence[str]) -> Iterator[str]:
    """What it would cost with other settings. Raises OperationError with every problem of those."""
    stack, book = _given(question)
    over = overlay(wishes, stack.systems, question.system)
    try:
        tried = load(question.root, question.stack, over=over)
    except SettingsError as error:
        raise OperationError(str(error), ExitCode.SETTINGS) from None
    yield from _difference(question, book, from_settings(stack), from_settings(tried), "now", "then")


def only(cost: Cost, system: str | None) -> Cost:
    """The lines of one system, or all."""
    return cost if system is None else cost.only(system)


def _given(question: Question) -> tuple[Stack, Book]:
    stack = load_stack(question.root, question.stack)
    if question.system and question.system not in stack.systems:
        message = f"{question.system} is no system of {stack.name}; {did_you_mean(question.system, stack.systems)}"
        raise OperationError(message, ExitCode.USAGE)
    try:
        return stack, load_book(question.root)
    except PriceBookError as error:
        raise OperationError(str(error), ExitCode.SETTINGS) from None


def _answer(question: Question, cost: Cost) -> Iterator[str]:
    if question.as_json:
        yield json.dumps(_about(question) | cost_document(cost))
        return
    yield _title(question, "costs")
    yield from lines(said(cost), width=question.width, color=question.color)


def _difference(
    question: Question, book: Book, before: Inventory, after: Inventory, old: str, new: str
) -> Iterator[str]:
    found = compare(before, after, book, question.today)
    found = Comparison(only(found.before, question.system), only(found.after, question.system))
    if question.as_json:
        yield json.dumps(_about(question) | comparison_document(found))
        return
    yield _title(question, f"costs {old} and {new}")
    yield from lines(compared(found, old, new), width=question.width, color=question.color)


def _about(question: Question) -> dict[str, Any]:
    return {"stack": question.stack, "date": question.today.isoformat(), "currency": "USD", "per": "month"}


def _title(question: Question, what: str) -> str:
    of = f"{question.system} of {question.stack}" if question.system else question.stack
    return f"{of} {what}, in US dollars a month, by the prices known on {question.today}:"
