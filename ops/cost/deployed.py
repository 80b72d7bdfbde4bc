"""`cost --diff`: what a stack costs as it is deployed, and as it is described."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.from_resources import from_resources
from inventory.from_settings import from_settings
from inventory.resource import of_state
from ops.cost.question import Question, difference, given
from ops.surroundings import surroundings


def deployed_cost(question: Question, *, sandbox: bool) -> Iterator[str]:
    """What deploying it would change about the cost. Raises OperationError."""
    stack, book = given(question)
    there = surroundings(question.root, question.stack, sandbox=sandbox)
    deployed = from_resources(stack.name, stack.environment, of_state(there.engine().state()))
    if not question.as_json and not any(deployed.items):
        yield f"Nothing of {stack.name} is deployed."
    yield from difference(question, stack, book, deployed, from_settings(stack), "deployed", "described")
