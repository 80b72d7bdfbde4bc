"""The forms of a report, one a file."""
