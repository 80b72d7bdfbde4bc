"""The vendors' own HTTP APIs, for what the engine does not do: reading what runs, rolling back, restarting, purging."""
