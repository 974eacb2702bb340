"""Releases are signed, so that whoever holds a copy can tell that it is what was published.

What is signed is the manifest's bytes, which hold the SHA-256 sum of every file. The signature
is a JSON Web Signature with detached, unencoded payload (RFC 7515, RFC 7797) by Ed25519
(RFC 8032, RFC 8037): any JOSE library verifies it. The key is made at the first start and stays
in `data/keys/`; its public half is served as a JWK at `/.well-known/tsunagu-key`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from app.errors import Place, ReleaseCorrupt, StoreError, Text

FOLDER: Final = "keys"
FILE: Final = "release-ed25519.pem"
_LONGEST: Final = 4096  # bytes of a signature; ours have about 170
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The half that everyone may know."""

    key: Ed25519PublicKey

    @property
    def x(self) -> str:
        """Its 32 bytes in base64url."""
        return _encode(self.key.public_bytes(Encoding.Raw, PublicFormat.Raw))

    @property
    def id(self) -> str:
        """Its thumbprint (RFC 7638), by which people compare keys."""
        return _encode(hashlib.sha256(self.canonical).digest())

    @property
    def canonical(self) -> bytes:
        """Its members that matter, in the one form that is hashed (RFC 7638, section 3)."""
        return f'{{"crv":"Ed25519","kty":"OKP","x":"{self.x}"}}'.encode()

    def jwk(self) -> dict[str, str]:
        """As a JSON Web Key (RFC 8037, section 2)."""
        body = {"kty": "OKP", "crv": "Ed25519", "x": self.x}
        return {**body, "kid": self.id, "alg": "EdDSA", "use": "sig"}

    def pem(self) -> bytes:
        """As PEM (RFC 8410)."""
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @classmethod
    def from_jwk(cls, body: Mapping[str, Any]) -> PublicKey:
        """From a JSON Web Key. Raises ReleaseCorrupt."""
        if body.get("kty") != "OKP" or body.get("crv") != "Ed25519":
            raise _no_key()
        try:
            return cls(Ed25519PublicKey.from_public_bytes(_decode(str(body.get("x", "")))))
        except ValueError as error:
            raise _no_key() from error

    def verify(self, manifest: bytes, signature: bytes) -> None:
        """Raises ReleaseCorrupt unless this key signed exactly these bytes."""
        head, payload, body = _parts(signature)
        header = _header(head)
        if payload or header.get("alg") != "EdDSA" or header.get("b64") is not False:
            raise _bad_signature()
        try:
            self.key.verify(_decode(body), head.encode() + b"." + manifest)
        except (InvalidSignature, ValueError) as error:
            raise _bad_signature() from error


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The secret half."""

    key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """The other half."""
        return PublicKey(self.key.public_key())

    def pem(self) -> bytes:
        """As PKCS #8 in PEM, not encrypted."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, manifest: bytes) -> bytes:
        """A detached signature (compact JWS) of a manifest's bytes."""
        # `crit`: who does not know `b64` must not take this for a common signature (RFC 7797).
        header = {"alg": "EdDSA", "b64": False, "crit": ["b64"], "kid": self.public.id}
        head = _encode(orjson.dumps(header))
        signature = self.key.sign(head.encode() + b"." + manifest)
        return f"{head}..{_encode(signature)}".encode()


def signing_key(data_dir: Path) -> SigningKey:
    """The key of a data directory, made when there is none. Only its owner can read it.
    Raises StoreError."""
    folder, path = data_dir / FOLDER, data_dir / FOLDER / FILE
    try:
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make(path)
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise StoreError(
            Text(
                ja=f"署名の鍵を読めません: {error}",
                en=f"The key for signatures cannot be read: {error}",
            ),
            place=Place(str(path)),
            hint=Text(
                ja="バックアップから戻すか、ファイルを消すと新しい鍵が作られます。",
                en="Bring it back from a backup; or remove it, and a new one is made.",
            ),
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise StoreError(
            Text(ja="署名の鍵が Ed25519 ではありません。", en="The key is not an Ed25519 key."),
            place=Place(str(path)),
        )
    return SigningKey(key)


def new_key() -> Ed25519PrivateKey:
    """A key that nobody has."""
    return Ed25519PrivateKey.generate()


def _make(path: Path) -> None:
    """Two processes may start at once: the first link stays, and both read that one."""
    pem = SigningKey(new_key()).pem()
    waiting = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(waiting)
        except FileExistsError:
            return
    finally:
        waiting.unlink()


def key_id(signature: bytes) -> str:
    """The thumbprint of the key that a signature names. Raises ReleaseCorrupt."""
    return str(_header(_parts(signature)[0]).get("kid", ""))


def _parts(signature: bytes) -> tuple[str, str, str]:
    parts = signature[:_LONGEST].decode("ascii", "replace").strip().split(".")
    if len(parts) != 3:
        raise _bad_signature()
    return parts[0], parts[1], parts[2]


def _header(head: str) -> Mapping[str, Any]:
    try:
        header = orjson.loads(_decode(head))
    except ValueError as error:
        raise _bad_signature() from error
    if not isinstance(header, dict):
        raise _bad_signature()
    return cast(Mapping[str, Any], header)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """Raises ValueError."""
    if not _BASE64URL.fullmatch(text):
        raise ValueError(text)
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError(text) from error


def _bad_signature() -> ReleaseCorrupt:
    return ReleaseCorrupt(
        Text(
            ja="マニフェストの署名がこの鍵のものではありません。",
            en="The signature of the manifest was not made by this key.",
        ),
        hint=Text(
            ja="データが書き換えられた可能性があります。公開者に確かめてください。",
            en="The data may have been altered. Ask its publisher.",
        ),
    )


def _no_key() -> ReleaseCorrupt:
    return ReleaseCorrupt(
        Text(ja="公開鍵が Ed25519 の JWK ではありません。", en="The public key is no Ed25519 JWK.")
    )
