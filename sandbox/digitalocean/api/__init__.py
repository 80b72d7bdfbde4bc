"""DigitalOcean's HTTP API v2, as far as operating needs it, on the resources that the engine's provider works on.

Shapes are those of digitalocean/openapi (read 2026-11). Where it leaves something open, a module says what is assumed.
"""
