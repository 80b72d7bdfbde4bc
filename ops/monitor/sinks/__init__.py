"""The ways to people: each takes a message, and raises SinkError when it did not arrive."""
