"""The resources that a stack's settings lead to, without the engine: what nobody can know before is UNKNOWN."""
