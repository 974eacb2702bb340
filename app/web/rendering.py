"""Pages from templates and typed contexts, and the static files with their content hash."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Language, PageNotFound, Text
from app.web.addresses import encode_bytes, wire_path
from app.web.messages import translator
from app.web.replies import Reply

HERE: Final = Path(__file__).parent

_IMMUTABLE: Final = b"public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Frame:
    """What the base template shows around every page."""

    title: str
    language: Language
    site_title: str
    root: str
    here: str
    home: bool = False
    description: str = ""
    alternates: tuple[tuple[str, str], ...] = ()
    structured_data: str | None = None

    def in_language(self, language: Language) -> str:
        """This page's address in another language."""
        return f"{self.here}?lang={language}"


class StaticFiles:
    """Everything under static/, read once; the name in the address holds a hash of the
    content, so browsers may keep it for ever."""

    def __init__(self, folder: Path, root: str) -> None:
        self._root = root
        self._files: dict[str, tuple[bytes, bytes]] = {}
        self._addresses: dict[str, str] = {}
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            body = path.read_bytes()
            name = path.relative_to(folder).as_posix()
            stem, dot, suffix = name.rpartition(".")
            hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}{dot}{suffix}"
            media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
            if media_type.startswith("text/"):
                media_type += "; charset=utf-8"
            self._files[hashed] = (body, media_type.encode())
            self._addresses[name] = hashed

    def address(self, name: str) -> str:
        """The path on the wire of a static file. Raises KeyError for an unknown one."""
        return f"{self._root}/static/{self._addresses[name]}"

    @property
    def fingerprint(self) -> str:
        """Changes when any file changes."""
        return hashlib.sha256("".join(sorted(self._files)).encode()).hexdigest()[:8]

    async def serve(self, request: Request) -> Response:
        """`GET /static/{name}`."""
        found = self._files.get(request.path_params["name"])
        if found is None:
            raise PageNotFound(Text(ja="このファイルはありません。", en="There is no such file."))
        body, media_type = found
        etag = request.path_params["name"].rsplit(".", 2)[1].encode()
        headers = (
            (b"content-type", media_type),
            (b"cache-control", _IMMUTABLE),
            (b"vary", b"Accept-Encoding"),
            (b"etag", b'"' + etag + b'"'),
        )
        return Reply(body, 200, headers)


class Site:
    """Renders pages of one publisher."""

    def __init__(self, title: str, root: str) -> None:
        self.title = title
        self.root = root
        self.static = StaticFiles(HERE / "static", root)
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals.update(
            css=self.static.address("site.css"), icon=self.static.address("icon.svg")
        )
        self._environment.filters["thousands"] = lambda number: f"{number:,}"
        self._environment.filters["day"] = lambda moment: moment.date().isoformat()
        self.fingerprint = self._fingerprint()

    def render(
        self,
        template: str,
        page: object,
        language: Language,
        request: Request,
        *,
        title: str,
        home: bool = False,
        description: str = "",
        alternates: tuple[tuple[str, str], ...] = (),
        structured_data: str | None = None,
    ) -> bytes:
        """A page as UTF-8. `alternates` are media types and addresses of the same content;
        `structured_data` is JSON that can stand inside a script element."""
        frame = Frame(
            title=title,
            language=language,
            site_title=self.title,
            root=self.root,
            here=self.root + encode_bytes(wire_path(request.scope)),
            home=home,
            description=description,
            alternates=alternates,
            structured_data=structured_data,
        )
        return (
            self._template(template)
            .render(frame=frame, page=page, t=_translator(language))
            .encode()
        )

    def word(self, key: str, language: Language) -> str:
        """One message of the catalogue."""
        return _translator(language)(key)

    @lru_cache(maxsize=64)  # noqa: B019 - one Site lives as long as its application
    def _template(self, name: str) -> Template:
        return self._environment.get_template(name)

    def _fingerprint(self) -> str:
        digest = hashlib.sha256(f"{self.title}{self.root}{self.static.fingerprint}".encode())
        for path in sorted((HERE / "templates").glob("*.html")):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:8]


@lru_cache(maxsize=4)
def _translator(language: Language) -> Callable[..., str]:
    return translator(language)
