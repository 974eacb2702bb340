"""A site that publishes the twelve real files of ../shared/data/municipal-csv, for its tests."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import bootstrap
from app.findings import Findings
from app.publish.dataset import find_dataset
from app.publish.pipeline import Published, publish
from app.rdf.namespaces import PREFIXES, XSD
from app.settings import Settings
from app.store.base import QueryRequest, QueryService
from tests.conftest import ROOT

GOLDEN = Path(__file__).resolve().parent
BASE = "https://data.example.jp"

FILES = {
    "kanazawa-5374-center": "kanazawa5374_center.csv",
    "nanao-evacuation": "nanao_evac_reference.csv",
    "takamatsu-aed": "takamatsu_aed_quoted_crlf.csv",
    "takamatsu-aed-linkdata": "takamatsu_aed_bom_linkrow.csv",
    "takamatsu-evacuation-space": "takamatsu_evacuation_space.csv",
    "takamatsu-organisation": "takamatsu_organisation_list.csv",
    "takamatsu-population": "takamatsu_population_cp932.csv",
    "takamatsu-public-toilet": "takamatsu_public_toilet.csv",
    "takamatsu-rural-park": "takamatsu_rural_park_trailing_empty_cols.csv",
    "takamatsu-sandbag": "takamatsu_sandbag_jp_header_note_col.csv",
    "takamatsu-tourist-facilities": "takamatsu_tourist_facilities.csv",
    "takamatsu-wellbeing": "takamatsu_wellbeing_multirow_header.csv",
}
"""The file of each case."""


@dataclass(frozen=True)
class MunicipalSite:
    """The published release, and queries over it in the processes that foreign queries run in."""

    published: Published
    service: QueryService
    runner: asyncio.Runner

    def findings(self, dataset: str) -> Findings:
        """What was found in one data set."""
        return next(o.findings for o in self.published.outcomes if o.dataset == dataset)

    def rows(self, dataset: str) -> int:
        """How many rows of it were read."""
        done = next(o.converted for o in self.published.outcomes if o.dataset == dataset)
        return 0 if done is None else done.rows

    def messages(self, dataset: str) -> list[str]:
        """Its findings as an English-speaking steward reads them."""
        return [finding.message("en") for finding in self.findings(dataset)]

    def select(self, query: str) -> list[tuple[str, ...]]:
        """The solutions of a query, terms written short. Relative IRIs are of this site."""
        answer = json.loads(self.runner.run(self._ask(query)))
        names = answer["head"]["vars"]
        return [
            tuple(_short(row[name]) if name in row else "" for name in names)
            for row in answer["results"]["bindings"]
        ]

    def values(self, subject: str, path: str) -> list[str]:
        """What stands at the end of a property path from `<subject>`, sorted."""
        return sorted(row[0] for row in self.select(f"SELECT ?o {{ <{subject}> {path} ?o }}"))

    async def _ask(self, query: str) -> bytes:
        request = QueryRequest(
            query,
            ("application/sparql-results+json",),
            base_iri=f"{BASE}/",
            prefixes={**PREFIXES, "def": f"{BASE}/def/"},
        )
        answer = await self.service.run(request)
        return b"".join([chunk async for chunk in answer.chunks])


def _short(term: dict[str, Any]) -> str:
    """`id/aed/1`, `schema:Monday`, `高松市@ja`, `12^^xsd:integer`, `text`."""
    value: str = term["value"]
    if term["type"] == "uri":
        own = value.removeprefix(f"{BASE}/")
        if own != value:
            return own
        for prefix, iri in PREFIXES.items():
            if value.startswith(iri):
                return f"{prefix}:{value.removeprefix(iri)}"
        return value
    if "xml:lang" in term:
        return f"{value}@{term['xml:lang']}"
    if "datatype" in term:
        return f"{value}^^{term['datatype'].replace(XSD, 'xsd:').replace(PREFIXES['gsp'], 'gsp:')}"
    return value


@contextmanager
def municipal_site(folder: Path, files: Path) -> Iterator[MunicipalSite]:
    """Publish the twelve files, and the regions that they link to, into one release."""
    mappings = folder / "mappings"
    for case, file in FILES.items():
        shutil.copytree(GOLDEN / case, mappings / case)
        shutil.copy(files / file, mappings / case / file)
    shutil.copytree(ROOT / "mappings/regions", mappings / "regions")
    (folder / "vocab").symlink_to(ROOT / "vocab")
    settings = Settings.model_validate(
        {
            "base_iri": BASE,
            "mappings_dir": mappings,
            "vocab_dir": folder / "vocab",
            "data_dir": folder / "data",
            "query_workers": 1,
        }
    )
    datasets = [find_dataset(settings, name) for name in ("regions", *FILES)]
    published = publish(datasets, bootstrap.open_releases(settings), settings)
    service = bootstrap.query_service(settings)
    with asyncio.Runner() as runner:
        runner.run(service.start())
        try:
            yield MunicipalSite(published, service, runner)
        finally:
            runner.run(service.close())
