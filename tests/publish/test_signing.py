"""Releases are signed; what was altered is told."""

from __future__ import annotations

import base64
import stat
from pathlib import Path
from threading import Thread

import httpx
import orjson
import pytest

from app.errors import ReleaseCorrupt, SourceNotFound, SourceTooLarge, StoreError, UsageError
from app.publish.key_ring import RETIRED, KeyRing, WatchedKeyRing, key_ring, rotate
from app.publish.signing import FILE, FOLDER, PublicKey, key_id, signing_key
from app.publish.verifying import verify_signature, verify_site
from app.store.base import FileEntry, Manifest

MANIFEST = Manifest.model_validate(
    {
        "id": "20261121T104500Z-0f3a91",
        "created": "2026-11-21T10:45:00Z",
        "software": "test",
        "base_iri": "https://data.example.jp",
        "graphs": {},
        "files": {
            "files/dumps/parks.nq.zst": FileEntry(
                bytes=5, sha256="2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
            )
        },
    }
)
BODY = MANIFEST.model_dump_json().encode()


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, second = signing_key(tmp_path), signing_key(tmp_path)
    assert first.public.id == second.public.id
    path = tmp_path / FOLDER / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == [FILE]


def test_processes_that_start_at_once_agree_on_a_key(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [
        Thread(target=lambda: found.append(signing_key(tmp_path).public.id)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1


def test_a_broken_key_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / FILE).write_text("no key")
    with pytest.raises(StoreError) as caught:
        signing_key(tmp_path)
    assert caught.value.place is not None
    assert caught.value.hint is not None


def test_a_signature_is_a_detached_jws_that_names_its_key(tmp_path: Path) -> None:
    key = signing_key(tmp_path)
    head, payload, _ = key.sign(BODY).decode().split(".")
    assert payload == ""
    header = orjson.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    assert header == {"alg": "EdDSA", "b64": False, "crit": ["b64"], "kid": key.public.id}
    assert key_id(key.sign(BODY)) == key.public.id


def test_the_thumbprint_is_that_of_rfc_8037() -> None:
    # RFC 8037, appendix A.3
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert PublicKey.from_jwk(jwk).id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_only_the_bytes_that_were_signed_are_accepted(tmp_path: Path) -> None:
    key = signing_key(tmp_path)
    signature = key.sign(BODY)
    same = KeyRing(PublicKey.from_jwk(key.public.jwk()))
    assert verify_signature(BODY, signature, same) == key.public.id
    with pytest.raises(ReleaseCorrupt):
        verify_signature(BODY + b" ", signature, same)
    with pytest.raises(ReleaseCorrupt):
        verify_signature(BODY, signature, key_ring(tmp_path / "other"))


@pytest.mark.parametrize(
    "signature", [b"", b"a.b", b"..", b"e30..AAAA", b"!!!..!!!", b"\xff" * 9000, b"W10..e30"]
)
def test_what_is_no_signature_is_refused(tmp_path: Path, signature: bytes) -> None:
    with pytest.raises(ReleaseCorrupt):
        verify_signature(BODY, signature, key_ring(tmp_path))


@pytest.mark.parametrize(
    "jwk", [{}, {"kty": "RSA"}, {"kty": "OKP", "crv": "Ed25519"},
            {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}],
)  # fmt: skip
def test_what_is_no_key_is_refused(jwk: dict[str, str]) -> None:
    with pytest.raises(ReleaseCorrupt):
        PublicKey.from_jwk(jwk)


class TestAnotherSite:
    def serve(self, tmp_path: Path, **changed: bytes) -> httpx.MockTransport:
        key = signing_key(tmp_path)
        stem = f"/lod/releases/{MANIFEST.id}"
        files = {
            "/lod/.well-known/tsunagu-keys": orjson.dumps(key_ring(tmp_path).jwks()),
            "/lod/releases/current/manifest.json": BODY,
            f"{stem}/manifest.jws": key.sign(BODY),
            "/lod/dumps/parks.nq.zst": b"hello",
        }
        for name, body in changed.items():
            path = next(path for path in files if path.endswith(name.replace("_", ".")))
            files[path] = body

        def answer(request: httpx.Request) -> httpx.Response:
            body = files.get(request.url.path)
            return (
                httpx.Response(404)
                if body is None
                else httpx.Response(200, stream=httpx.ByteStream(body))
            )

        return httpx.MockTransport(answer)

    def test_is_right_with_its_dumps(self, tmp_path: Path) -> None:
        found = verify_site(
            "https://data.example.jp/lod/", with_dumps=True, transport=self.serve(tmp_path)
        )
        assert (found.manifest.id, found.dumps, found.pinned) == (MANIFEST.id, 1, False)

    def test_has_the_key_that_is_expected(self, tmp_path: Path) -> None:
        transport, key = self.serve(tmp_path), signing_key(tmp_path).public.id
        assert verify_site("https://x.test/lod", key=key, transport=transport).pinned
        with pytest.raises(ReleaseCorrupt):
            verify_site("https://x.test/lod", key="another", transport=transport)

    @pytest.mark.parametrize(
        "changed",
        [
            {"manifest_json": BODY.replace(b"test", b"tset")},
            {"manifest_jws": b"e30..AAAA"},
            {"manifest_json": b"{}"},
            {"tsunagu-keys": b"[]"},
            {"tsunagu-keys": b'{"keys": []}'},
            {"tsunagu-keys": b'{"keys": [{"kty": "RSA"}]}'},
            {"zst": b"hallo"},
            {"zst": b"hello!"},
        ],
    )
    def test_that_altered_something_is_told(
        self, tmp_path: Path, changed: dict[str, bytes]
    ) -> None:
        transport = self.serve(tmp_path, **changed)
        with pytest.raises(ReleaseCorrupt):
            verify_site("https://x.test/lod", with_dumps=True, transport=transport)

    def test_cannot_fill_the_memory(self, tmp_path: Path) -> None:
        transport = self.serve(tmp_path, **{"tsunagu-keys": b" " * 100_000})
        with pytest.raises(SourceTooLarge):
            verify_site("https://x.test/lod", transport=transport)

    def test_that_does_not_answer_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(SourceNotFound) as caught:
            verify_site("https://x.test", transport=self.serve(tmp_path))
        assert caught.value.place is not None
        assert "x.test" in str(caught.value.place)

    @pytest.mark.parametrize("address", ["", "data.example.jp", "file:///etc", "https://a?b"])
    def test_needs_an_address(self, address: str) -> None:
        with pytest.raises(UsageError):
            verify_site(address)


class TestRotation:
    def test_old_releases_verify_and_new_ones_have_the_new_key(self, tmp_path: Path) -> None:
        old = signing_key(tmp_path)
        before = old.sign(BODY)
        ring = rotate(tmp_path)
        assert ring.current.id == signing_key(tmp_path).public.id != old.public.id
        assert verify_signature(BODY, before, ring) == old.public.id
        after = signing_key(tmp_path).sign(BODY)
        assert verify_signature(BODY, after, ring) == ring.current.id

    def test_the_secret_half_of_the_old_key_is_gone(self, tmp_path: Path) -> None:
        secret = signing_key(tmp_path).pem()
        rotate(tmp_path)
        folder = tmp_path / FOLDER
        kept = [path for path in folder.rglob("*") if path.is_file()]
        assert sorted(path.parent.name for path in kept) == [FOLDER, RETIRED]
        assert all(secret not in path.read_bytes() for path in kept)
        assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600

    def test_who_knows_an_old_key_is_led_to_the_new_one(self, tmp_path: Path) -> None:
        first = signing_key(tmp_path).public.id
        second = rotate(tmp_path).current.id
        ring = KeyRing.from_jwks(orjson.loads(orjson.dumps(rotate(tmp_path).jwks())))
        third = ring.current.id
        assert ring.leads(first, third)
        assert ring.leads(second, third)
        assert not ring.leads(third, first)
        assert not ring.leads("another", third)
        signature = signing_key(tmp_path).sign(BODY)
        assert verify_signature(BODY, signature, ring, expected=first) == third
        with pytest.raises(ReleaseCorrupt):
            verify_signature(BODY, signature, ring, expected="another")

    def test_a_key_that_somebody_put_beside_them_is_not_vouched_for(self, tmp_path: Path) -> None:
        known = rotate(tmp_path / "ours")
        stranger = signing_key(tmp_path / "theirs")
        forged = KeyRing(stranger.public, known.retired)
        old = known.retired[0].public.id
        assert not forged.leads(old, stranger.public.id)
        with pytest.raises(ReleaseCorrupt):
            verify_signature(BODY, stranger.sign(BODY), forged, expected=old)

    def test_an_altered_endorsement_is_none(self, tmp_path: Path) -> None:
        old = signing_key(tmp_path).public.id
        jwks = rotate(tmp_path).jwks()
        jwks["keys"][1]["tsunagu_successor"]["signature"] = "e30..AAAA"
        assert not KeyRing.from_jwks(jwks).leads(old, jwks["keys"][0]["kid"])

    def test_a_rotation_that_was_cut_short_leaves_the_old_key(self, tmp_path: Path) -> None:
        secret = signing_key(tmp_path).pem()
        rotate(tmp_path)
        (tmp_path / FOLDER / FILE).write_bytes(secret)  # as if it had ended before the last step
        ring = key_ring(tmp_path)
        assert ring.current.id == signing_key(tmp_path).public.id
        assert ring.retired == ()

    def test_a_process_that_serves_takes_notice(self, tmp_path: Path) -> None:
        watched = WatchedKeyRing(tmp_path)
        before = watched().current.id
        after = rotate(tmp_path).current.id
        assert watched().current.id == after != before
        assert [key.public.id for key in watched().retired] == [before]
