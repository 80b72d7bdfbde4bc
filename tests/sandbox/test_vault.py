import stat
from pathlib import Path

from sandbox.vault import Vault

VAULT = Vault(b"k" * 32)


def test_a_sealed_value_does_not_hold_the_value_and_opens_only_with_it() -> None:
    sealed = VAULT.seal({"a": ["hunter2"], "n": 1})
    assert "hunter2" not in str(sealed)
    assert VAULT.unseal(sealed, ["other", "hunter2"]) == {"a": ["hunter2"], "n": 1}
    assert VAULT.unseal(sealed, ["other"]) == {"a": [None], "n": 1}


def test_sealing_twice_changes_nothing() -> None:
    assert VAULT.seal(VAULT.seal("hunter2")) == VAULT.seal("hunter2")


def test_another_key_gives_another_seal() -> None:
    assert Vault(b"x" * 32).seal("hunter2") != VAULT.seal("hunter2")


def test_a_derived_secret_is_always_the_same_and_stands_in_a_uri() -> None:
    stored = {"uri": f"postgresql://doadmin:{VAULT.derived('c/doadmin')}@host"}
    shown = VAULT.reveal(stored)
    assert shown == VAULT.reveal(stored)
    assert shown["uri"].startswith("postgresql://doadmin:AVNS_")
    assert VAULT.reveal(VAULT.derived("a")) != VAULT.reveal(VAULT.derived("b"))


def test_an_encrypted_variable_depends_on_app_and_value() -> None:
    once = VAULT.encrypted("app", "hunter2")
    assert once.startswith("EV[1:")
    assert once == VAULT.encrypted("app", "hunter2")
    assert len({once, VAULT.encrypted("app", "other"), VAULT.encrypted("other", "hunter2")}) == 3


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first, second = Vault.at(tmp_path / "vault.key"), Vault.at(tmp_path / "vault.key")
    assert first.digest("x") == second.digest("x")
    assert stat.S_IMODE((tmp_path / "vault.key").stat().st_mode) == 0o600
