"""Tokens: who may write, and who may ask more.

A token is 32 random bytes; what is kept is its SHA-256 sum. A slow hash as for passwords would
add nothing: nobody can guess 256 bits. The file `tokens.json` in the data directory is replaced
atomically, readable by its owner only, and read again when it has changed, so that a revoked
token stops working in every server process at its next request.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from app.errors import Place, RightMissing, SettingsError, Text, TokenRequired, UsageError

FILE: Final = "tokens.json"
PREFIX: Final = "tsunagu_"
"""Starts every token, so that scanners of leaked secrets can know one."""

EVERYTHING: Final = "*"
"""Stands for every graph in a token's list."""


class Role(StrEnum):
    """What a token is for. Each role may do what those before it may."""

    VIEWER = "viewer"
    """Ask, with a budget of its own."""
    EDITOR = "editor"
    """Write the graphs it names."""
    PUBLISHER = "publisher"
    """Write every graph, make and take away graphs, publish and roll back; with graphs, all that
    for these only."""
    ADMIN = "admin"
    """Everything, tokens included."""

    def covers(self, needed: Role) -> bool:
        """Whether this role may do what another may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


class Token(BaseModel):
    """A token as it is kept. `graphs` are IRIs that an editor, or a publisher of some data sets,
    may write; `budget_s` is how many query seconds a minute it gives instead of the setting's."""

    model_config = ConfigDict(frozen=True)

    id: str
    sha256: str
    role: Role
    graphs: tuple[str, ...] = ()
    budget_s: float | None = None
    note: str = ""
    created: datetime
    expires: datetime | None = None

    def may_write(self, graph: str) -> bool:
        """Whether the token may change this graph."""
        return self.writes_everything or (self.role.covers(Role.EDITOR) and graph in self.graphs)

    @property
    def writes_everything(self) -> bool:
        """Whether no graph is closed to it."""
        if self.role is Role.ADMIN or (self.role is Role.PUBLISHER and not self.graphs):
            return True
        return self.role.covers(Role.EDITOR) and EVERYTHING in self.graphs

    def check_role(self, needed: Role) -> None:
        """Raises RightMissing unless the token may do what a role may."""
        if not self.role.covers(needed):
            raise RightMissing(
                Text(
                    ja=f"このトークン ({self.id}) は {self.role} です。{needed} 以上の権限が要ります。",
                    en=f"This token ({self.id}) is a {self.role}; {needed} or more is needed.",
                )
            )

    def check(self, graph: str) -> None:
        """Raises RightMissing unless the token may change this graph."""
        if not self.may_write(graph):
            raise RightMissing(
                Text(
                    ja=f"このトークン ({self.id}) にはグラフ {graph} を書き換える権限がありません。",
                    en=f"This token ({self.id}) may not write the graph {graph}.",
                ),
                hint=Text(
                    ja="管理者に `tsunagu tokens add --graph` で権限を加えてもらってください。",
                    en="Ask the operator for a token made with `tsunagu tokens add --graph`.",
                ),
            )


class _File(BaseModel):
    tokens: tuple[Token, ...] = ()


class Tokens:
    """The tokens of one data directory."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE
        self._seen: tuple[int, int, int] | None = None
        self._by_sum: dict[str, Token] = {}

    def all(self) -> Sequence[Token]:
        """Those that are kept, oldest first. Raises SettingsError when the file is broken."""
        self._refresh()
        return list(self._by_sum.values())

    def any(self) -> bool:
        """Whether there is a token at all; without one nobody may write."""
        self._refresh()
        return bool(self._by_sum)

    def find(self, secret: str) -> Token | None:
        """The token with this secret that has not expired."""
        self._refresh()
        # Found by its sum: how long that takes says nothing of the secret.
        token = self._by_sum.get(_sum(secret))
        if token is None or (token.expires is not None and token.expires <= datetime.now(UTC)):
            return None
        return token

    def authenticate(self, authorization: str | None) -> Token | None:
        """The token of an Authorization header (RFC 6750); None without a header. Raises
        TokenRequired for one that is not known."""
        if not authorization:
            return None
        scheme, _, secret = authorization.partition(" ")
        token = self.find(secret.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise TokenRequired(
                Text(
                    ja="このトークンは無効か、期限が切れています。",
                    en="This token is not valid, or has expired.",
                ),
                hint=Text(
                    ja="Authorization: Bearer tsunagu_… の形で送ってください。",
                    en="Send it as Authorization: Bearer tsunagu_….",
                ),
            )
        return token

    def add(
        self,
        role: Role,
        *,
        graphs: Sequence[str] = (),
        budget_s: float | None = None,
        note: str = "",
        expires: datetime | None = None,
    ) -> tuple[Token, str]:
        """Make a token. Gives it with its secret, which is shown once and never kept."""
        secret = PREFIX + secrets.token_urlsafe(32)
        token = Token(
            id=secrets.token_hex(4),
            sha256=_sum(secret),
            role=role,
            graphs=tuple(graphs),
            budget_s=budget_s,
            note=note,
            created=datetime.now(UTC),
            expires=expires,
        )
        with self._changing() as tokens:
            tokens.append(token)
        return token, secret

    def revoke(self, id: str) -> Token:
        """Take a token away. Raises UsageError when there is none with this id."""
        with self._changing() as tokens:
            gone = next((token for token in tokens if token.id == id), None)
            if gone is None:
                raise UsageError(
                    Text(ja=f"トークン {id} はありません。", en=f"there is no token {id}."),
                    hint=Text(
                        ja="`tsunagu tokens list` で確かめてください。",
                        en="`tsunagu tokens list` shows them.",
                    ),
                )
            tokens.remove(gone)
        return gone

    @contextmanager
    def _changing(self) -> Iterator[list[Token]]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(
            self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            tokens = list(self.all())
            yield tokens
            self._write(tokens)
        finally:
            os.close(lock)

    def _write(self, tokens: Sequence[Token]) -> None:
        waiting = self._path.with_suffix(".new")
        handle = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(_File(tokens=tuple(tokens)).model_dump_json(indent=1).encode())
            stream.flush()
            os.fsync(stream.fileno())
        waiting.replace(self._path)

    def _refresh(self) -> None:
        """Read the file again when it is another one: one `stat` for each request."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._seen, self._by_sum = None, {}
            return
        seen = (status.st_ino, status.st_mtime_ns, status.st_size)
        if seen == self._seen:
            return
        try:
            kept = _File.model_validate_json(self._path.read_bytes())
        except ValidationError as error:
            raise SettingsError(
                Text(
                    ja="トークンのファイルが読めません。", en="The file of tokens cannot be read."
                ),
                place=Place(str(self._path)),
            ) from error
        self._by_sum = {token.sha256: token for token in kept.tokens}
        self._seen = seen


def _sum(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
