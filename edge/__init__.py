"""Cloudflare's rules: their language, and what a request meets on its way through them. Knows no settings, no cloud."""
