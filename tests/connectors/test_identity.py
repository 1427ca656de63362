"""Pseudonyms: the same for the same person, worthless without the key, never without one."""

from __future__ import annotations

import hmac
import stat
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from connectors.identity import KEY_FILE, IdentityError, Pseudonyms, load_pseudonyms
from settings import Settings, SettingsError, load

KEY = bytes(range(32))


def test_a_pseudonym_is_the_first_128_bits_of_the_keyed_hash() -> None:
    """Expected value: RFC 2104 as the standard library computes it."""
    found = Pseudonyms(KEY).of(pd.Series(["ann@example.org"], dtype="str"))
    assert found[0] == hmac.new(KEY, b"ann@example.org", sha256).hexdigest()[:32]


def test_writing_an_identifier_otherwise_gives_the_same_pseudonym() -> None:
    forms = pd.Series(["Zoë@Example.org", " zoë@example.org ", "ZOE\u0308@example.org"])
    assert len(set(Pseudonyms(KEY).of(forms))) == 1


def test_what_is_missing_or_blank_stays_missing_and_the_index_is_kept() -> None:
    values = pd.Series(["a", None, "  ", "a"], index=[7, 3, 5, 1], dtype="str")
    found = Pseudonyms(KEY).of(values)
    assert list(found.index) == [7, 3, 5, 1]
    assert list(found.isna()) == [False, True, True, False]
    assert found[7] == found[1]


def test_another_key_gives_other_pseudonyms() -> None:
    values = pd.Series(["a", "b"], dtype="str")
    ours, theirs = Pseudonyms(KEY).of(values), Pseudonyms(KEY[::-1]).of(values)
    assert not set(ours) & set(theirs)


def test_a_short_key_is_refused_and_no_key_is_ever_written_out() -> None:
    with pytest.raises(IdentityError, match="too short"):
        Pseudonyms(b"short")
    assert KEY.hex() not in repr(Pseudonyms(KEY))
    assert "k" * 40 not in repr(Settings(identity_key="k" * 40))


def test_ones_own_computer_makes_a_key_once_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    values = pd.Series(["a"], dtype="str")
    first = load_pseudonyms(settings).of(values)[0]
    assert load_pseudonyms(settings).of(values)[0] == first
    file = tmp_path / "home" / KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == [KEY_FILE]
    elsewhere = load_pseudonyms(replace(settings, home=tmp_path / "other")).of(values)[0]
    assert elsewhere != first


def test_a_served_deployment_without_a_key_is_told_how_to_make_one(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, served=True)
    with pytest.raises(IdentityError, match="token_hex"):
        load_pseudonyms(settings)
    assert not any(tmp_path.iterdir())
    load_pseudonyms(replace(settings, identity_key="0123456789abcdef" * 4))


@pytest.mark.parametrize("key", ["change-me", "x" * 64, "secretsecretsecretsecretsecretsecret"])
def test_a_key_that_can_be_guessed_is_refused_without_repeating_it(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEFT_IDENTITY_KEY", key)
    with pytest.raises(SettingsError, match="protects nobody") as refused:
        load(tmp_path / "weft.toml")
    assert key not in str(refused.value)
