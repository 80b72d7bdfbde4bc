"""Turns settings into what the platforms take: names, specs, numbers. Pure: no Pulumi, no network, no clock."""
