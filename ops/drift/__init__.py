"""`drift`: what the settings say, what the engine's state says, and what runs, property by property."""
