"""Makers of the resources that samples consist of. Each makes something sound; arguments break it."""
