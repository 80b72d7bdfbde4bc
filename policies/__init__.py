"""Rules that a stack is held to: on its settings, in a preview and an update, and on what is live."""
