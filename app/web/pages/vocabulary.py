"""`/vocab/ic/…` and `/def/…`: the terms of the vocabularies that are described here.

`/def/X` is the IRI of a term of ours, so it answers 303 to a document about it, as a thing does
(https://www.w3.org/TR/swbp-vocab-pub/, recipe 4). `/vocab/ic/X` is a document about a term of
the IMI core vocabulary, whose own host no longer answers.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from app.codes.terms import Term, TermKind
from app.errors import Language, Text
from app.publish.entity import EntityReader
from app.publish.rdf_document import Graph
from app.publish.vocabulary import TermUse, Vocabulary
from app.rdf.formats import Formats
from app.rdf.namespaces import IC
from app.store.base import Snapshot
from app.web.addresses import Addresses, decode, wire_path
from app.web.compact import CompactIris
from app.web.diagram import class_diagram
from app.web.documents import HTML, RDF_FORMATS, Asked, Documents
from app.web.entity_context import Link
from app.web.entity_page import EntityPages
from app.web.parts import WebParts
from app.web.refusals import Near, UnknownThing
from app.web.rendering import Site
from app.web.replies import CACHED, VARY, Reply
from app.web.serialisation import EntitySerialiser
from app.web.vocabulary_context import Group, TermPage, Use, VocabularyPage

_TERM_OFFERS: Final = (HTML, *RDF_FORMATS, Formats.JSON.value)
_INDEX_OFFERS: Final = (HTML, *RDF_FORMATS)


class VocabularyEndpoints:
    """Answers pages and data of terms."""

    def __init__(self, parts: WebParts, site: Site, pages: EntityPages) -> None:
        self._snapshots = parts.snapshots
        self._addresses = Addresses(parts.settings.base_iri)
        self._direct = parts.settings.entity_answer == "direct"
        self._site = site
        self._compact = CompactIris(parts.settings.base_iri)
        self._pages = pages
        self._documents = Documents(site)
        self._vocabulary = Vocabulary(parts.terms, parts.catalog)
        self._serialiser = EntitySerialiser(self._addresses, parts.catalog)

    async def own(self, request: Request) -> Response:
        """`/def/…`."""
        return self._answer(request, "/def/", f"{self._addresses.base}/def/")

    async def core(self, request: Request) -> Response:
        """`/vocab/ic/…`."""
        return self._answer(request, "/vocab/ic/", IC)

    async def to_index(self, request: Request) -> Response:
        """`/def`, `/vocab`, `/vocab/ic`: the lists have a slash at the end."""
        own = request.url.path.rstrip("/").endswith("def")
        target = f"{self._addresses.root}/{'def' if own else 'vocab/ic'}/"
        return Reply(b"", 308, ((b"location", target.encode()),))

    def _answer(self, request: Request, prefix: str, namespace: str) -> Response:
        raw = wire_path(request.scope).removeprefix(prefix.encode())
        name, suffix = _split(decode(raw))
        if not name:
            return self._index(request, prefix, namespace, suffix)
        snapshot = self._snapshots.get()
        iri = next(
            (i for i in self._candidates(prefix, namespace, name) if i in self._vocabulary.terms),
            None,
        )
        term = self._vocabulary.terms.get(iri) if iri is not None else None
        description = EntityReader(snapshot).describe(iri) if iri is not None else None
        if term is None or description is None:
            raise self._unknown(namespace, name, self._documents.language(request))
        stem = self._addresses.document(term.iri)
        asked = self._documents.asked(request, _TERM_OFFERS, stem, suffix)
        if suffix is None and prefix == "/def/" and not self._direct:
            query = request.scope["query_string"].decode("latin-1")
            target = f"{stem}.{asked.format.id}" + (f"?{query}" if query else "")
            etag = self._documents.etag(snapshot.manifest, target).encode()
            location = (b"location", target.encode("ascii"))
            describedby = (b"link", f'<{target}>; rel="describedby"'.encode("ascii"))
            return Reply(b"", 303, (location, describedby, (b"etag", etag), VARY, CACHED))

        def make() -> bytes:
            if asked.html:
                return self._term_page(snapshot, term, asked, request)
            self._serialiser.use(snapshot.manifest)
            written = self._serialiser.write(description, asked.format)
            assert written is not None, "terms of ours fit every RDF syntax"
            return written

        return self._documents.answer(request, snapshot.manifest, asked, make)

    def _candidates(self, prefix: str, namespace: str, name: str) -> tuple[str, ...]:
        found = self._addresses.candidates(prefix + name)
        here = self._addresses.base + prefix
        return tuple(namespace + iri[len(here) :] for iri in found)

    def _unknown(self, namespace: str, name: str, language: Language) -> UnknownThing:
        near = self._vocabulary.terms.nearest(name, namespace=namespace, limit=5)
        return UnknownThing(
            Text(
                ja=f"語彙に {name} という用語はありません。",
                en=f"The vocabulary has no term {name}.",
            ),
            Text(ja="用語の一覧から探してください。", en="See the list of terms."),
            tuple(
                Near(
                    term.iri,
                    self._addresses.document(term.iri),
                    self._vocabulary.terms.label(term.iri, language),
                )
                for term in near
            ),
        )

    def _term_page(self, snapshot: Snapshot, term: Term, asked: Asked, request: Request) -> bytes:
        language, root = asked.language, self._addresses.root
        known, terms = self._vocabulary, self._vocabulary.terms

        def links(iris: tuple[str, ...]) -> tuple[Link, ...]:
            return tuple(self._link(iri, language) for iri in iris)

        uses = known.uses(snapshot.manifest, term)
        heading = terms.label(term.iri, language)
        is_class = term.kind is TermKind.CLASS
        members = [
            (
                self._link(iri, language),
                ", ".join(self._link(r, language).text for r in found.ranges),
            )
            for iri in known.properties_of(term.iri)
            if (found := terms.get(iri)) is not None
        ]
        above = links(terms.ancestors(term.iri))
        below = links(known.below(term.iri))
        page = TermPage(
            heading=heading,
            other_names=tuple(v for v in term.labels.values() if v != heading),
            iri=term.iri,
            short=self._pages.short(term.iri),
            kind=self._site.word(f"term.kind.{term.kind.value}", language),
            comment=term.comments.get(language) or next(iter(term.comments.values()), None),
            index=self._index_link(term.iri, language),
            supers=links(term.supers),
            subs=below,
            domains=links(term.domains),
            ranges=links(term.ranges),
            properties=links(known.properties_of(term.iri)),
            inherited=tuple(
                (self._link(parent, language), links(properties))
                for parent, properties in known.inherited(term.iri)
            ),
            leading=links(known.leading_to(term.iri)) if is_class else (),
            diagram=class_diagram(Link(heading, term.iri), above, below, members)
            if is_class and (above or below or members)
            else None,
            total=sum(use.count for use in uses),
            uses=tuple(self._use(snapshot, term, use, language) for use in uses),
            browse=f"{root}/browse/{quote(self._compact.write(term.iri), safe=':')}"
            if is_class and uses
            else None,
            query=f"{root}/sparql?{urlencode({'query': _query(term)})}",
            context=f"{root}/context.jsonld",
            downloads=tuple(a for a in asked.alternatives if a.media_type != HTML.media_type),
            release=snapshot.manifest.id,
        )
        return self._site.render(
            "term.html",
            page,
            language,
            request,
            title=page.heading,
            description=page.comment or "",
            alternates=tuple((a.media_type, a.href) for a in page.downloads),
        )

    def _use(self, snapshot: Snapshot, term: Term, use: TermUse, language: Language) -> Use:
        quad = self._vocabulary.example(snapshot, term, use)
        subject = value = None
        if quad is not None:
            reader = EntityReader(snapshot)
            subject = self._pages.value(quad.subject, reader, language)
            if term.kind is not TermKind.CLASS:
                value = self._pages.value(quad.object, reader, language)
        return Use(
            use.card.about.title.in_language(language),
            self._addresses.dataset(use.card.id),
            use.count,
            subject,
            value,
        )

    def _link(self, iri: str, language: Language) -> Link:
        name = (
            self._vocabulary.terms.label(iri, language) if iri in self._vocabulary.terms else None
        )
        return self._pages.link(iri, name or self._pages.short(iri))

    def _index_link(self, iri: str, language: Language) -> Link:
        own = self._addresses.is_term(iri)
        namespace = f"{self._addresses.base}/def/" if own else IC
        href = f"{self._addresses.root}/{'def' if own else 'vocab/ic'}/"
        return Link(self._vocabulary.terms.label(namespace, language), namespace, href)

    def _index(self, request: Request, prefix: str, namespace: str, suffix: str | None) -> Response:
        snapshot = self._snapshots.get()
        stem = f"{self._addresses.root}{prefix}"
        asked = self._documents.asked(request, _INDEX_OFFERS, stem, suffix)

        def make() -> bytes:
            if asked.html:
                return self._index_page(snapshot, prefix, namespace, asked, request)
            graph = Graph()
            for triple in self._vocabulary.triples(snapshot, namespace):
                graph.triples[triple] = None
            return graph.write(asked.format, {"def": f"{self._addresses.base}/def/"})

        return self._documents.answer(request, snapshot.manifest, asked, make)

    def _index_page(
        self, snapshot: Snapshot, prefix: str, namespace: str, asked: Asked, request: Request
    ) -> bytes:
        language = asked.language
        counts = self._vocabulary.counts(snapshot.manifest)
        terms = [t for t in self._vocabulary.terms.in_namespace(namespace) if t.iri != namespace]
        groups = tuple(
            Group(
                self._site.word(f"vocabulary.{kind.value}", language),
                tuple(
                    (self._link(t.iri, language), self._pages.short(t.iri), counts.get(t.iri, 0))
                    for t in terms
                    if t.kind is kind
                ),
            )
            for kind in TermKind
        )
        ontology = self._vocabulary.terms.get(namespace)
        comments = ontology.comments if ontology is not None else {}
        labels = ontology.labels if ontology is not None else {}
        heading = labels.get(language) or next(iter(labels.values()), namespace)
        other = IC if prefix == "/def/" else f"{self._addresses.base}/def/x"
        page = VocabularyPage(
            heading=heading,
            comment=comments.get(language),
            iri=namespace,
            groups=tuple(group for group in groups if group.terms),
            others=(self._index_link(other, language),),
            downloads=tuple(a for a in asked.alternatives if a.media_type != HTML.media_type),
            release=snapshot.manifest.id,
        )
        return self._site.render(
            "vocabulary.html",
            page,
            language,
            request,
            title=heading,
            description=page.comment or "",
            alternates=tuple((a.media_type, a.href) for a in page.downloads),
        )


def _query(term: Term) -> str:
    """What uses a term, as a query to begin with."""
    if term.kind is TermKind.CLASS:
        return f"SELECT ?thing ?label WHERE {{\n  ?thing a <{term.iri}> ; rdfs:label ?label .\n}}\nLIMIT 100\n"
    return f"SELECT ?thing ?value WHERE {{\n  ?thing <{term.iri}> ?value .\n}}\nLIMIT 100\n"


def _split(name: str) -> tuple[str, str | None]:
    """The name of a term and the suffix of a format."""
    stem, dot, suffix = name.rpartition(".")
    known = dot and any(offer.id == suffix.lower() for offer in _TERM_OFFERS)
    return (stem, suffix.lower()) if known else (name, None)
