"""Whether what runs is what was asked for, asked from the platforms, from DNS and from outside."""
