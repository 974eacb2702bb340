"""Who is signed in at the workbench.

A session is 32 random bytes in a cookie; what is kept is their SHA-256 sum as the name of a small
file, so that every server process knows it and signing out ends it everywhere. The token is looked
up again at each request: a revoked or expired one ends its sessions at once.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

from app.publish.tokens import Token, Tokens

LASTS: Final = timedelta(hours=12)
"""A working day: who comes back the next morning signs in again."""


class _Kept(BaseModel):
    token: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """Someone who is signed in: the secret of the cookie, and the token."""

    secret: str
    token: Token

    @property
    def form_key(self) -> str:
        """What every form of this session carries: it cannot be made without the cookie, and the
        cookie cannot be made from it."""
        return hmac.digest(self.secret.encode(), b"form", "sha256").hex()

    def owns(self, form_key: str) -> bool:
        """Whether a form came from a page of this session."""
        return hmac.compare_digest(self.form_key.encode(), form_key.encode("utf-8", "replace"))


class Sessions:
    """The sessions of one data directory."""

    def __init__(self, folder: Path, tokens: Tokens) -> None:
        self._folder = folder
        self._tokens = tokens

    def begin(self, token_secret: str) -> Session | None:
        """Sign in with a token's secret; None for one that is not known or has expired."""
        token = self._tokens.find(token_secret.strip())
        if token is None:
            return None
        secret = secrets.token_urlsafe(32)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._forget_old()
        kept = _Kept(token=token.id, expires=datetime.now(UTC) + LASTS)
        handle = os.open(self._file(secret), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(kept.model_dump_json())
        return Session(secret, token)

    def find(self, secret: str) -> Session | None:
        """The session of a cookie, if it and its token still hold."""
        if not secret:
            return None
        try:
            kept = _Kept.model_validate_json(self._file(secret).read_bytes())
        except (OSError, ValidationError):
            return None
        now = datetime.now(UTC)
        token = next((t for t in self._tokens.all() if t.id == kept.token), None)
        if token is None or kept.expires <= now or (token.expires and token.expires <= now):
            return None
        return Session(secret, token)

    def end(self, secret: str) -> None:
        """Sign out."""
        self._file(secret).unlink(missing_ok=True)

    def _file(self, secret: str) -> Path:
        return self._folder / hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()

    def _forget_old(self) -> None:
        oldest = (datetime.now(UTC) - LASTS).timestamp()
        for file in self._folder.iterdir():
            if file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)
