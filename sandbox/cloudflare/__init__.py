"""The emulated Cloudflare: one file per resource type, with what the SDK's types do not say.

Limits, enums and error numbers: Cloudflare's API reference and docs, and version 5 of
github.com/cloudflare/terraform-provider-cloudflare, read in August 2026.
"""
