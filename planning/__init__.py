"""Turns settings into what the platforms take: names, specs, numbers. Pure functions, no Pulumi, no network, no clock."""
