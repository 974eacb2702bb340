"""The bundled data, published once into a temporary folder, and the application over it."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from app import bootstrap
from app.publish.dataset import all_datasets
from app.publish.pipeline import publish
from app.settings import Settings, load
from app.web.app import build_app
from tests.conftest import ROOT

HOST = "lod.mihon.lg.jp"
BASE = f"https://{HOST}"


def published(folder: Path) -> tuple[Settings, FastAPI]:
    """Publish all small bundled data sets under a host name of one's own."""
    settings = load(
        None,
        {},
        base_iri=BASE,
        data_dir=folder,
        mappings_dir=ROOT / "mappings",
        vocab_dir=ROOT / "vocab",
        sparql_dir=ROOT / "sparql",
        title="見本市オープンデータ",
        publisher="見本市",
    )
    datasets = [d for d in all_datasets(settings) if not d.description.large]
    publish(datasets, bootstrap.open_releases(settings), settings)
    return settings, build_app(bootstrap.web_parts(settings))
