"""schema.org of data sets and of the catalog, inside their pages, for search engines of data
(https://developers.google.com/search/docs/appearance/structured-data/dataset)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.errors import Language
from app.publish.catalog import DatasetCard
from app.publish.dcat import Site
from app.publish.distributions import Distribution
from app.web.structured_data import as_script

Json = dict[str, Any]


def dataset_data(
    card: DatasetCard, files: Sequence[Distribution], site: Site, language: Language
) -> str:
    """A data set as JSON-LD that can stand inside a script element."""
    return as_script({"@context": "https://schema.org", **_dataset(card, files, site, language)})


def catalog_data(cards: Sequence[DatasetCard], site: Site, language: Language) -> str:
    """The catalog as JSON-LD that can stand inside a script element."""
    return as_script(
        {
            "@context": "https://schema.org",
            "@type": "DataCatalog",
            "@id": site.catalog,
            "url": site.catalog,
            "name": site.title,
            "license": site.licence,
            "dataset": [
                {
                    "@type": "Dataset",
                    "@id": site.dataset(card.id),
                    "name": card.about.title.in_language(language),
                    "url": site.dataset(card.id),
                }
                for card in cards
            ],
        }
    )


def _dataset(
    card: DatasetCard, files: Sequence[Distribution], site: Site, language: Language
) -> Json:
    about = card.about
    description = about.description or about.title
    publisher = about.publisher or site.publisher or site.title
    told: Json = {
        "@type": "Dataset",
        "@id": site.dataset(card.id),
        "url": site.dataset(card.id),
        "identifier": site.dataset(card.id),
        "name": about.title.in_language(language),
        "description": description.in_language(language),
        "license": about.licence,
        "creator": {"@type": "Organization", "name": publisher},
        "publisher": {"@type": "Organization", "name": publisher},
        "keywords": list(about.keywords),
        "dateModified": card.modified.date().isoformat(),
        "datePublished": about.issued,
        "temporalCoverage": about.temporal,
        "version": about.version,
        "isAccessibleForFree": True,
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": site.catalog, "url": site.catalog},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.label.in_language(language),
                "contentUrl": site.dump(file.path),
                "encodingFormat": file.format.media_type,
                "contentSize": f"{file.bytes} B",
                "sha256": file.sha256,
            }
            for file in files
        ],
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}
