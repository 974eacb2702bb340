"""All public keys of a publisher: the one that signs now, and those that signed before it.

When a key is replaced its public half stays in `data/keys/retired/`, so that releases it signed
can still be checked, with a last signature: that of the next key. Whoever knows an old key can
follow these to the one in use. Served as a JSON Web Key Set (RFC 7517, section 5) at
`/.well-known/tsunagu-keys`; the endorsement is the member `tsunagu_successor` of a retired key.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from app.errors import Place, ReleaseCorrupt, StoreError, Text
from app.publish.signing import FILE, FOLDER, PublicKey, SigningKey, new_key, signing_key

RETIRED: Final = "retired"
_SUCCESSOR: Final = "tsunagu_successor"
_MOST: Final = 100  # keys of a set that is read


@dataclass(frozen=True, slots=True)
class RetiredKey:
    """A key that signs no more, and its signature of the next one."""

    public: PublicKey
    retired: str
    successor: str
    signature: str

    def jwk(self) -> dict[str, Any]:
        """As a member of a key set."""
        endorsed = {"kid": self.successor, "signature": self.signature}
        return {**self.public.jwk(), "retired": self.retired, _SUCCESSOR: endorsed}


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The current key and the retired ones, newest first."""

    current: PublicKey
    retired: tuple[RetiredKey, ...] = ()

    def find(self, id: str) -> PublicKey | None:
        """The key with a thumbprint."""
        every = (self.current, *(key.public for key in self.retired))
        return next((key for key in every if key.id == id), None)

    def leads(self, known: str, to: str) -> bool:
        """Whether a key that is known vouches for another: it is the same, or signed the next
        one, and so on."""
        here, seen = known, set[str]()
        while here != to and here not in seen:
            seen.add(here)
            link = next((key for key in self.retired if key.public.id == here), None)
            following = self.find(link.successor) if link is not None else None
            if link is None or following is None:
                return False
            try:
                link.public.verify(following.canonical, link.signature.encode())
            except ReleaseCorrupt:
                return False
            here = following.id
        return here == to

    def jwks(self) -> dict[str, Any]:
        """As a JSON Web Key Set."""
        return {"keys": [self.current.jwk(), *(key.jwk() for key in self.retired)]}

    @classmethod
    def from_jwks(cls, body: Mapping[str, Any]) -> KeyRing:
        """From a key set. Raises ReleaseCorrupt."""
        keys = body.get("keys")
        if not isinstance(keys, list) or not keys or not all(isinstance(k, dict) for k in keys):
            raise ReleaseCorrupt(
                Text(ja="公開鍵の一覧が JWK Set ではありません。", en="The keys are no JWK Set.")
            )
        current, *older = keys[:_MOST]
        return cls(PublicKey.from_jwk(current), tuple(_retired(key) for key in older))


def key_ring(data_dir: Path) -> KeyRing:
    """The keys of a data directory; the first is made if need be. Raises StoreError,
    ReleaseCorrupt."""
    current = signing_key(data_dir).public
    folder = data_dir / FOLDER / RETIRED
    found = []
    for path in folder.glob("*.jwk") if folder.is_dir() else ():
        try:
            key = _retired(orjson.loads(path.read_bytes()))
        except (OSError, ValueError) as error:
            raise StoreError(
                Text(
                    ja=f"以前の公開鍵を読めません: {error}",
                    en=f"A retired key cannot be read: {error}",
                ),
                place=Place(str(path)),
            ) from error
        if key.public.id != current.id:  # rotating it was interrupted
            found.append(key)
    return KeyRing(current, tuple(sorted(found, key=lambda key: key.retired, reverse=True)))


def rotate(data_dir: Path) -> KeyRing:
    """Replace the key. The old one signs the new one, its public half stays, its secret half is
    gone. Ending the process at any moment leaves one key or the other. Raises StoreError."""
    old, new = signing_key(data_dir), SigningKey(new_key())
    retired = RetiredKey(
        old.public,
        datetime.now(UTC).isoformat(timespec="seconds"),
        new.public.id,
        old.sign(new.public.canonical).decode(),
    )
    folder = data_dir / FOLDER
    try:
        (folder / RETIRED).mkdir(mode=0o700, exist_ok=True)
        body = orjson.dumps(retired.jwk(), option=orjson.OPT_INDENT_2)
        _replace(folder / RETIRED / f"{old.public.id}.jwk", body, 0o644)
        _replace(folder / FILE, new.pem(), 0o600)
    except OSError as error:
        raise StoreError(
            Text(ja=f"署名の鍵を書けません: {error}", en=f"The key cannot be written: {error}"),
            place=Place(str(folder)),
        ) from error
    return key_ring(data_dir)


class WatchedKeyRing:
    """The keys of a data directory for a process that serves: read again when they changed."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._stamp: object = None
        self._ring: KeyRing | None = None

    def __call__(self) -> KeyRing:
        """The keys now."""
        path = self._data_dir / FOLDER / FILE
        stamp = (path.stat().st_mtime_ns, path.stat().st_ino) if path.exists() else None
        if self._ring is None or stamp is None or stamp != self._stamp:
            self._ring, self._stamp = key_ring(self._data_dir), stamp
        return self._ring


@dataclass(frozen=True, slots=True)
class Trust:
    """What others need to check releases: the public keys, and a manifest's bytes with their
    signature by the id of a release (raises ReleaseNotFound)."""

    ring: Callable[[], KeyRing]
    signed: Callable[[str], tuple[bytes, bytes | None]]

    @property
    def public(self) -> PublicKey:
        """The key that signs now."""
        return self.ring().current


def _retired(body: Mapping[str, Any]) -> RetiredKey:
    endorsed = body.get(_SUCCESSOR)
    known: Mapping[str, Any] = endorsed if isinstance(endorsed, dict) else {}
    return RetiredKey(
        PublicKey.from_jwk(body),
        str(body.get("retired", "")),
        str(known.get("kid", "")),
        str(known.get("signature", "")),
    )


def _replace(path: Path, body: bytes, mode: int) -> None:
    waiting = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(path)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
