"""Streams of the engine's events: whole ones are read, others are refused with the reason."""

from __future__ import annotations

import random

import pytest

from report.errors import CutOffError, NotAStreamError, PreviewFailedError
from report.events import read_lines, read_preview
from report.preview import Operation
from tests.report.record import stream
from tests.report.reports import SECRET, step, summary

RECORD = "type:index:Recorded"


def test_a_recorded_preview_is_read_with_every_resource() -> None:
    preview = read_preview("production", stream("planted"))
    assert len(preview.resources) == 75
    assert {part.name: part.operation.value for part in preview.changed} == {
        "paintbox-release": "update",
        "tattoo-contest-volume": "replace",
        "tetrix-shop": "create",
        "tetrix-shop-route": "create",
        "tetrixcorp-com-http-request-firewall-custom": "update",
        "tetrixcorp-com-http-response-headers-transform": "update",
    }
    assert preview.drifted is None


def test_a_refresh_before_the_preview_tells_what_drifted() -> None:
    preview = read_preview("production", stream("drifted"))
    assert preview.drifted is not None
    (drifted,) = preview.drifted
    assert drifted.urn.endswith("::paintbox-simple")
    assert (drifted.old["type"], (drifted.new or {})["type"]) == ("https", "ping")


def test_a_resource_that_is_gone_at_its_cloud_has_drifted() -> None:
    gone = step("refresh", "gone", RECORD, {"name": "a"}, None)
    preview = read_preview("production", summary(gone, step("create", "gone", RECORD, None, {"name": "a"})))
    assert [drifted.new for drifted in preview.drifted or ()] == [None]


def test_the_order_of_events_does_not_matter() -> None:
    events = stream("planted")
    shuffled = random.Random(7).sample(events, len(events))  # noqa: S311  no secret
    assert read_preview("production", shuffled) == read_preview("production", events)


def test_the_engines_marks_are_not_taken_for_values() -> None:
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    preview = read_preview("production", summary(step("create", "it", RECORD, None, {"a": SECRET, "b": [unknown]})))
    assert (
        str(preview.resources[0].new)
        == "{'a': <Mark.SECRET: '(secret)'>, 'b': [<Mark.UNKNOWN: '(known after the deployment)'>]}"
    )


def test_a_replacement_is_one_change() -> None:
    events = [
        step(operation, "it", RECORD, {"a": 1}, {"a": 2})
        for operation in ("create-replacement", "replace", "delete-replaced")
    ]
    (changed,) = read_preview("production", summary(*events)).changed
    assert changed.operation is Operation.REPLACE


def test_a_failed_preview_is_refused_with_what_the_engine_said() -> None:
    with pytest.raises(PreviewFailedError, match="a volume keeps its data on one host and is never replaced by itself"):
        read_preview("production", stream("failed"))


def test_an_error_names_its_resource_and_no_secret() -> None:
    error = {
        "diagnosticEvent": {
            "severity": "error",
            "message": "login 'geheim-123' is refused\n",
            "urn": "urn:pulumi:s::p::t::db",
        }
    }
    with pytest.raises(PreviewFailedError) as refusal:
        read_preview("production", [error], ["geheim-123"])
    assert str(refusal.value) == "db: login '(secret)' is refused"


def test_a_failure_without_a_word_is_still_one() -> None:
    with pytest.raises(PreviewFailedError, match="the preview failed without a word"):
        read_preview("production", summary(result="failed"))


@pytest.mark.parametrize("kept", [1, 30, 60])
def test_a_stream_that_was_cut_off_is_refused_wherever_that_was(kept: int) -> None:
    events = stream("planted")[:kept]
    with pytest.raises(
        CutOffError, match=r"the stream ends after \d+ resources, before the engine's summary; record it again"
    ):
        read_preview("production", events)


def test_a_stream_without_its_middle_is_refused() -> None:
    events = [event for event in stream("planted") if not _is_about(event, "tetrix-shop")]
    with pytest.raises(CutOffError) as refusal:
        read_preview("production", events)
    assert (
        str(refusal.value) == "events are missing: 2 create in the summary, 1 in the events; record the preview again"
    )


def test_a_torn_line_is_named() -> None:
    lines = ['{"sequence": 0}\n', '{"sequence": 1, "resou']
    with pytest.raises(CutOffError) as refusal:
        list(read_lines(lines))
    assert str(refusal.value) == "the stream ends in the middle of line 2; record the preview again"


@pytest.mark.parametrize("line", ["# Slipway\n", "[1]\n", "{\n", "nonsense"])
def test_what_is_no_event_is_named_with_the_way_to_record_some(line: str) -> None:
    with pytest.raises(NotAStreamError) as refusal:
        list(read_lines([line]))
    assert str(refusal.value) == "line 1 is no event of the engine; record one a line: ./slipway report --record FILE"


def test_an_empty_file_is_no_preview() -> None:
    with pytest.raises(NotAStreamError, match="there is no event of a preview in it"):
        read_preview("production", read_lines(["\n"]))


def test_a_deployments_events_are_no_preview() -> None:
    with pytest.raises(NotAStreamError, match="recorded by a deployment, not by a preview"):
        read_preview("production", summary(step("same", "it", RECORD, {}, {}), isPreview=False))


def test_another_stacks_preview_is_refused() -> None:
    with pytest.raises(NotAStreamError) as refusal:
        read_preview("staging", stream("planted"))
    assert str(refusal.value) == "it is a preview of production, not of staging; name that stack"


def test_warnings_are_kept_once_and_without_secrets() -> None:
    warning = {"diagnosticEvent": {"severity": "warning", "message": "warning: the key geheim-123 is old"}}
    events = [warning, *summary(step("same", "it", RECORD, {}, {})), warning]
    assert read_preview("production", events, ["geheim-123"]).warnings == ("the key (secret) is old",)


def _is_about(event: object, name: str) -> bool:
    return isinstance(event, dict) and event.get("resOutputsEvent", {}).get("metadata", {}).get("urn", "").endswith(
        f"::{name}"
    )
