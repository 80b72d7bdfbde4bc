"""Rules that flyctl lets through and Fly.io, or the running app, does not. Pure functions that return problems."""
