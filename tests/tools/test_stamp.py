from pathlib import Path

import pytest

from tools.engine import stamp


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project right after its set-up."""
    for name in ("requirements.txt", "requirements-dev.txt", "tools/engine/pins.py", ".venv/bin/python"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    for name in ("pulumi", "flyctl", "actionlint"):
        (tmp_path / "installed" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "installed" / name).touch()
        (tmp_path / ".venv/bin" / name).symlink_to(tmp_path / "installed" / name)
    stamp.write(tmp_path)
    return tmp_path


def test_a_set_up_that_nothing_has_changed_since_is_fresh(project: Path) -> None:
    assert stamp.is_fresh(project)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "tools/engine/pins.py"])
def test_a_changed_lock_file_or_pin_makes_it_stale(project: Path, name: str) -> None:
    (project / name).write_text("changed")
    assert not stamp.is_fresh(project)


def test_another_python_makes_it_stale(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamp.sys, "version_info", (3, 99, 0))
    assert not stamp.is_fresh(project)


def test_a_project_that_was_moved_is_stale(project: Path) -> None:
    assert not stamp.is_fresh(project.rename(project.with_name("elsewhere")))


@pytest.mark.parametrize("name", ["pulumi", "flyctl", "actionlint"])
def test_a_linked_program_that_was_uninstalled_makes_it_stale(project: Path, name: str) -> None:
    (project / "installed" / name).unlink()
    assert not stamp.is_fresh(project)


def test_a_set_up_under_way_is_not_fresh(project: Path) -> None:
    stamp.remove(project)
    assert not stamp.is_fresh(project)
