"""The emulated DigitalOcean: one file per resource type, with what the SDK's types do not say.

Limits, enums and defaults: github.com/digitalocean/terraform-provider-digitalocean and DigitalOcean's API reference,
read in August 2026.
"""
