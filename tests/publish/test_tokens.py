"""Tokens: their secrets are not kept, their rights hold, their end is at once."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.errors import RightMissing, SettingsError, TokenRequired, UsageError
from app.publish.tokens import Role, Tokens

G, H = "http://example.org/g", "http://example.org/h"


def test_the_secret_is_shown_once_and_not_kept(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    token, secret = tokens.add(Role.EDITOR, graphs=[G], note="AED")
    file = tmp_path / "tokens.json"
    assert secret not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert tokens.find(secret) == token
    assert tokens.find(secret + "x") is None


def test_each_role_may_do_what_those_before_it_may(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    viewer, _ = tokens.add(Role.VIEWER, graphs=[G])
    editor, _ = tokens.add(Role.EDITOR, graphs=[G])
    every, _ = tokens.add(Role.EDITOR, graphs=["*"])
    publisher, _ = tokens.add(Role.PUBLISHER)
    some, _ = tokens.add(Role.PUBLISHER, graphs=[G])
    assert (some.may_write(G), some.may_write(H)) == (True, False)
    assert [t.may_write(G) for t in (viewer, editor, every, publisher)] == [0, 1, 1, 1]
    assert [t.may_write(H) for t in (viewer, editor, every, publisher)] == [0, 0, 1, 1]
    with pytest.raises(RightMissing, match=r"may not write the graph http://example\.org/h"):
        editor.check(H)


def test_a_revoked_token_ends_in_every_process_at_once(tmp_path: Path) -> None:
    one, other = Tokens(tmp_path), Tokens(tmp_path)
    token, secret = one.add(Role.ADMIN)
    assert other.authenticate(f"Bearer {secret}") == token
    assert other.authenticate(f"bearer  {secret}") == token
    one.revoke(token.id)
    with pytest.raises(TokenRequired):
        other.authenticate(f"Bearer {secret}")
    with pytest.raises(UsageError, match="no token"):
        other.revoke(token.id)


def test_a_token_ends_with_its_time(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    _, secret = tokens.add(Role.ADMIN, expires=datetime.now(UTC) - timedelta(seconds=1))
    assert tokens.find(secret) is None


@pytest.mark.parametrize("header", ["Bearer", "Bearer nobody", "Basic YTpi", "x"])
def test_a_header_that_is_no_token_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(TokenRequired):
        Tokens(tmp_path).authenticate(header)


def test_no_header_is_nobody(tmp_path: Path) -> None:
    assert Tokens(tmp_path).authenticate(None) is None
    assert not Tokens(tmp_path).any()


def test_a_broken_file_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").write_text("{")
    with pytest.raises(SettingsError):
        Tokens(tmp_path).authenticate("Bearer x")
