"""`scale`, `stop`, `start`, `restart`: change what runs, without a deployment, on both platforms."""
