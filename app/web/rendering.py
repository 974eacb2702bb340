"""Pages from templates and typed contexts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import escape
from starlette.requests import Request

from app.errors import LANGUAGES, Language
from app.web.addresses import encode_bytes, wire_path
from app.web.assets import StaticFiles
from app.web.entity_context import Link
from app.web.messages import MESSAGES, translator

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
    origin: str = ""

    def in_language(self, language: Language) -> str:
        """This page's address in another language."""
        return f"{self.here}?{urlencode((*self.fields, ('lang', language)))}"


_CONSTANT: Final = re.compile(
    r'\{\{ (?:t\("(?P<word>[\w.]+)"\)|asset\("(?P<file>[\w.]+)"\)|(?P<root>frame\.root)) \}\}'
)


class Templates(FileSystemLoader):
    """The templates with words of one language, addresses of static files and the root put into
    their text: a page has some fifty of them, and when it is made none is looked up."""

    def __init__(self, word: Callable[..., str], asset: Callable[[str], str], root: str) -> None:
        super().__init__(HERE / "templates")
        self._word = word
        self._asset = asset
        self._root = root

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """See BaseLoader."""
        source, path, is_current = super().get_source(environment, template)
        return _CONSTANT.sub(self._value, source), path, is_current

    def _value(self, found: re.Match[str]) -> str:
        word, file = found.group("word", "file")
        return escape(self._word(word) if word else self._asset(file) if file else self._root)


class Site:
    """Renders pages of one publisher. `origin` is scheme and host of their addresses."""

    def __init__(self, title: str, root: str, origin: str = "") -> None:
        self.title = title
        self.origin = origin
        self.root = root
        self.static = StaticFiles(HERE / "static", root)
        self._words = {language: translator(language) for language in LANGUAGES}
        self._environments = {language: self._environment(language) for language in LANGUAGES}
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
            origin=self.origin,
        )
        return self._template(template, language).render(frame=frame, page=page).encode()

    def word(self, key: str, language: Language) -> str:
        """One message of the catalogue."""
        return self._words[language](key)

    @lru_cache(maxsize=128)  # noqa: B019 - one Site lives as long as its application
    def _template(self, name: str, language: Language) -> Template:
        return self._environments[language].get_template(name)

    def _environment(self, language: Language) -> Environment:
        word = self._words[language]
        made = Environment(
            loader=Templates(word, self.static.address, self.root),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        made.globals.update(
            t=word,
            asset=self.static.address,
            built=self.static.built,
            parts_of=self.static.parts_of,
        )
        made.filters["thousands"] = lambda number: f"{number:,}"
        made.filters["day"] = lambda moment: moment.date().isoformat()

        @lru_cache(maxsize=4096)  # classes and properties come again on every page
        def term(link: Link) -> str:
            text: str = vars(made.get_template("parts.html").module)["link"](link)
            return text

        made.filters["term"] = term
        return made

    def _fingerprint(self) -> str:
        digest = hashlib.sha256(f"{self.title}{self.root}{self.static.fingerprint}".encode())
        digest.update(repr(MESSAGES).encode())
        for path in sorted((HERE / "templates").rglob("*.html")):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:8]
