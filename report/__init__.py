"""What a preview would do, for a reviewer: one model from the engine's events, rendered in several forms."""
