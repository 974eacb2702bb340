"""Checks releases against their signatures: those of this data directory, and those that
another site serves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

import httpx
import orjson
from pydantic import ValidationError

from app.errors import Place, ReleaseCorrupt, SourceNotFound, SourceTooLarge, Text, UsageError
from app.publish import distributions
from app.publish.key_ring import KeyRing
from app.publish.signing import key_id
from app.store.base import Manifest

_KEY_BYTES: Final = 64 << 10
_SIGNATURE_BYTES: Final = 4 << 10
_MANIFEST_BYTES: Final = 64 << 20
_TIMEOUT_S: Final = 30.0
_REDIRECTS: Final = 3

Check = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found right: a release and the thumbprint of the key that signed it. `pinned`
    when the key is one that the caller knew before."""

    manifest: Manifest
    key: str
    pinned: bool
    dumps: int = 0


def verify_signature(
    manifest: bytes, signature: bytes, ring: KeyRing, expected: str | None = None
) -> str:
    """The thumbprint of the key that signed a manifest: one of the publisher's, and where one is
    expected, that one or one that it vouches for. Raises ReleaseCorrupt."""
    named = key_id(signature)
    public = ring.find(named)
    if public is None:
        raise ReleaseCorrupt(
            Text(
                ja=f"署名は別の鍵 {named[:60]} によるものです（公開鍵は {ring.current.id}）。",
                en=f"Another key signed it: {named[:60]}; the public key is {ring.current.id}.",
            ),
            hint=Text(
                ja="データが書き換えられた可能性があります。公開者に確かめてください。",
                en="The data may have been altered. Ask its publisher.",
            ),
        )
    if expected is not None and not ring.leads(expected, named):
        raise ReleaseCorrupt(
            Text(
                ja=f"鍵は {named} で、期待した {expected} ではありません。",
                en=f"The key is {named}, not {expected} as expected.",
            )
        )
    public.verify(manifest, signature)
    return public.id


def verify_site(
    address: str,
    *,
    key: str | None = None,
    with_dumps: bool = False,
    transport: httpx.BaseTransport | None = None,
    told: Check | None = None,
) -> Verified:
    """Check the current release of another site: its signature, and with `with_dumps` the
    SHA-256 of every file below `/dumps/`. `key` is the thumbprint of a key that the caller trusts. Raises
    UsageError, SourceNotFound, SourceTooLarge, ReleaseCorrupt."""
    base = address.rstrip("/")
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise UsageError(
            Text(
                ja=f"サイトのアドレスではありません: {address}",
                en=f"not the address of a site: {address}",
            ),
            hint=Text(
                ja="https://data.example.jp のように書いてください。",
                en="Write it as https://data.example.jp .",
            ),
        )
    with httpx.Client(
        timeout=_TIMEOUT_S,
        follow_redirects=True,
        max_redirects=_REDIRECTS,
        transport=transport,
        trust_env=True,
    ) as client:
        site = _Site(client, base)
        ring = site.keys()
        body = site.fetch("/releases/current/manifest.json", _MANIFEST_BYTES)
        try:
            manifest = Manifest.model_validate_json(body)
        except ValidationError as error:
            raise ReleaseCorrupt(
                Text(ja="マニフェストが読めません。", en="The manifest cannot be read."),
                place=Place(base),
            ) from error
        # By its id: another release may have become the current one meanwhile.
        name = quote(manifest.id, safe="")
        signature = site.fetch(f"/releases/{name}/manifest.jws", _SIGNATURE_BYTES)
        signed_by = verify_signature(body, signature, ring, key)
        checked = 0
        if with_dumps:
            for file in distributions.of(manifest):
                site.compare(f"/dumps/{file.path}", file.bytes, file.sha256)
                checked += 1
                if told is not None:
                    told(file.path)
    return Verified(manifest, signed_by, key is not None, checked)


@dataclass(frozen=True, slots=True)
class _Site:
    client: httpx.Client
    base: str

    def keys(self) -> KeyRing:
        body = self.fetch("/.well-known/tsunagu-keys", _KEY_BYTES)
        try:
            jwks = orjson.loads(body)
        except orjson.JSONDecodeError:
            jwks = None
        if not isinstance(jwks, dict):
            raise ReleaseCorrupt(
                Text(ja="公開鍵の一覧が JSON ではありません。", en="The list of keys is no JSON."),
                place=Place(self.base),
            )
        return KeyRing.from_jwks(jwks)

    def fetch(self, path: str, most: int) -> bytes:
        found = bytearray()
        try:
            with self.client.stream("GET", self.base + path) as answer:
                answer.raise_for_status()
                for chunk in answer.iter_bytes():
                    found += chunk
                    if len(found) > most:
                        raise SourceTooLarge(
                            Text(
                                ja=f"{path} が {most:,} バイトを超えています。",
                                en=f"{path} has more than {most:,} bytes.",
                            ),
                            place=Place(self.base),
                        )
        except httpx.HTTPError as error:
            raise _unreachable(self.base + path, error) from error
        return bytes(found)

    def compare(self, path: str, size: int, sha256: str) -> None:
        digest, length = hashlib.sha256(), 0
        try:
            headers = {"accept-encoding": "identity"}
            with self.client.stream("GET", self.base + path, headers=headers) as answer:
                answer.raise_for_status()
                for chunk in answer.iter_raw():
                    digest.update(chunk)
                    length += len(chunk)
                    if length > size:
                        break
        except httpx.HTTPError as error:
            raise _unreachable(self.base + path, error) from error
        if length != size or digest.hexdigest() != sha256:
            raise ReleaseCorrupt(
                Text(
                    ja="署名されたマニフェストと中身が違います。",
                    en="The content differs from the signed manifest.",
                ),
                place=Place(self.base + path),
                hint=Text(
                    ja="公開中に更新されたのでなければ、書き換えられた可能性があります。",
                    en="Unless a release was published meanwhile, it may have been altered.",
                ),
            )


def _unreachable(address: str, error: httpx.HTTPError) -> SourceNotFound:
    status = error.response.status_code if isinstance(error, httpx.HTTPStatusError) else None
    said = f"HTTP {status}" if status is not None else str(error) or type(error).__name__
    return SourceNotFound(
        Text(ja=f"取得できません: {said}", en=f"It cannot be fetched: {said}"),
        place=Place(address),
        hint=Text(
            ja="アドレスを確かめてください。つなぐの 0.1 以降で公開されたサイトが必要です。",
            en="Check the address; the site must be published with Tsunagu.",
        ),
    )
