"""`/data.json`: the catalog in the JSON of Project Open Data 1.1, which many harvesters read
(https://resources.data.gov/resources/dcat-us/)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from app.publish.catalog import DatasetCard
from app.publish.dcat import Site
from app.publish.distributions import Distribution, by_dataset
from app.publish.themes import theme_iri
from app.rdf.formats import Formats
from app.store.base import Manifest

Json = dict[str, Any]

_FREQUENCIES: Final = "http://publications.europa.eu/resource/authority/frequency/"
_INTERVALS: Final = {
    "ANNUAL": "R/P1Y",
    "ANNUAL_2": "R/P6M",
    "ANNUAL_3": "R/P4M",
    "BIENNIAL": "R/P2Y",
    "TRIENNIAL": "R/P3Y",
    "QUINQUENNIAL": "R/P5Y",
    "DECENNIAL": "R/P10Y",
    "QUARTERLY": "R/P3M",
    "MONTHLY": "R/P1M",
    "MONTHLY_2": "R/P0.5M",
    "WEEKLY": "R/P1W",
    "WEEKLY_2": "R/P3.5D",
    "DAILY": "R/P1D",
    "HOURLY": "R/PT1H",
    "CONT": "R/PT1S",
    "UPDATE_CONT": "R/PT1S",
    "IRREG": "irregular",
    "irregular": "irregular",
}
"""Codes of https://resources.data.gov/schemas/dcat-us/v1.1/iso8601_guidance/ ."""

_SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"


def open_data_json(manifest: Manifest, cards: Sequence[DatasetCard], site: Site) -> Json:
    """The catalog; Japanese texts, English ones beside them with the ending `_en`."""
    files = by_dataset(manifest)
    datasets = [_dataset(card, files.get(card.id, ()), site) for card in cards]
    # The schema wants a mail address; without one the catalog does not say that it keeps to it.
    whole = all("hasEmail" in dataset["contactPoint"] for dataset in datasets)
    return {
        "@context": f"{_SCHEMA}/catalog.jsonld",
        "@id": site.catalog,
        "@type": "dcat:Catalog",
        **({"conformsTo": _SCHEMA, "describedBy": f"{_SCHEMA}/catalog.json"} if whole else {}),
        "dataset": datasets,
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
        "accrualPeriodicity": _interval(about.frequency),
        "spatial": about.spatial,
        "temporal": _period(about.temporal),
        "landingPage": site.dataset(card.id),
        "language": ["ja", "en"] if about.title.en != about.title.ja else ["ja"],
        "distribution": [*(_file(file, site) for file in files), _endpoint(site)],
    }
    return {name: value for name, value in body.items() if value not in (None, "", [])}


def _interval(frequency: str | None) -> str | None:
    """ISO 8601 for a frequency of the EU's authority table; others as they are written."""
    if frequency is None:
        return None
    return _INTERVALS.get(frequency.removeprefix(_FREQUENCIES), frequency)


def _period(temporal: str | None) -> str | None:
    """Start and end; what is one day, month or year begins and ends with it."""
    return f"{temporal}/{temporal}" if temporal and "/" not in temporal else temporal


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
