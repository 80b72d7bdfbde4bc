"""`report` from a recorded preview: all files or none, and what is wrong said with its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.comment import read_reports
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.report import FILES, WHOLE, Request, write_report
from report.forms.form import Form
from report.forms.markdown import LIMIT
from tests.report.record import stream
from tests.report.reports import TODAY, summary
from tests.report.test_markdown import many_records
from tests.tetrix import ROOT


def recorded(folder: Path, name: str = "planted", *, cut: int = 0) -> Path:
    file = folder / f"{name}.jsonl"
    text = "".join(f"{json.dumps(event)}\n" for event in stream(name))
    file.write_text(text[: cut or None], encoding="utf-8")
    return file


def request(events: Path, out: Path | None = None, *formats: Form, stack: str = "production") -> Request:
    return Request(ROOT, stack, formats or tuple(Form), out, TODAY, events=events)


def written(out: Path, stack: str = "production") -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (out / stack).iterdir()}


def test_every_form_is_written_into_a_folder_of_the_stacks_name(tmp_path: Path) -> None:
    lines = list(write_report(request(recorded(tmp_path), tmp_path / "out")))
    files = written(tmp_path / "out")
    assert files.keys() == set(FILES.values())
    assert lines == [f"wrote {tmp_path / 'out' / 'production' / name}" for name in FILES.values()]
    assert files["report.md"].startswith(b"## production: 2 to create, 3 to update, 1 to replace\n")
    assert json.loads(files["report.json"])["changes"]


def test_what_is_written_is_what_a_comment_is_made_of(tmp_path: Path) -> None:
    list(write_report(request(recorded(tmp_path), tmp_path / "out")))
    list(write_report(request(recorded(tmp_path, "same"), tmp_path / "out", stack="staging")))
    production, staging = read_reports([tmp_path / "out"])
    assert (production.stack, production.matters) == ("production", True)
    assert (staging.stack, staging.matters) == ("staging", False)
    assert len(production.body) < LIMIT


def test_a_second_run_writes_the_same_bytes(tmp_path: Path) -> None:
    events = recorded(tmp_path)
    for out in ("one", "two"):
        list(write_report(request(events, tmp_path / out)))
    assert written(tmp_path / "one") == written(tmp_path / "two")


def test_without_a_folder_the_text_is_printed(tmp_path: Path) -> None:
    (text,) = write_report(request(recorded(tmp_path), None, Form.JUNIT))
    assert text.startswith("<?xml")


def test_what_the_comment_leaves_out_is_in_a_file_beside_it(tmp_path: Path) -> None:
    events = tmp_path / "many.jsonl"
    events.write_text("".join(f"{json.dumps(event)}\n" for event in many_records(500)), encoding="utf-8")
    list(write_report(request(events, tmp_path, Form.MARKDOWN)))
    files = written(tmp_path)
    assert files.keys() == {"report.md", WHOLE}
    assert len(files["report.md"]) <= 65_536 < len(files[WHOLE])


def test_files_of_an_earlier_run_do_not_stay_beside_those_of_this_one(tmp_path: Path) -> None:
    list(write_report(request(recorded(tmp_path), tmp_path)))
    list(write_report(request(recorded(tmp_path), tmp_path, Form.SARIF)))
    assert written(tmp_path).keys() == {"report.sarif"}


BAD = {
    "failed": (ExitCode.ENGINE, "a volume keeps its data on one host and is never replaced by itself"),
    "cut": (ExitCode.ENGINE, "the stream ends in the middle of line"),
    "events": (ExitCode.ENGINE, "before the engine's summary; record it again"),
    "nonsense": (ExitCode.USAGE, "line 1 is no event of the engine"),
    "empty": (ExitCode.USAGE, "there is no event of a preview in it"),
    "missing": (ExitCode.USAGE, "cannot be read (FileNotFoundError); record a preview first"),
    "binary": (ExitCode.USAGE, "cannot be read (UnicodeDecodeError)"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_preview_that_is_none_is_refused_and_nothing_is_written(tmp_path: Path, what: str) -> None:
    file = tmp_path / "events.jsonl"
    match what:
        case "failed":
            file = recorded(tmp_path, "failed")
        case "cut":
            file = recorded(tmp_path, cut=60_000)
        case "events":
            file.write_text("".join(f"{json.dumps(event)}\n" for event in stream("planted")[:9]), encoding="utf-8")
        case "nonsense" | "empty":
            file.write_text("" if what == "empty" else "Previewing update\n", encoding="utf-8")
        case "binary":
            file.write_bytes(b"\xff\xfe\x00")
    code, words = BAD[what]
    with pytest.raises(OperationError) as refusal:
        list(write_report(request(file, tmp_path / "out")))
    assert refusal.value.exit_code is code
    assert str(file) in str(refusal.value)
    assert words in str(refusal.value)
    assert not (tmp_path / "out").exists()


def test_an_earlier_report_outlives_a_preview_that_fails(tmp_path: Path) -> None:
    list(write_report(request(recorded(tmp_path), tmp_path)))
    before = written(tmp_path)
    with pytest.raises(OperationError):
        list(write_report(request(recorded(tmp_path, "failed"), tmp_path)))
    assert written(tmp_path) == before


def test_a_stack_that_does_not_exist_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="prodution") as refusal:
        list(write_report(request(recorded(tmp_path), tmp_path / "out", stack="prodution")))
    assert refusal.value.exit_code is ExitCode.SETTINGS


def copied(folder: Path, policies: str) -> Path:
    """A project with the systems of this one, whose production has other policies."""
    folder.mkdir()
    for name in ("systems", "prices", "Pulumi.yaml"):
        (folder / name).symlink_to(ROOT / name)
    head, _, rest = (ROOT / "Pulumi.production.yaml").read_text(encoding="utf-8").partition("  slipway:policies:\n")
    after = "".join(line for line in rest.splitlines(keepends=True) if not line.startswith("    "))
    (folder / "Pulumi.production.yaml").write_text(f"{head}  slipway:policies: {policies}\n{after}", encoding="utf-8")
    return folder


def test_a_waiver_of_a_policy_that_there_is_not_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    waiver = "{rule: two-machine, resource: production, reason: a test, expires: '2999-12-31'}"
    project = copied(tmp_path / "project", f"{{waivers: [{waiver}]}}")
    asked = Request(project, "production", (Form.MARKDOWN,), tmp_path / "out", TODAY, events=recorded(tmp_path))
    with pytest.raises(OperationError, match=r"waivers\[0\]\.rule: two-machine is no policy") as refusal:
        list(write_report(asked))
    assert refusal.value.exit_code is ExitCode.SETTINGS
    assert not (tmp_path / "out").exists()


def test_a_price_book_that_is_wrong_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name in ("systems", "Pulumi.production.yaml", "Pulumi.yaml"):
        (project / name).symlink_to(ROOT / name)
    (project / "prices.yaml").write_text("fly: {volume: {unit: GB-year}}\n", encoding="utf-8")
    asked = Request(project, "production", (Form.MARKDOWN,), tmp_path / "out", TODAY, events=recorded(tmp_path))
    with pytest.raises(OperationError, match=r"prices\.yaml:1") as refusal:
        list(write_report(asked))
    assert refusal.value.exit_code is ExitCode.SETTINGS
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "json", "--format", "html"], "several formats need a folder to be written to; add --out DIR"),
        (["--events", "x", "--refresh"], "--events reads a preview that was made already"),
    ],
)
def test_options_that_make_no_sense_are_refused(arguments: list[str], words: str) -> None:
    refusal = CliRunner().invoke(app, ["report", *arguments]).exception
    assert isinstance(refusal, OperationError)
    assert refusal.exit_code is ExitCode.USAGE
    assert words in str(refusal)


def test_a_format_that_does_not_exist_is_refused() -> None:
    done = CliRunner().invoke(app, ["report", "--format", "pdf"])
    assert done.exit_code == ExitCode.USAGE
    assert "'pdf' is not one of" in done.output


def test_a_policy_that_counts_changes_sees_them(tmp_path: Path) -> None:
    list(write_report(request(recorded(tmp_path), tmp_path)))
    findings = json.loads(written(tmp_path)["report.json"])["findings"]
    assert ("data-kept", "tattoo-contest-volume") in {(each["rule"], each["resource"]) for each in findings}


def test_nothing_that_happens_leaves_no_change(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    events.write_text("".join(f"{json.dumps(event)}\n" for event in summary()), encoding="utf-8")
    (text,) = write_report(request(events, None, Form.JSON))
    assert json.loads(text)["changes"] == []
