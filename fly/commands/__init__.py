"""The command lines of flyctl, one noun a file: pure functions, no process, no environment."""
