"""IRIs as they stand in addresses: `def:AED`, `ic:施設型`, `id:region/31201`, else in full."""

from __future__ import annotations

from typing import Final

from app.errors import BadRequest, Text
from app.rdf.namespaces import PREFIXES
from app.rdf.terms import is_valid_iri

MAX_IRI: Final = 2_000
"""Characters of an IRI in an address."""


class CompactIris:
    """Writes and reads IRIs with the prefixes that queries have here."""

    def __init__(self, base: str) -> None:
        self._namespaces = {**PREFIXES, "def": f"{base}/def/", "id": f"{base}/id/"}
        # The longest first, so that no namespace hides one that begins like it.
        self._by_length = sorted(
            ((namespace, prefix) for prefix, namespace in self._namespaces.items()),
            key=lambda known: -len(known[0]),
        )

    def write(self, iri: str) -> str:
        """An IRI, short where a prefix fits."""
        for namespace, prefix in self._by_length:
            if iri.startswith(namespace) and len(iri) > len(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def read(self, text: str) -> str:
        """The IRI that is meant. Raises BadRequest for what is none."""
        prefix, colon, local = text.partition(":")
        namespace = self._namespaces.get(prefix) if colon and not local.startswith("//") else None
        iri = text if namespace is None else namespace + local
        if len(iri) > MAX_IRI or not is_valid_iri(iri):
            raise BadRequest(
                Text(
                    ja=f"IRI として読めません: {text[:80]}",
                    en=f"This is not an IRI: {text[:80]}",
                ),
                hint=Text(
                    ja="ic:施設型 のような短い形か、http で始まる形で書いてください。",
                    en="Write a short form such as ic:施設型, or one that starts with http.",
                ),
            )
        return iri
