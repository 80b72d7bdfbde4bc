import pytest

from sandbox import paths


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("spec.services[0].envs[*].value", ("spec", "services", 0, "envs", "*", "value")),
        ('rules[1].headers["X-Frame-Options"].value', ("rules", 1, "headers", "X-Frame-Options", "value")),
        ('a["with \\"quotes\\" and . dots"]', ("a", 'with "quotes" and . dots')),
        ("*", ("*",)),
        ("", ()),
    ],
)
def test_a_path_is_read_as_pulumi_writes_it(text: str, path: paths.Path) -> None:
    assert paths.parse(text) == path


@pytest.mark.parametrize("path", [("a", 0, "b"), ("h", "X.Y"), ("h", 'q"q'), ("h", "a b"), ("settings", "0rtt")])
def test_a_path_that_was_written_is_read_back(path: paths.Path) -> None:
    assert paths.parse(paths.show(path)) == path


def test_an_unreadable_path_names_the_place() -> None:
    with pytest.raises(ValueError, match=r"nothing readable at '\[x\]'"):
        paths.parse("a[x]")


def test_a_pattern_covers_what_it_names_and_everything_below() -> None:
    pattern = paths.parse("spec.services[*].envs")
    assert paths.covers(pattern, ("spec", "services", 3, "envs", 0, "value"))
    assert not paths.covers(pattern, ("spec", "services", 3))
    assert paths.names(pattern, ("spec", "services", 3, "envs"))
    assert not paths.names(pattern, ("spec", "services", 3, "envs", 0))


def test_a_pattern_expands_to_the_paths_that_exist() -> None:
    value = {"services": [{"envs": [{"value": "a"}, {}]}, {"envs": []}]}
    assert paths.expand(paths.parse("services[*].envs[*].value"), value) == [("services", 0, "envs", 0, "value")]


def test_a_value_is_set_added_and_deleted_in_place() -> None:
    value = {"list": [{"n": 1}]}
    paths.assign(value, ("list", 0, "n"), 2)
    paths.assign(value, ("list", 1), "new")
    paths.assign(value, ("key",), True)
    paths.remove(value, ("list", 0))
    assert value == {"list": ["new"], "key": True}


@pytest.mark.parametrize("path", [("nowhere", "x"), ("list", 5), ("list", "x"), ()])
def test_setting_where_nothing_can_hold_it_is_refused(path: paths.Path) -> None:
    with pytest.raises(KeyError, match="there is nothing"):
        paths.assign({"list": []}, path, 1)


@pytest.mark.parametrize("path", [("nowhere",), ("list", 0), ()])
def test_deleting_what_is_not_there_is_refused(path: paths.Path) -> None:
    with pytest.raises(KeyError, match="there is nothing to delete"):
        paths.remove({"list": []}, path)
