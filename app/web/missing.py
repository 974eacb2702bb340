"""What is answered for a thing that the release does not describe: where it moved, that it was
removed, or what may have been meant."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from app.errors import Language, Text
from app.publish import redirects
from app.publish.entity import EntityReader
from app.publish.gone import FILE, Gone, GoneThings
from app.publish.labels import choose, local_name
from app.publish.near import near
from app.publish.redirects import RedirectTable
from app.settings import Settings
from app.web.addresses import Addresses, encode
from app.web.refusals import Near, RemovedThing, UnknownThing
from app.web.replies import Reply

_CACHE = (b"cache-control", b"public, max-age=3600")


class MissingThings:
    """Answers for things that are not there."""

    def __init__(self, settings: Settings, addresses: Addresses) -> None:
        self._addresses = addresses
        self._redirects = RedirectTable(settings.mappings_dir / redirects.FILE, addresses.base)
        self._reader: EntityReader | None = None
        self._gone = GoneThings(None)

    def answer(
        self,
        reader: EntityReader,
        iris: Sequence[str],
        suffix: str,
        language: Language,
        *,
        document: bool,
    ) -> Response:
        """A redirect for the first of the IRIs (spellings of one address) that moved; `document`
        leads to the document in the same format. Raises RemovedThing, or UnknownThing."""
        for iri in iris:
            moved = self._redirects.get(iri)
            if moved is not None:
                return self._moved(moved.to, moved.status, suffix, document=document)
        if self._reader is not reader:
            self._reader, self._gone = reader, GoneThings(reader.snapshot.file(FILE))
        for iri in iris:
            gone = self._gone.get(iri)
            if gone is not None:
                raise _removed(gone)
        raise self._unknown(reader, iris[0], language)

    def _moved(self, to: str, status: int, suffix: str, *, document: bool) -> Response:
        if document and self._addresses.is_ours(to):
            location = self._addresses.document(to, suffix)
        elif to.startswith(self._addresses.base + "/"):
            location = self._addresses.thing(to) + suffix
        else:
            location = encode(to)
        return Reply(b"", status, ((b"location", location.encode("ascii")), _CACHE))

    def _unknown(self, reader: EntityReader, iri: str, language: Language) -> UnknownThing:
        found = tuple(
            Near(
                known,
                self._addresses.thing(known),
                choose(reader.labels(known), language) or local_name(known),
            )
            for known in near(reader, iri)
        )
        return UnknownThing(
            Text(ja=f"{iri} については何も知られていません。", en=f"Nothing is known of {iri}."),
            Text(
                ja="綴りを確かめるか、ホームから探してください。",
                en="Check the spelling, or start from the home page.",
            ),
            found,
        )


def _removed(gone: Gone) -> RemovedThing:
    names = gone.names
    ja = names.get("ja") or next(iter(names.values()), None)
    en = names.get("en") or ja
    day = f"{gone.removed[:4]}-{gone.removed[4:6]}-{gone.removed[6:8]}"
    return RemovedThing(
        Text(
            ja=f"{f'「{ja}」' if ja else gone.iri} は {day} の公開版で削除されました。",
            en=f"{en or gone.iri} was removed with the release of {day}.",
        ),
        Text(
            ja=f"公開版 {gone.removed} より前には載っていました。このアドレスは再利用されません。",
            en=f"It was described before release {gone.removed}. Its address will not be reused.",
        ),
        gone,
    )
