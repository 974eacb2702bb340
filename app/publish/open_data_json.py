"""`/data.json`: the catalog in the JSON of Project Open Data 1.1, which many harvesters read
(https://resources.data.gov/resources/dcat-us/)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.publish.catalog import DatasetCard
from app.publish.dcat import Site
from app.publish.distributions import Distribution, by_dataset
from app.publish.themes import theme_iri
from app.rdf.formats import Formats
from app.store.base import Manifest

Json = dict[str, Any]

_SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"


def open_data_json(manifest: Manifest, cards: Sequence[DatasetCard], site: Site) -> Json:
    """The catalog; Japanese texts, English ones beside them with the ending `_en`."""
    files = by_dataset(manifest)
    return {
        "@context": f"{_SCHEMA}/catalog.jsonld",
        "@id": site.catalog,
        "@type": "dcat:Catalog",
        "conformsTo": _SCHEMA,
        "describedBy": f"{_SCHEMA}/catalog.json",
        "dataset": [_dataset(card, files.get(card.id, ()), site) for card in cards],
    }


def _dataset(card: DatasetCard, files: Sequence[Distribution], site: Site) -> Json:
    about = card.about
    publisher = about.publisher or site.publisher or site.title
    contact = next((body.email for body in about.bodies if body.email), None)
    description = about.description or about.title
    body: Json = {
        "@type": "dcat:Dataset",
        "title": about.title.ja,
        "title_en": about.title.en,
        "description": description.ja,
        "description_en": description.en,
        "keyword": list(about.keywords),
        "theme": [theme_iri(theme) for theme in about.themes],
        "modified": card.modified.date().isoformat(),
        "publisher": {"@type": "org:Organization", "name": publisher},
        "contactPoint": {
            "@type": "vcard:Contact",
            "fn": publisher,
            **({"hasEmail": f"mailto:{contact}"} if contact else {}),
        },
        "identifier": site.dataset(card.id),
        "accessLevel": "public",
        "license": about.licence,
        "rights": about.credit,
        "issued": about.issued,
        "accrualPeriodicity": about.frequency,
        "spatial": about.spatial,
        "temporal": about.temporal,
        "landingPage": site.dataset(card.id),
        "language": ["ja", "en"] if about.title.en != about.title.ja else ["ja"],
        "distribution": [*(_file(file, site) for file in files), _endpoint(site)],
    }
    return {name: value for name, value in body.items() if value not in (None, "", [])}


def _file(file: Distribution, site: Site) -> Json:
    return {
        "@type": "dcat:Distribution",
        "title": file.label.ja,
        "downloadURL": site.dump(file.path),
        "mediaType": file.format.media_type,
        "format": file.format.label,
        "byteSize": file.bytes,
        "checksum": {"algorithm": "sha256", "checksumValue": file.sha256},
    }


def _endpoint(site: Site) -> Json:
    return {
        "@type": "dcat:Distribution",
        "title": "SPARQL",
        "accessURL": site.endpoint,
        "mediaType": Formats.RESULTS_JSON.value.media_type,
        "format": "SPARQL",
    }
