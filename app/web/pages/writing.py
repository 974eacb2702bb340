"""What the addresses that write have in common: who may, and how it is answered."""

from __future__ import annotations

import secrets

import orjson
from starlette.requests import Request

from app.errors import Text, TokenRequired
from app.publish.tokens import Token
from app.publish.writes import Writes, Written
from app.rdf.formats import Formats
from app.store.base import Change
from app.web.clients import Clients
from app.web.pages.sparql import QUERY_ID
from app.web.parts import WebParts
from app.web.replies import Headers, Reply

_JSON = Formats.JSON.value.content_type.encode()


class Writers:
    """Lets those write who have a token that says so."""

    def __init__(self, parts: WebParts) -> None:
        self._clients = Clients(parts.settings)
        self._writes: Writes | None = parts.writes

    def token(self, request: Request) -> Token:
        """The token of a request. Raises TokenRequired without one."""
        token = self._clients.tokens.authenticate(request.headers.get("authorization"))
        if token is not None:
            return token
        if self._writes is None or not self._clients.tokens.any():
            raise TokenRequired(
                Text(
                    ja="このサーバーは HTTP での書き込みを受け付けていません。",
                    en="This server takes no writes over HTTP.",
                ),
                hint=Text(
                    ja="運用者が `tsunagu tokens add` でトークンを作ると書き込めます。",
                    en="The operator can make a token with `tsunagu tokens add`.",
                ),
            )
        raise TokenRequired(
            Text(ja="書き込みにはトークンが要ります。", en="Writing needs a token."),
            hint=Text(
                ja="Authorization: Bearer … の形で送ってください。",
                en="Send it as Authorization: Bearer ….",
            ),
        )

    async def write(self, request: Request, change: Change, token: Token) -> Written:
        """Apply a change; returns when its release is current."""
        assert self._writes is not None
        request.scope.setdefault("state", {})[QUERY_ID] = id = secrets.token_hex(6)
        client = request.client.host if request.client is not None else ""
        return await self._writes.write(change, token, client=client, id=id)


def written_reply(written: Written, status: int, headers: Headers = ()) -> Reply:
    """The answer to a write: the release that holds it, and what differs by graph."""
    standard = (
        (b"cache-control", b"no-store"),
        (b"tsunagu-release", written.release.encode()),
        *headers,
    )
    if status == 204:
        return Reply(b"", status, standard)
    body = {
        "release": written.release,
        "graphs": {
            iri: {"before": difference.before, "after": difference.after}
            for iri, difference in written.graphs.items()
        },
    }
    encoded = orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE)
    return Reply(encoded, status, ((b"content-type", _JSON), *standard))
