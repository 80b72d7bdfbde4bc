"""A question about cost, the stack and the prices that it is about, and the answer to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from inventory.stack import Inventory
from ops.cost.documents import comparison_document, cost_document
from ops.cost.tables import compared, lines, said
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.stack import load_stack
from prices.book import Book
from prices.costs import Comparison, compare, costs
from prices.line import Cost
from prices.load import PriceBookError, load_book
from settings.problem import did_you_mean
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


def given(question: Question) -> tuple[Stack, Book]:
    """The stack and the prices. Raises OperationError with every problem of either."""
    stack = load_stack(question.root, question.stack)
    if question.system and question.system not in stack.systems:
        message = f"{question.system} is no system of {stack.name}; {did_you_mean(question.system, stack.systems)}"
        raise OperationError(message, ExitCode.USAGE)
    try:
        return stack, load_book(question.root)
    except PriceBookError as error:
        raise OperationError(str(error), ExitCode.SETTINGS) from None


def answer(question: Question, stack: Stack, inventory: Inventory, book: Book) -> Iterator[str]:
    """What an inventory costs."""
    cost = _only(costs(inventory, book, question.today), question.system)
    budget = _budget(question, stack)
    if question.as_json:
        yield json.dumps(_about(question, budget) | cost_document(cost))
        return
    yield _title(question, "costs")
    yield from lines(said(cost, budget), width=question.width, color=question.color)


def difference(
    question: Question, stack: Stack, book: Book, before: Inventory, after: Inventory, old: str, new: str
) -> Iterator[str]:
    """What two inventories cost; `old` and `new` are what people call them."""
    found = compare(before, after, book, question.today)
    found = Comparison(_only(found.before, question.system), _only(found.after, question.system))
    budget = _budget(question, stack)
    if question.as_json:
        yield json.dumps(_about(question, budget) | comparison_document(found))
        return
    yield _title(question, f"costs {old} and {new}")
    yield from lines(compared(found, old, new, budget), width=question.width, color=question.color)


def _only(cost: Cost, system: str | None) -> Cost:
    return cost if system is None else cost.only(system)


def _budget(question: Question, stack: Stack) -> int | None:
    """What the whole stack may cost; one system has no budget of its own."""
    return stack.policies.budget_usd if question.system is None else None


def _about(question: Question, budget: int | None) -> dict[str, Any]:
    day = question.today.isoformat()
    return {"stack": question.stack, "date": day, "currency": "USD", "per": "month", "budget": budget}


def _title(question: Question, what: str) -> str:
    of = f"{question.system} of {question.stack}" if question.system else question.stack
    return f"{of} {what}, in US dollars a month, by the prices known on {question.today}:"
