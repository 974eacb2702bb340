"""Static files: those that lie in the source, and the scripts and styles that npm built.

Every address holds a hash of the content, so browsers keep a file for ever. Built files have
theirs from the bundler (they name each other by it); the others get one here. Files that the
build compressed are sent so to whoever takes them.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from app.errors import PageNotFound, Text
from app.web.replies import Reply

_IMMUTABLE: Final = b"public, max-age=31536000, immutable"
_BUILT: Final = "dist"
_CODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
"""Content codings on offer, the denser first, with the suffix of a compressed file."""

_WORTH_PACKING: Final = 1_000  # bytes; below, the header of the coding costs what it saves


class BuildManifest(BaseModel):
    """What the bundler wrote: the file that stands for each entry (`workspace.js`), and the
    parts that it needs at once."""

    model_config = ConfigDict(frozen=True)

    files: Mapping[str, str] = {}
    preload: Mapping[str, tuple[str, ...]] = {}

    @classmethod
    def read(cls, folder: Path) -> BuildManifest:
        """That of a folder; an empty one where nothing was built, or only half of it."""
        try:
            return cls.model_validate_json((folder / "manifest.json").read_bytes())
        except (OSError, ValidationError):
            return cls()


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent: its body in each content coding ("" is none)."""

    media_type: bytes
    etag: str
    bodies: Mapping[str, bytes]


class StaticFiles:
    """Everything under static/, read once."""

    def __init__(self, folder: Path, root: str) -> None:
        self._root = root
        self._files: dict[str, StaticFile] = {}
        self._addresses: dict[str, str] = {}
        packed = {suffix for _, suffix in _CODINGS}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in packed and path.name[0] != ".":
                self._add(path, path.relative_to(folder).as_posix())
        self._built = BuildManifest.read(folder / _BUILT)

    def address(self, name: str) -> str:
        """The path on the wire of a file in the source. Raises KeyError for an unknown one."""
        return f"{self._root}/static/{self._addresses[name]}"

    def built(self, name: str) -> str | None:
        """The path on the wire of a built script or style; None where nothing was built."""
        file = self._built.files.get(name)
        return self._built_address(file) if file else None

    def parts_of(self, name: str) -> tuple[str, ...]:
        """The paths of what a built script imports at once, to be fetched beside it."""
        return tuple(self._built_address(file) for file in self._built.preload.get(name, ()))

    @property
    def fingerprint(self) -> str:
        """Changes when any file changes."""
        return hashlib.sha256("".join(sorted(self._files)).encode()).hexdigest()[:8]

    async def serve(self, request: Request) -> Response:
        """`GET /static/{name}`."""
        found = self._files.get(request.path_params["name"])
        if found is None:
            raise PageNotFound(Text(ja="このファイルはありません。", en="There is no such file."))
        accepted = request.headers.get("accept-encoding", "").lower()
        coding = next((c for c, _ in _CODINGS if c in found.bodies and c in accepted), "")
        headers = [
            (b"content-type", found.media_type),
            (b"cache-control", _IMMUTABLE),
            (b"vary", b"Accept-Encoding"),
            # A strong tag names bytes, and those differ by coding (RFC 9110, section 8.8.3.3).
            (b"etag", f'"{found.etag}{coding and "-" + coding}"'.encode()),
        ]
        if coding:
            headers.append((b"content-encoding", coding.encode()))
        return Reply(found.bodies[coding], 200, headers)

    def _built_address(self, file: str) -> str:
        return f"{self._root}/static/{_BUILT}/{file}"

    def _add(self, path: Path, name: str) -> None:
        body = path.read_bytes()
        digest = hashlib.sha256(body).hexdigest()[:12]
        bodies = {"": body}
        if name.startswith(f"{_BUILT}/"):
            hashed = name
            for coding, suffix in _CODINGS:
                packed = path.with_name(path.name + suffix)
                if packed.is_file():
                    bodies[coding] = packed.read_bytes()
        else:
            stem, dot, suffix = name.rpartition(".")
            hashed = f"{stem}.{digest}{dot}{suffix}"
            if len(body) >= _WORTH_PACKING:
                bodies["gzip"] = gzip.compress(body, 9, mtime=0)
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if media_type.startswith("text/"):
            media_type += "; charset=utf-8"
        self._files[hashed] = StaticFile(media_type.encode(), digest, bodies)
        self._addresses[name] = hashed
