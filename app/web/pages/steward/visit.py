"""One request of someone who may be signed in at the workbench."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from app.errors import Language, Text, TokenRequired
from app.publish.workbench.rights import Right, may
from app.publish.workbench.sessions import Session


@dataclass
class Visit:
    """One request of someone who may be signed in."""

    request: Request
    spoken: Language
    root: str
    signed_in: Session | None
    form: FormData = field(default_factory=FormData)

    @property
    def session(self) -> Session:
        """Raises TokenRequired."""
        if self.signed_in is None:
            raise TokenRequired(
                Text("サインインしてください。", "Sign in first."),
                hint=Text(
                    "サインインの時間が切れたのかもしれません。",
                    "Your session may have expired.",
                ),
            )
        return self.signed_in

    @property
    def path(self) -> Mapping[str, str]:
        """The parts of the address."""
        return self.request.path_params

    def say(self, ja: str, en: str) -> str:
        """A sentence in the visitor's language."""
        return ja if self.spoken == "ja" else en

    def tell(self, text: Text) -> str:
        """A text in the visitor's language."""
        return text.in_language(self.spoken)

    def to(self, path: str = "", **query: str) -> str:
        """The address of a page of the workbench, in the language that was asked for."""
        asked = self.request.query_params.get("lang")
        if asked:
            query["lang"] = asked
        tail = f"?{urlencode(query)}" if query else ""
        return f"{self.root}/steward/{quote(path)}{tail}"

    def may(self, right: str, graph: str) -> bool:
        """Whether the token gives a right."""
        return self.signed_in is not None and may(self.signed_in.token, Right(right), graph)

    def text(self, name: str, default: str = "") -> str:
        """A field of the form that is text."""
        value = self.form.get(name, default)
        return value if isinstance(value, str) else default

    def file(self, name: str) -> UploadFile | None:
        """A field of the form that is a file."""
        value = self.form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None
