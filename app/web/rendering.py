"""Pages from templates and typed contexts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.requests import Request

from app.errors import Language
from app.web.addresses import encode_bytes, wire_path
from app.web.assets import StaticFiles
from app.web.messages import translator

HERE: Final = Path(__file__).parent


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
    fields: tuple[tuple[str, str], ...] = ()

    def in_language(self, language: Language) -> str:
        """This page's address in another language."""
        return f"{self.here}?{urlencode((*self.fields, ('lang', language)))}"


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
            css=self.static.address("site.css"),
            icon=self.static.address("icon.svg"),
            asset=self.static.address,
            built=self.static.built,
            parts_of=self.static.parts_of,
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
        fields: Iterable[tuple[str, str]] = (),
    ) -> bytes:
        """A page as UTF-8. `alternates` are media types and addresses of the same content;
        `structured_data` is JSON that can stand inside a script element; `fields` are the
        parameters that the page keeps in another language."""
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
            fields=tuple(fields),
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
