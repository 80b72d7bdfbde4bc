import pytest

from tools.engine import version


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v3.259.0", (3, 259, 0)),
        ("flyctl v0.4.80 linux/amd64 Commit: <none>", (0, 4, 80)),
        ("1.7.12", (1, 7, 12)),
        ("3.260.0-alpha.1", (3, 260, 0)),
        ("no version here", None),
    ],
)
def test_the_first_version_of_a_text_is_read(text: str, expected: tuple[int, int, int] | None) -> None:
    assert version.parse(text) == expected


@pytest.mark.parametrize(
    ("found", "enough"),
    [((3, 9, 99), False), ((3, 10, 0), True), ((3, 100, 0), True), ((4, 0, 0), True), (None, False)],
)
def test_versions_are_compared_as_numbers(found: tuple[int, int, int] | None, enough: bool) -> None:
    assert version.at_least(found, "3.10.0") is enough
