import time

from tools.engine.console import Console


def test_a_long_step_says_every_few_seconds_how_far_it_is(console: Console, said: list[str]) -> None:
    with console.ticking(lambda: "12 packages compiled", interval_seconds=0.02):
        time.sleep(0.1)
    assert said[0] == "      0:00  12 packages compiled"
    assert len(said) >= 2


def test_a_short_step_says_nothing(console: Console, said: list[str]) -> None:
    with console.ticking(lambda: "unused", interval_seconds=5):
        pass
    assert said == []
