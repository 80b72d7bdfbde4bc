"""Cloudflare's HTTP API v4, as far as operating needs it, on the resources that the engine's provider works on.

Shapes are those of developers.cloudflare.com/api (read 2026-08) and of the schemas in cloudflare/api-schemas.
"""
