"""`alerts`: files for other monitoring systems, and incidents replayed."""
