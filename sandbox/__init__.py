"""The emulated cloud: DigitalOcean, Cloudflare and Fly.io as far as Slipway uses them, on one SQLite file.

Only the clouds' own APIs are emulated. The Pulumi engine, flyctl and the HTTP servers behind every
deployed app are real.
"""
