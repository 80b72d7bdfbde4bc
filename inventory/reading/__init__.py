"""Reads an inventory's items out of resources, one noun a file."""
