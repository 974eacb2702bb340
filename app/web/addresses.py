"""Addresses on the wire and IRIs in the store.

A path on the wire is percent-encoded; a stored IRI holds readable characters beside real
percent escapes (`…/A%201%2F新`). Decoding the whole path would turn `%2F` into a slash and
make another IRI; asking the store for the encoded path finds nothing. So only bytes outside
ASCII are decoded, and the escapes of ASCII characters stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, urlsplit

from app.errors import BadRequest, EntityNotFound, Text
from app.publish.skolem import GENID
from app.rdf.namespaces import IC
from app.rdf.terms import is_valid_iri

MAX_PATH: Final = 4096
"""Bytes of a path on the wire. IRIs of entities are far shorter; proxies stop at 8 KiB."""

MAX_CANDIDATES: Final = 10

_ESCAPES_OF_HIGH_BYTES = re.compile(rb"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
# RFC 3986 section 2.3: the escape of an unreserved character means the same as the character.
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Characters that a path may hold bare, but that many clients escape all the same.
_OFTEN_ESCAPED = _UNRESERVED | frozenset("!$&'()*+,;=:@")
_WIRE_SAFE = "!#$%&'()*+,/:;=?@[]~-._"


def wire_path(scope: MutableMapping[str, Any]) -> bytes:
    """The path as the client sent it (ASGI `raw_path`), without the query."""
    raw = scope.get("raw_path")
    if not raw:
        raw = quote(scope["path"], safe=_WIRE_SAFE.replace("%", "")).encode("ascii")
    path: bytes = raw.partition(b"?")[0]
    return path


def decode(path: bytes) -> str:
    """A path on the wire as it stands in an IRI: bytes outside ASCII decoded once as UTF-8,
    escapes of ASCII characters untouched.

    Raises BadRequest for a broken escape, bytes that are not UTF-8, and a path past the bound.
    """
    if len(path) > MAX_PATH:
        raise BadRequest(
            Text(
                ja=f"アドレスが長すぎます（上限 {MAX_PATH} バイト）。",
                en=f"The address is too long (at most {MAX_PATH} bytes).",
            )
        )
    broken = _BROKEN_ESCAPE.search(path)
    if broken is not None:
        raise BadRequest(
            Text(
                ja=f"アドレスの {broken.start() + 1} 文字目の % の後に 16 進数が 2 桁ありません。",
                en=f"Character {broken.start() + 1} of the address is a % without two "
                "hexadecimal digits.",
            ),
            hint=Text(ja="% そのものは %25 と書きます。", en="Write %25 for a percent sign."),
        )
    readable = _ESCAPES_OF_HIGH_BYTES.sub(
        lambda match: bytes.fromhex(match.group().decode("ascii").replace("%", "")), path
    )
    try:
        return readable.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(
            Text(
                ja="アドレスが UTF-8 ではありません。",
                en="The address is not UTF-8.",
            ),
            hint=Text(
                ja="日本語は UTF-8 のパーセント符号で送ってください。",
                en="Send characters outside ASCII as percent-encoded UTF-8.",
            ),
        ) from error


@lru_cache(maxsize=8192)
def encode(iri: str) -> str:
    """An IRI (or a path of one) as it goes on the wire: ASCII only, existing escapes kept."""
    return quote(iri, safe=_WIRE_SAFE)


def encode_bytes(path: bytes) -> str:
    """A path on the wire with whatever must not stand there encoded: safe inside a page."""
    return quote(path, safe=_WIRE_SAFE)


@dataclass(frozen=True, slots=True)
class Addresses:
    """How IRIs of one publisher map to paths of this server. `base` has no slash at the end;
    it need not be the address the server listens on."""

    base: str

    @property
    def root(self) -> str:
        """The path of the base IRI (usually empty): every link on a page begins with it."""
        return urlsplit(self.base).path

    def candidates(self, path: str) -> tuple[str, ...]:
        """IRIs that a decoded path may mean, the likeliest first and at most ten.

        As it stands; with upper-case escapes; with escapes of unreserved characters undone;
        with those of other harmless characters undone; each in Unicode NFC; in NFD, as names
        from some file systems are stored; and wholly encoded, as data from elsewhere may be.
        Raises EntityNotFound when none is an IRI.
        """
        if "%" not in path and path.isascii() and is_valid_iri(self.base + path):
            return (self.base + path,)  # has no other spelling
        upper = _ESCAPE.sub(lambda m: m.group().upper(), path)
        unreserved = _unescape(upper, _UNRESERVED)
        spellings = [path, upper, unreserved, _unescape(upper, _OFTEN_ESCAPED)]
        spellings += [unicodedata.normalize("NFC", spelling) for spelling in spellings[1:]]
        spellings += [unicodedata.normalize("NFD", upper), encode(upper)]
        found: list[str] = []
        for spelling in dict.fromkeys(spellings):
            iri = self.base + spelling
            if is_valid_iri(iri):
                found.append(iri)
        if not found:
            raise EntityNotFound(
                Text(
                    ja="このアドレスは IRI として正しくありません。",
                    en="This address is not a valid IRI.",
                )
            )
        return tuple(found[:MAX_CANDIDATES])

    def is_ours(self, iri: str) -> bool:
        """Whether an IRI names a thing that this server describes."""
        return iri.startswith(self.base + "/id/")

    def is_node(self, iri: str) -> bool:
        """Whether an IRI stands for a blank node of ours."""
        return iri.startswith(self.base + GENID)

    def is_term(self, iri: str) -> bool:
        """Whether an IRI is a term of this publisher's own vocabulary."""
        return iri.startswith(self.base + "/def/")

    def has_page(self, iri: str) -> bool:
        """Whether a term of a vocabulary is described here: our own, and those of the IMI core
        vocabulary, whose host no longer answers."""
        return self.is_term(iri) or (iri.startswith(IC) and iri != IC)

    def thing(self, iri: str) -> str:
        """The path on the wire of one of our IRIs."""
        return self.root + encode(iri[len(self.base) :])

    def document(self, iri: str, suffix: str = "") -> str:
        """The path on the wire of the document about something that this server describes."""
        return f"{self.root}{encode(self._page(iri))}{suffix}"

    def document_iri(self, iri: str, suffix: str = "") -> str:
        """The IRI of that document. A term or a blank node of ours is not its own document."""
        apart = self.is_term(iri) or self.is_node(iri)
        return f"{self.base}{self._page(iri)}{suffix or ('.html' if apart else '')}"

    def _page(self, iri: str) -> str:
        """Things have a document beside them; a term of a vocabulary that no longer answers
        has its document here; all else of ours is its own document."""
        if iri.startswith(IC):
            return "/vocab/ic/" + iri[len(IC) :]
        page, _, _ = iri[len(self.base) :].partition("#")
        return "/doc" + page[len("/id") :] if page.startswith("/id/") else page

    def dataset(self, dataset: str) -> str:
        """The path on the wire of a data set's page."""
        return f"{self.root}/dataset/{quote(dataset, safe='')}"

    def dataset_iri(self, dataset: str) -> str:
        """The IRI of a data set."""
        return f"{self.base}/dataset/{quote(dataset, safe='')}"


def _unescape(text: str, characters: frozenset[str]) -> str:
    def undo(match: re.Match[str]) -> str:
        character = chr(int(match.group(1), 16))
        return character if character in characters else match.group()

    return _ESCAPE.sub(undo, text)
