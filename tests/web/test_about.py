"""What the program says of itself: conformance and schemas."""

from __future__ import annotations

import json

from tests.conftest import ROOT
from tests.web.client import Client


def test_every_failure_of_a_suite_is_shown_with_its_reason(client: Client) -> None:
    report = json.loads((ROOT / "app/web/data/conformance.json").read_text(encoding="utf-8"))
    page = (client.get("/conformance", headers={"Accept": "text/html"})).text
    cases = [c for s in report["suites"] for c in (*s["failures"], *s["suite_errors"])]
    assert cases
    assert all(case["iri"] in page for case in cases)
    assert (client.get("/conformance.json")).json() == report


def test_the_schema_of_mappings_is_published(client: Client) -> None:
    answer = client.get("/schemas/yarrrml-1.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/schema+json"
    assert "mappings" in answer.json()["properties"]
    again = client.get("/schemas/yarrrml-1.json", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert (client.get("/schemas/none.json")).status_code == 404
