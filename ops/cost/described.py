"""`cost` and `cost --what-if`: what a stack costs as it is described, and with other settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inventory.from_settings import from_settings
from ops.cost.question import Question, answer, difference, given
from ops.cost.what_if import overlay
from ops.errors import OperationError
from ops.exit_code import ExitCode
from settings.load import load
from settings.problem import SettingsError


def described_cost(question: Question) -> Iterator[str]:
    """What the stack costs. Raises OperationError."""
    stack, book = given(question)
    yield from answer(question, stack, from_settings(stack), book)


def tried_cost(question: Question, wishes: Sequence[str]) -> Iterator[str]:
    """What it costs, and what it would cost with other settings. Raises OperationError with every problem of those."""
    stack, book = given(question)
    over = overlay(wishes, stack.systems, question.system)
    try:
        tried = load(question.root, question.stack, over=over)
    except SettingsError as error:
        raise OperationError(str(error), ExitCode.SETTINGS) from None
    yield from difference(question, tried, book, from_settings(stack), from_settings(tried), "now", "then")
