"""`/steward/sign-in` and `/steward/sign-out`."""

from __future__ import annotations

from starlette.responses import Response

from app.errors import Text
from app.web.pages.steward.contexts import SignInPage
from app.web.pages.steward.desk import Desk, Visit

_TITLE = Text("サインイン", "Sign in")


class Signing:
    """Signing in with a token, and out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._bench = desk.workbench

    async def sign_in(self, visit: Visit) -> Response:
        """The form; a token opens a session."""
        following = _following(visit)
        if visit.request.method != "POST":
            if visit.signed_in is not None:
                return self._desk.see(following)
            return self._page(visit, following, 200)
        session = self._bench.sessions.begin(visit.text("token"))
        if session is None:
            return self._page(visit, following, 401, refused=True)
        self._bench.note(session, "sign-in", "")
        cookie = self._desk.cookie(visit, session.secret)
        return self._desk.see(following, (cookie,))

    async def sign_out(self, visit: Visit) -> Response:
        """Ends the session."""
        self._bench.sessions.end(visit.session.secret)
        self._bench.note(visit.session, "sign-out", "")
        return self._desk.see(visit.to("sign-in"), (self._desk.cookie(visit, ""),))

    def _page(
        self, visit: Visit, following: str, status: int, *, refused: bool = False
    ) -> Response:
        page = SignInPage(
            self._desk.around(visit),
            following=following,
            refused=refused,
            any_token=self._bench.tokens.any(),
        )
        return self._desk.page("sign_in.html", _TITLE, page, status)


def _following(visit: Visit) -> str:
    """Where to go after signing in: a page of the workbench, never another site."""
    wanted = visit.text("next") or visit.request.query_params.get("next", "")
    ours = f"{visit.root}/steward/"
    plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted and ".." not in wanted
    return wanted if plain and wanted.startswith(ours) and "sign-" not in wanted else visit.to()
