"""fly.toml as typed data: the keys are fly.toml's own, unknown ones are refused everywhere.

flyctl drops unknown keys inside arrays without a word, even with `--strict`; that is why the whole file is modelled.
"""

from fly.config.fly_toml import FlyConfig

__all__ = ["FlyConfig"]
