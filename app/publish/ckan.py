"""The catalog in the words of CKAN's action API (reading part), so that harvesters and portals
made for CKAN read it as it is (https://docs.ckan.org/en/2.11/api/).

The extras are those of ckanext-dcat's profile (`issued`, `modified`, `identifier`, `language`,
`frequency`, `spatial_uri`, `temporal_start`, `publisher_name`, …).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from app.publish.catalog import DatasetCard
from app.publish.dcat import Site, agent_iri
from app.publish.distributions import Distribution, by_dataset
from app.publish.themes import theme_iri, theme_name
from app.store.base import Manifest

Json = dict[str, Any]

_LICENCES: Final = {
    "https://creativecommons.org/licenses/by/4.0/": "cc-by-4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "cc-zero",
    "https://creativecommons.org/licenses/by-sa/4.0/": "cc-by-sa-4.0",
}
"""CKAN's ids of the licences it knows."""

_FILTER: Final = re.compile(r'([+-]?\w+):("[^"]*"|\S+)')
_SORTED_BY: Final = {"name": "name", "metadata_modified": "metadata_modified"}


class CkanCatalog:
    """One release as CKAN would tell it."""

    def __init__(self, manifest: Manifest, cards: Sequence[DatasetCard], site: Site) -> None:
        self._cards = cards
        self._site = site
        self._files = by_dataset(manifest)

    def names(self) -> list[str]:
        """`package_list`."""
        return [card.id for card in self._cards]

    def package(self, id: str) -> Json | None:
        """`package_show`, by name or id."""
        for card in self._cards:
            if id in (card.id, _uuid(self._site.dataset(card.id))):
                return self._package(card)
        return None

    def packages(self) -> list[Json]:
        """`current_package_list_with_resources`."""
        return [self._package(card) for card in self._cards]

    def search(
        self,
        query: str,
        filters: str,
        rows: int,
        start: int,
        *,
        sort: str = "",
        facets: Sequence[str] = (),
    ) -> Json:
        """`package_search`: every word of `q` must occur in title, notes, tags or publisher;
        `fq` and `facet.field` know tags, organization, license_id, res_format and name; `sort`
        knows name, title_string and metadata_modified."""
        words = _folded(query).replace("*:*", "").split()
        wanted = [(name.lstrip("+-"), value.strip('"'), name.startswith("-"))
                  for name, value in _FILTER.findall(filters)]  # fmt: skip
        found = []
        for card in self._cards:
            package = self._package(card)
            passes = all((v in _values(package, n)) is not negated for n, v, negated in wanted)
            if passes and all(word in _searched(card) for word in words):
                found.append(package)
        field, _, direction = (sort or "title_string asc").partition(",")[0].strip().partition(" ")
        key = _SORTED_BY.get(field, "title")
        found.sort(key=lambda package: str(package[key]), reverse=direction.lower() == "desc")
        return {
            "count": len(found),
            "sort": sort or "title_string asc",
            "results": found[start : start + rows],
            "facets": {name: _counts(found, name) for name in facets},
            "search_facets": {
                name: {
                    "title": name,
                    "items": [
                        {"name": value, "display_name": value, "count": count}
                        for value, count in _counts(found, name).items()
                    ],
                }
                for name in facets
            },
        }

    def organization(self, id: str) -> Json | None:
        """`organization_show`, by name or id."""
        every: list[Json] = self.organizations(whole=True)
        return next((known for known in every if id in (known["id"], known["name"])), None)

    def organizations(self, *, whole: bool) -> list[Any]:
        """`organization_list`; `whole` gives more than names."""
        found: dict[str, Json] = {}
        for card in self._cards:
            organization = self._organization(card)
            known = found.setdefault(organization["name"], {**organization, "package_count": 0})
            known["package_count"] += 1
        return list(found.values()) if whole else list(found)

    def tags(self, query: str = "") -> list[str]:
        """`tag_list`."""
        every = {keyword for card in self._cards for keyword in card.about.keywords}
        return sorted(tag for tag in every if _folded(query) in _folded(tag))

    def _package(self, card: DatasetCard) -> Json:
        about, iri = card.about, self._site.dataset(card.id)
        id = _uuid(iri)
        files = self._files.get(card.id, ())
        description = about.description or about.title
        organization = self._organization(card)
        start, slash, end = (about.temporal or "").partition("/")
        extras = {
            "identifier": iri,
            "uri": iri,
            "issued": about.issued,
            "modified": card.modified.isoformat(),
            "language": '["ja", "en"]' if about.title.en != about.title.ja else '["ja"]',
            "frequency": about.frequency,
            "spatial_uri": about.spatial,
            "temporal_start": start,
            "temporal_end": end if slash else start,
            "publisher_name": about.publisher,
            "publisher_uri": organization["uri"],
            "creator_name": next((b.name.ja for b in about.of_role("creator")), None),
            "access_rights": "public",
            "title_en": about.title.en,
            "notes_en": description.en,
        }
        return {
            "id": id,
            "name": card.id,
            "title": about.title.ja,
            "notes": description.ja,
            "url": about.homepage or iri,
            "type": "dataset",
            "state": "active",
            "private": False,
            "isopen": True,
            "version": about.version,
            "author": extras["creator_name"],
            "maintainer": about.publisher,
            "maintainer_email": next((b.email for b in about.bodies if b.email), None),
            "license_id": _LICENCES.get(about.licence or "", "other-open"),
            "license_title": about.licence_title or about.licence,
            "license_url": about.licence,
            "metadata_created": f"{about.issued or card.modified.date().isoformat()}",
            "metadata_modified": card.modified.isoformat(),
            "owner_org": organization["id"],
            "organization": organization,
            "groups": [self._group(theme) for theme in about.themes],
            "num_tags": len(about.keywords),
            "tags": [{"name": k, "display_name": k, "state": "active"} for k in about.keywords],
            "num_resources": len(files) + 1,
            "resources": [
                *(self._resource(file, id, place) for place, file in enumerate(files)),
                self._endpoint(card, id, len(files)),
            ],
            "extras": [{"key": k, "value": v} for k, v in extras.items() if v],
        }

    def groups(self, *, whole: bool) -> list[Any]:
        """`group_list`: themes are CKAN's groups."""
        every = dict.fromkeys(theme for card in self._cards for theme in card.about.themes)
        found = [self._group(theme) for theme in every]
        return found if whole else [group["name"] for group in found]

    def _group(self, theme: str) -> Json:
        name = theme_name(theme)
        iri = theme_iri(theme)
        return {
            "id": _uuid(iri),
            "name": iri.rpartition("/")[2].lower(),
            "title": name.ja,
            "display_name": name.ja,
            "description": name.en,
        }

    def _resource(self, file: Distribution, package: str, place: int) -> Json:
        address = self._site.dump(file.path)
        return {
            "id": _uuid(address),
            "package_id": package,
            "position": place,
            "name": file.label.ja,
            "description": file.label.en,
            "url": address,
            "format": file.format.label,
            "mimetype": file.format.media_type,
            "size": file.bytes,
            "hash": f"sha256:{file.sha256}",
            "state": "active",
        }

    def _endpoint(self, card: DatasetCard, package: str, place: int) -> Json:
        return {
            "id": _uuid(f"{self._site.dataset(card.id)}#sparql"),
            "package_id": package,
            "position": place,
            "name": "SPARQL",
            "url": self._site.endpoint,
            "format": "SPARQL",
            "state": "active",
        }

    def _organization(self, card: DatasetCard) -> Json:
        body = next(iter(card.about.of_role("publisher")), None)
        name = body.name.ja if body else card.about.publisher or self._site.title
        iri = agent_iri(body, self._site) if body else self._site.catalog
        return {
            "id": _uuid(iri),
            "name": name,
            "title": name,
            "uri": iri,
            "is_organization": True,
            "type": "organization",
            "state": "active",
        }


def _uuid(iri: str) -> str:
    """CKAN's ids are UUIDs: one that follows from the IRI stays the same."""
    return str(uuid5(NAMESPACE_URL, iri))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _searched(card: DatasetCard) -> str:
    about = card.about
    texts = [card.id, about.title.ja, about.title.en, *about.keywords, about.publisher or ""]
    if about.description:
        texts += [about.description.ja, about.description.en]
    return _folded("\n".join(texts))


def _values(package: Json, field: str) -> tuple[str, ...]:
    """What a package has in a field of CKAN's search index; nothing in one that is not known."""
    match field:
        case "tags":
            return tuple(tag["name"] for tag in package["tags"])
        case "organization":
            return (package["organization"]["name"],)
        case "groups":
            return tuple(group["name"] for group in package["groups"])
        case "res_format":
            return tuple(dict.fromkeys(resource["format"] for resource in package["resources"]))
        case "license_id" | "name" | "title" | "type":
            return (package[field],)
        case _:
            return ()


def _counts(packages: Sequence[Json], field: str) -> dict[str, int]:
    counts = Counter(value for package in packages for value in _values(package, field))
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
