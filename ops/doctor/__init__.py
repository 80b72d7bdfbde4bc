"""`doctor`: is everything there that the verbs need, and if not, what to do."""
