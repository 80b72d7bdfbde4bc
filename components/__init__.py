"""Pulumi component resources, one a file. They get settings and plans, and read neither config nor files."""
