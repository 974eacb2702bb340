"""Answers that are pages about a release and have no other form."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from app.errors import Language
from app.store.base import Manifest
from app.web.documents import HTML, Asked, Documents
from app.web.rendering import Site


class HtmlReplies:
    """Answers pages of one kind."""

    def __init__(self, site: Site) -> None:
        self._documents = Documents(site)

    def language(self, request: Request) -> Language:
        """By `?lang=`, else by Accept-Language."""
        return self._documents.language(request)

    def fresh(self, body: bytes, spoken: Language, status: int = 200) -> Response:
        """A page that must not be kept."""
        return self._documents.fresh(body, spoken, status)

    def of_release(
        self, request: Request, manifest: Manifest, spoken: Language, make: Callable[[], bytes]
    ) -> Response:
        """A page that stays the same for a release, made when it is not kept."""
        return self._documents.answer(request, manifest, Asked(HTML, spoken), make)
