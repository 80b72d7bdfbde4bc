"""What can be wrong with a stream of events."""

from __future__ import annotations


class StreamError(Exception):
    """The events cannot be reported on. The message says why, and the way out."""


class NotAStreamError(StreamError):
    """What was given is no stream of the engine's events of a preview."""


class CutOffError(StreamError):
    """Events are missing."""


class PreviewFailedError(StreamError):
    """The preview itself failed; the message has what the engine said."""
