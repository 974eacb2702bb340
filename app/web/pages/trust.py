"""`/releases` and `/.well-known/tsunagu-key`: manifests, their signatures, and the public key,
so that a copy of the data can be checked without trusting the one it came from."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import PageNotFound, Text
from app.publish import canonical, distributions, signing
from app.publish.key_ring import Trust
from app.rdf.formats import Formats
from app.store.base import Manifest
from app.web.addresses import Addresses
from app.web.documents import HTML, Documents
from app.web.parts import WebParts
from app.web.rendering import Site
from app.web.replies import VARY, Headers, Reply, matches

_KEY: Final = (Formats.JWK.value, Formats.PEM.value)
_LIST: Final = (HTML, Formats.JSON.value)
_HOUR: Final = (b"cache-control", b"public, max-age=3600")
_FOR_EVER: Final = (b"cache-control", b"public, max-age=31536000, immutable")


@dataclass(frozen=True, slots=True)
class SignedRelease:
    """One line of the list; `key` is the thumbprint that the signature names."""

    release: str
    manifest: str
    signature: str | None
    sums: str
    key: str | None
    current: bool


@dataclass(frozen=True, slots=True)
class TrustPage:
    """What the template shows; `retired` are keys with the day of their end;
    `graphs` are names and canonical hashes."""

    key: str
    retired: tuple[tuple[str, str], ...]
    jwk: str
    jwks: str
    pem: str
    releases: tuple[SignedRelease, ...]
    graphs: tuple[tuple[str, str], ...]
    command: str


class TrustEndpoints:
    """Answers what others need to check releases."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        self._parts = parts
        self._site = site
        self._documents = Documents(site)
        self._addresses = Addresses(parts.settings.base_iri)

    @property
    def _trust(self) -> Trust:
        if self._parts.trust is None:
            raise PageNotFound(
                Text(ja="このサイトは署名していません。", en="This site signs nothing.")
            )
        return self._parts.trust

    async def key(self, request: Request) -> Response:
        """`GET /.well-known/tsunagu-key`: the public key as JWK (RFC 8037) or PEM."""
        stem = f"{self._addresses.root}/.well-known/tsunagu-key"
        asked = self._documents.asked(request, _KEY, stem, request.path_params.get("suffix"))
        public = self._trust.public
        is_pem = asked.format is Formats.PEM.value
        body = public.pem() if is_pem else orjson.dumps(public.jwk(), option=_INDENTED)
        etag = f'"{public.id[:20]}-{asked.format.id}"'
        headers = ((b"etag", etag.encode()), VARY, _HOUR)
        if matches(request.headers.get("if-none-match"), etag):
            return Reply(b"", 304, headers)
        content_type = (b"content-type", asked.format.content_type.encode())
        return Reply(body, 200, (content_type, *headers))

    async def keys(self, request: Request) -> Response:
        """`GET /.well-known/tsunagu-keys`: the current key and the retired ones as a JWK Set
        (RFC 7517)."""
        body = orjson.dumps(self._trust.ring().jwks(), option=_INDENTED)
        etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
        headers = ((b"etag", etag.encode()), VARY, _HOUR)
        if matches(request.headers.get("if-none-match"), etag):
            return Reply(b"", 304, headers)
        content_type = (b"content-type", Formats.JWK_SET.value.content_type.encode())
        return Reply(body, 200, (content_type, *headers))

    async def index(self, request: Request) -> Response:
        """`GET /releases`: the releases that are kept, with manifests and signatures."""
        stem = f"{self._addresses.root}/releases"
        asked = self._documents.asked(request, _LIST, stem, request.path_params.get("suffix"))
        snapshot = self._parts.snapshots.get()
        releases, ring = self._releases(snapshot.manifest), self._trust.ring()

        def make() -> bytes:
            if not asked.html:
                return self._as_json(releases)
            page = TrustPage(
                key=ring.current.id,
                retired=tuple((key.public.id, key.retired[:10]) for key in ring.retired),
                jwk=f"{self._addresses.root}/.well-known/tsunagu-key.jwk",
                jwks=f"{self._addresses.root}/.well-known/tsunagu-keys",
                pem=f"{self._addresses.root}/.well-known/tsunagu-key.pem",
                releases=releases,
                graphs=tuple(sorted(canonical.read(snapshot).items())),
                command=f"tsunagu releases verify --from {self._addresses.base}/",
            )
            title = self._site.word("trust.title", asked.language)
            return self._site.render("releases.html", page, asked.language, request, title=title)

        key = (",".join(release.release for release in releases), ring.current.id)
        return self._documents.answer(request, snapshot.manifest, asked, make, key=key)

    def _releases(self, current: Manifest) -> tuple[SignedRelease, ...]:
        history = self._parts.history
        kept = history.releases() if history is not None else (current,)
        found = []
        for manifest in kept:
            stem = f"{self._addresses.root}/releases/{manifest.id}"
            _, signature = self._trust.signed(manifest.id)
            found.append(
                SignedRelease(
                    release=manifest.id,
                    manifest=f"{stem}/manifest.json",
                    signature=f"{stem}/manifest.jws" if signature is not None else None,
                    sums=f"{stem}/SHA256SUMS",
                    key=signing.key_id(signature) if signature is not None else None,
                    current=manifest.id == current.id,
                )
            )
        return tuple(found)

    def _as_json(self, releases: tuple[SignedRelease, ...]) -> bytes:
        base, root = self._addresses.base, len(self._addresses.root)
        body = [
            {
                "release": release.release,
                "current": release.current,
                "key": release.key,
                "manifest": base + release.manifest[root:],
                "signature": base + release.signature[root:] if release.signature else None,
                "sums": base + release.sums[root:],
            }
            for release in releases
        ]
        return orjson.dumps({"key": self._trust.public.id, "releases": body}, option=_INDENTED)

    async def file(self, request: Request) -> Response:
        """`GET /releases/{release}/manifest.json|manifest.jws|SHA256SUMS`; `current` stands for
        the current release. The manifest's bytes are exactly those that were signed."""
        release, name = request.path_params["release"], request.path_params["name"]
        is_current = release == "current"
        if is_current:
            release = self._parts.snapshots.get().manifest.id
        kept = {manifest.id for manifest in self._releases_kept()}
        if release not in kept:
            raise PageNotFound(
                Text(
                    ja=f"リリース {release[:80]} は残っていません。",
                    en=f"The release {release[:80]} is not kept here.",
                ),
                hint=Text(ja="/releases に一覧があります。", en="/releases lists them."),
            )
        manifest, signature = self._trust.signed(release)
        if name == "manifest.json":
            return self._sent(request, manifest, Formats.JSON, release, is_current)
        if name == "manifest.jws" and signature is not None:
            return self._sent(request, signature, Formats.JOSE, release, is_current)
        if name == "SHA256SUMS":
            # Of what can be fetched: the manifest has the sums of all files.
            listed = distributions.sums(Manifest.model_validate_json(manifest))
            return self._sent(request, listed, Formats.TEXT, release, is_current)
        raise PageNotFound(
            Text(ja=f"{name[:80]} はありません。", en=f"There is no {name[:80]}."),
            hint=Text(
                ja="manifest.json、manifest.jws、SHA256SUMS があります。",
                en="There are manifest.json, manifest.jws and SHA256SUMS.",
            ),
        )

    def _releases_kept(self) -> tuple[Manifest, ...]:
        history = self._parts.history
        return (
            history.releases() if history is not None else (self._parts.snapshots.get().manifest,)
        )

    def _sent(
        self, request: Request, body: bytes, form: Formats, release: str, is_current: bool
    ) -> Response:
        etag = f'"{release}-{form.value.id}"'
        headers: Headers = (
            (b"etag", etag.encode()),
            (b"tsunagu-release", release.encode()),
            (b"cache-control", b"no-cache") if is_current else _FOR_EVER,
            VARY,
        )
        if matches(request.headers.get("if-none-match"), etag):
            return Reply(b"", 304, headers)
        return Reply(body, 200, ((b"content-type", form.value.content_type.encode()), *headers))


_INDENTED: Final = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
