"""The catalog: DCAT, VoID, service description, data.json, CKAN's API, dumps, sitemap."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import pyshacl
import pytest
import rdflib
import rdflib.compare
import zstandard
from pyoxigraph import RdfFormat, parse
from rdflib import DCAT, DCTERMS, RDF, VOID, Graph, URIRef

from tests.web.client import Client
from tests.web.published import BASE

SHAPES = Path(__file__).parent / "shapes" / "dcat-ap.ttl"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
RDF_FORMATS = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
    "rdf": ("application/rdf+xml", "xml"),
}
DOCUMENTS = ["/catalog", "/.well-known/void", "/dataset/regions"]


def graph(client: Client, address: str, format: str = "ttl") -> Graph:
    media_type, name = RDF_FORMATS[format]
    answer = client.get(address, headers={"accept": media_type})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    return Graph().parse(data=answer.content, format=name)


@pytest.mark.parametrize("address", [*DOCUMENTS, "/sparql"])
@pytest.mark.parametrize("format", sorted(RDF_FORMATS))
def test_every_format_says_the_same(real: Client, address: str, format: str) -> None:
    if format != "ttl":
        found = graph(real, address, format)
        assert rdflib.compare.isomorphic(found, graph(real, address))


@pytest.mark.parametrize("address", DOCUMENTS)
@pytest.mark.parametrize("format", sorted(RDF_FORMATS))
def test_documents_can_be_revalidated_and_have_suffixes(
    real: Client, address: str, format: str
) -> None:
    answer = real.get(f"{address}.{format}")
    assert answer.headers["content-type"].partition(";")[0] == RDF_FORMATS[format][0]
    assert 'rel="alternate"' in answer.headers["link"]
    headers = {"if-none-match": answer.headers["etag"]}
    again = real.get(f"{address}.{format}", headers=headers)
    assert again.status_code == 304
    assert real.get(address, headers={"accept": "image/png"}).status_code == 406


def test_the_catalog_passes_the_shapes_of_dcat_ap(real: Client) -> None:
    conforms, _, report = pyshacl.validate(
        graph(real, "/catalog"), shacl_graph=Graph().parse(SHAPES), advanced=False
    )
    assert conforms, report


def test_the_shapes_find_what_is_missing(real: Client) -> None:
    broken = graph(real, "/catalog")
    broken.remove((URIRef(f"{BASE}/dataset/regions"), DCTERMS.license, None))
    broken.remove((URIRef(f"{BASE}/dataset/regions#ttl"), DCAT.byteSize, None))
    conforms, _, report = pyshacl.validate(broken, shacl_graph=Graph().parse(SHAPES))
    assert not conforms
    assert "license" in report
    assert "byteSize" in report


@pytest.mark.parametrize(
    "term",
    [
        DCTERMS.title,
        DCTERMS.identifier,
        DCTERMS.publisher,
        DCTERMS.creator,
        DCTERMS.license,
        DCAT.keyword,
        DCTERMS.accrualPeriodicity,
        DCTERMS.issued,
        DCTERMS.modified,
        DCTERMS.language,
    ],
)
def test_the_metadata_items_of_the_guide_are_there(real: Client, term: URIRef) -> None:
    dataset = URIRef(f"{BASE}/dataset/census-population")
    assert list(graph(real, "/catalog").objects(dataset, term))


def test_files_say_their_size_format_and_sum_truly(real: Client) -> None:
    catalog = graph(real, "/catalog")
    files = list(catalog.subject_objects(DCAT.downloadURL))
    assert len(files) >= 12
    for distribution, address in files:
        answer = real.get(str(address).removeprefix(BASE), headers={"accept-encoding": "identity"})
        assert answer.status_code == 200
        assert len(answer.content) == int(str(catalog.value(distribution, DCAT.byteSize)))
        checksum = catalog.value(distribution, SPDX.checksum)
        stated = str(catalog.value(checksum, SPDX.checksumValue)).lower()
        assert hashlib.sha256(answer.content).hexdigest() == stated
        assert catalog.value(distribution, DCAT.mediaType)


def test_every_address_of_ours_in_the_catalog_answers(real: Client) -> None:
    addresses = {
        str(object).partition("#")[0]
        for object in graph(real, "/catalog").objects()
        if str(object).startswith(f"{BASE}/")
    }
    assert len(addresses) > 20
    for address in addresses:
        answer = real.get(address.removeprefix(BASE), headers={"accept": "text/html, */*;q=0.1"})
        assert answer.status_code in (200, 303), address


def test_void_counts_partitions_and_linksets(real: Client) -> None:
    void = graph(real, "/.well-known/void")
    everything = URIRef(f"{BASE}/.well-known/void#all")
    total = int(str(void.value(everything, VOID.triples)))
    partitions = list(void.objects(everything, VOID.propertyPartition))
    assert sum(int(str(void.value(part, VOID.triples))) for part in partitions) == total
    assert len(list(void.objects(everything, VOID.classPartition))) > 10
    linksets = {
        (str(void.value(s, VOID.subjectsTarget)), str(void.value(s, VOID.linkPredicate))): s
        for s in void.subjects(RDF.type, VOID.Linkset)
    }
    same = linksets[(f"{BASE}/dataset/regions", "http://www.w3.org/2002/07/owl#sameAs")]
    assert str(void.value(same, VOID.objectsTarget)) == "http://data.e-stat.go.jp/lod/"
    assert int(str(void.value(same, VOID.triples))) > 1_900
    for example in set(void.objects(None, VOID.exampleResource)):
        path = str(example).removeprefix(BASE)
        assert real.get(path).status_code == 303
    for dump in void.objects(None, VOID.dataDump):
        answer = real.head(str(dump).removeprefix(BASE))
        assert answer.status_code == 200
        assert answer.headers["content-type"] in ("text/turtle; charset=utf-8", "application/zstd")


def test_all_data_sets_are_one_file_too(real: Client) -> None:
    def quads(address: str) -> list[bytes]:
        body = real.get(address).content
        reader = zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True)
        return reader.read().splitlines()

    files = [row.split("  ")[1] for row in real.get("/dumps/SHA256SUMS").text.splitlines()]
    packed = [name for name in files if name.endswith(".nq.zst") and name != "all.nq.zst"]
    everything = quads("/dumps/all.nq.zst")
    assert sorted(everything) == sorted(line for name in packed for line in quads(f"/dumps/{name}"))
    manifest = real.get("/releases/current/manifest.json").json()
    assert len(everything) == sum(entry["quads"] for entry in manifest["graphs"].values())
    address = URIRef(f"{BASE}/dumps/all.nq.zst")
    void, catalog = graph(real, "/.well-known/void"), graph(real, "/catalog")
    everywhere = URIRef(f"{BASE}/.well-known/void#all")
    assert list(void.objects(everywhere, VOID.dataDump)) == [address]
    (file,) = catalog.subjects(DCAT.downloadURL, address)
    assert catalog.value(None, DCAT.distribution, file) == URIRef(f"{BASE}/catalog")


def test_the_endpoint_describes_itself_when_nothing_is_asked(real: Client) -> None:
    description = graph(real, "/sparql")
    service = URIRef(f"{BASE}/sparql")
    assert description.value(service, SD.endpoint) == service
    names = {str(name) for name in description.objects(None, SD.name)}
    assert f"{BASE}/graphs/regions" in names
    assert f"{BASE}/graphs/vocabulary" in names
    # The graphs that it names are there.
    asked = real.get(
        "/sparql",
        params={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "format": "csv"},
    )
    assert set(asked.text.split()[1:]) == names


def test_the_endpoint_offers_examples_that_run_and_prefixes(real: Client) -> None:
    description = graph(real, "/sparql")
    service = URIRef(f"{BASE}/sparql")
    declared = {
        str(description.value(node, SH.prefix)): str(description.value(node, SH.namespace))
        for node in description.objects(service, SH.declare)
    }
    assert declared["gsp"] == "http://www.opengis.net/ont/geosparql#"
    examples = set(description.subjects(rdflib.RDF.type, SH.SPARQLExecutable))
    assert len(examples) >= 20
    aed = URIRef(f"{BASE}/queries/nearest-aed")
    assert description.value(aed, SH.prefixes) == service
    labels = [cast(rdflib.Literal, label) for label in description.objects(aed, rdflib.RDFS.label)]
    assert {label.language for label in labels} == {"ja", "en"}
    text = str(description.value(aed, SH.select))
    assert real.get("/sparql", params={"query": text, "format": "csv"}).text.count("\n") > 1


def test_every_function_that_the_endpoint_names_works(real: Client) -> None:
    description = graph(real, "/sparql")
    named = set(description.objects(URIRef(f"{BASE}/sparql"), SD.extensionFunction))
    assert URIRef("http://www.opengis.net/def/function/geosparql/distance") in named
    point = '"POINT(139.7 35.6)"^^gsp:wktLiteral'
    metre = "<http://www.opengis.net/def/uom/OGC/1.0/metre>"
    calls = [
        f"COALESCE(<{name}>({point}), <{name}>({point}, {point}), "
        f'<{name}>({point}, {point}, {metre}), <{name}>({point}, {point}, "T*F**F***"))'
        for name in sorted(map(str, named))
    ]
    query = f"SELECT {' '.join(f'({call} AS ?f{n})' for n, call in enumerate(calls))} {{}}"
    answer = real.get("/sparql", params={"query": query, "format": "srj"}).json()
    assert len(answer["results"]["bindings"][0]) == len(named)


def test_a_browser_still_gets_the_form_and_a_query_its_answer(real: Client) -> None:
    assert "<form" in real.get("/sparql", headers={"accept": "text/html"}).text
    answer = real.get("/sparql?query=ASK{}", headers={"accept": "application/sparql-results+json"})
    assert answer.json()["boolean"] is True


def test_data_json_lists_every_data_set(real: Client) -> None:
    body = real.get("/data.json").json()
    # Nobody left a mail address, which the schema wants: so nothing is said of the schema.
    assert "conformsTo" not in body
    census = next(d for d in body["dataset"] if d["identifier"].endswith("/census-population"))
    assert census["accrualPeriodicity"] == "R/P5Y"
    assert census["temporal"] == "2020-10-01/2020-10-01"
    needed = {"title", "description", "keyword", "modified", "publisher", "contactPoint",
              "identifier", "accessLevel", "license", "distribution"}  # fmt: skip
    assert len(body["dataset"]) == 6
    for dataset in body["dataset"]:
        assert needed <= set(dataset)


def action(client: Client, name: str, **parameters: str) -> object:
    answer = client.get(f"/api/3/action/{name}", params=parameters)
    assert answer.status_code == 200
    body = answer.json()
    assert body["success"] is True
    assert body["help"].endswith(name)
    return body["result"]


def test_ckan_lists_shows_and_searches(real: Client) -> None:
    names = action(real, "package_list")
    assert isinstance(names, list)
    assert "regions" in names
    assert action(real, "package_list", limit="2", offset="1") == names[1:3]
    package = action(real, "package_show", id="regions")
    assert isinstance(package, dict)
    assert package["title"] == "全国の地域コード"
    assert action(real, "package_show", id=package["id"]) == package
    extras = {extra["key"]: extra["value"] for extra in package["extras"]}
    assert extras["uri"] == f"{BASE}/dataset/regions"
    for resource in package["resources"]:
        assert real.head(resource["url"].removeprefix(BASE)).status_code in (200, 400)
    found = action(real, "package_search", q="ＡＥＤ", rows="1")  # full width, by its folded form
    assert isinstance(found, dict)
    assert [p["name"] for p in found["results"]] == ["sample-aed"]
    tagged = action(real, "package_search", fq="tags:人口")
    assert isinstance(tagged, dict)
    assert tagged["count"] == 1
    nothing = action(real, "package_search", q="存在しない言葉")
    assert isinstance(nothing, dict)
    assert nothing["count"] == 0
    organizations = action(real, "organization_list", all_fields="true")
    assert isinstance(organizations, list)
    assert sum(o["package_count"] for o in organizations) == len(names)
    tags = action(real, "tag_list")
    assert isinstance(tags, list)
    assert "人口" in tags


def ckanapi(client: Client, name: str, **parameters: object) -> Any:
    """A call as the Python library `ckanapi` makes it: POST with JSON."""
    answer = client.post(f"/api/3/action/{name}", json=parameters)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["success"] is True
    return body["result"]


def test_ckans_own_client_is_answered(real: Client) -> None:
    names = ckanapi(real, "package_list")
    assert names == action(real, "package_list")
    for name in names:
        package = ckanapi(real, "package_show", id=name)
        assert package["num_resources"] == len(package["resources"])
        assert {"id", "name", "title", "notes", "license_id", "organization", "tags"} <= set(
            package
        )
        for resource in package["resources"]:
            assert {"id", "package_id", "url", "format", "name"} <= set(resource)
    everything = ckanapi(real, "current_package_list_with_resources", limit=1000)
    assert [package["name"] for package in everything] == names


def test_ckan_search_filters_sorts_and_counts(real: Client) -> None:
    found = ckanapi(
        real, "package_search", q="*:*", rows=2, sort="name desc",
        **{"facet.field": ["organization", "tags", "res_format"]},
    )  # fmt: skip
    names = action(real, "package_list")
    assert isinstance(names, list)
    assert found["count"] == len(names)
    assert [p["name"] for p in found["results"]] == sorted(names, reverse=True)[:2]
    assert sum(found["facets"]["organization"].values()) == len(names)
    assert found["facets"]["res_format"]["CSV"] == len(names)
    items = found["search_facets"]["organization"]["items"]
    assert {item["name"]: item["count"] for item in items} == found["facets"]["organization"]
    maps = ckanapi(real, "package_search", fq='res_format:GeoJSON tags:"AED"')
    assert [p["name"] for p in maps["results"]] == ["sample-aed"]
    without = ckanapi(real, "package_search", fq="-res_format:GeoJSON")
    assert without["count"] == len(names) - found["facets"]["res_format"]["GeoJSON"]
    assert ckanapi(real, "package_search", fq="no_such_field:x")["count"] == 0


def test_ckan_resources_have_the_table_as_received(real: Client) -> None:
    resources = ckanapi(real, "package_show", id="sample-public-toilets")["resources"]
    by_url = {resource["url"].removeprefix(BASE): resource for resource in resources}
    received = by_url["/dumps/sample-public-toilets/source/toilets.csv"]
    assert received["format"] == "CSV"
    assert received["mimetype"] == "text/csv"
    body = real.get("/dumps/sample-public-toilets/source/toilets.csv").content
    assert received["size"] == len(body)
    assert received["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"


def test_ckan_shows_organisations_and_tags_whole(real: Client) -> None:
    (first, *_) = ckanapi(real, "organization_list", all_fields=True)
    assert ckanapi(real, "organization_show", id=first["name"]) == first
    assert ckanapi(real, "organization_show", id=first["id"]) == first
    tags = ckanapi(real, "tag_list", all_fields=True)
    assert [tag["name"] for tag in tags] == action(real, "tag_list")


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"x" * 70_000, "application/json", 413),
        (b'{"facet.field": "x"}', "application/json", 409),
        (b'{"rows": {"a": 1}}', "application/json", 409),
        (b"rows=1&q=AED", "application/x-www-form-urlencoded", 200),
        (b"", "application/json", 200),
    ],
)
def test_ckan_takes_only_bodies_it_can_read(
    real: Client, body: bytes, content_type: str, status: int
) -> None:
    answer = real.post(
        "/api/3/action/package_search", content=body, headers={"content-type": content_type}
    )
    assert answer.status_code == status
    assert answer.json()["success"] is (status == 200)


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("package_show?id=nothing", 404, "Not Found Error"),
        ("package_show", 409, "Validation Error"),
        ("package_list?limit=-1", 409, "Validation Error"),
        ("package_search?rows=%EF%BC%91", 409, "Validation Error"),
        ("package_delete", 404, "Not Found Error"),
    ],
)
def test_ckan_refuses_in_its_own_way(real: Client, address: str, status: int, kind: str) -> None:
    answer = real.get(f"/api/3/action/{address}")
    assert answer.status_code == status
    assert answer.json()["success"] is False
    assert answer.json()["error"]["__type"] == kind


def test_a_dump_comes_in_ranges(real: Client) -> None:
    whole = real.get("/dumps/regions.nq.zst")
    size = len(whole.content)
    assert whole.headers["accept-ranges"] == "bytes"
    etag = whole.headers["etag"]
    for asked, expected in (
        ("bytes=0-99", whole.content[:100]),
        ("bytes=100-", whole.content[100:]),
        ("bytes=-10", whole.content[-10:]),
    ):
        part = real.get("/dumps/regions.nq.zst", headers={"range": asked, "if-range": etag})
        assert part.status_code == 206
        assert part.content == expected
        assert part.headers["content-range"].endswith(f"/{size}")
    changed = {"range": "bytes=0-9", "if-range": '"another"'}
    assert real.get("/dumps/regions.nq.zst", headers=changed).status_code == 200
    beyond = {"range": f"bytes={size}-"}
    assert real.get("/dumps/regions.nq.zst", headers=beyond).status_code == 416
    assert real.get("/dumps/regions.nq.zst", headers={"if-none-match": etag}).status_code == 304
    assert real.get("/dumps/nothing.nq").status_code == 404
    assert real.get("/dumps/..%2fmanifest.json").status_code == 404


def test_the_sums_are_those_of_the_files(real: Client) -> None:
    lines = real.get("/dumps/SHA256SUMS").text.splitlines()
    assert len(lines) >= 14
    page = real.get("/dumps/", headers={"accept": "text/html"}).text
    for line in lines:
        digest, name = line.split("  ")
        assert digest in page
        assert f"/dumps/{name}" in page
    digest = next(line for line in lines if line.endswith("sample-aed.ttl")).split()[0]
    body = real.get("/dumps/sample-aed.ttl").content
    assert hashlib.sha256(body).hexdigest() == digest
    assert len(list(parse(body, RdfFormat.TURTLE))) > 600


def test_the_sitemap_lists_the_pages_that_are_no_things(real: Client) -> None:
    text = real.get("/sitemaps/pages.xml").text
    paths = re.findall(rf"<loc>{re.escape(BASE)}([^<]*)</loc>", text)
    assert {"/", "/catalog", "/queries", "/changes", "/releases", "/regions", "/browse"} <= set(
        paths
    )
    assert any(path.startswith("/queries/") for path in paths)
    for path in paths:
        assert real.get(path, headers={"accept": "text/html"}).status_code == 200, path


def test_the_sitemap_lists_documents_that_answer(real: Client) -> None:
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    index = ElementTree.fromstring(real.get("/sitemap.xml").content)
    files = [str(node.text).removeprefix(BASE) for node in index.findall(".//s:loc", space)]
    assert files[0] == "/sitemaps/pages.xml"
    addresses = []
    for file in files:
        listed = ElementTree.fromstring(real.get(file).content).findall(".//s:loc", space)
        assert 0 < len(listed) <= 50_000
        addresses += [str(node.text) for node in listed]
    assert len(addresses) == len(set(addresses)) > 3_000
    for address in addresses[:10] + addresses[::400]:
        assert address.isascii()
        answer = real.get(address.removeprefix(BASE), headers={"accept": "text/html"})
        assert answer.status_code == 200, address
    assert real.get("/sitemaps/999.xml").status_code == 404
    assert f"Sitemap: {BASE}/sitemap.xml" in real.get("/robots.txt").text


def test_the_page_of_a_data_set_shows_its_beginning_and_its_files(real: Client) -> None:
    page = real.get("/dataset/sample-aed?lang=ja", headers={"accept": "text/html"}).text
    assert 'class="preview"' in page
    assert page.count('href="/id/aed/sample-') >= 5
    assert 'href="/dumps/sample-aed.nq.zst"' in page
    assert 'href="/dataset/sample-aed.ttl"' in page


def test_the_catalog_page_names_every_data_set(real: Client) -> None:
    page = real.get("/catalog?lang=en", headers={"accept": "text/html"}).text
    for name in ("regions", "census-population", "postal-codes", "sample-aed"):
        assert f'href="/dataset/{name}"' in page
    assert "CC BY 4.0" in page


def titles(client: Client, query: str) -> list[str]:
    text = client.get(f"/catalog?lang=ja{query}", headers={"accept": "text/html"}).text
    return re.findall(r'<h2><a href="/dataset/([^"]+)">', text)


def test_the_catalog_page_is_narrowed_by_theme_keyword_and_publisher(real: Client) -> None:
    assert titles(real, "&theme=HEAL") == ["sample-aed"]
    assert titles(real, "&tag=避難場所") == ["sample-evacuation-sites"]
    assert titles(real, "&organization=nobody") == []
    text = real.get("/catalog?theme=HEAL", headers={"accept": "text/html"}).text
    assert "「健康・医療」のデータセットは 1 件です。" in text
    assert 'href="/catalog?theme=HEAL&amp;lang=en"' in text
    assert real.get("/catalog?tag=%3Cscript%3E", headers={"accept": "text/html"}).text.count(
        "<script>"
    ) == 0  # fmt: skip
    whole = graph(real, "/catalog?theme=HEAL")
    assert len(list(whole.objects(URIRef(f"{BASE}/catalog"), DCAT.dataset))) == len(
        titles(real, "")
    )


def test_a_data_set_is_counted_by_what_it_is_about(real: Client) -> None:
    text = real.get("/catalog?lang=ja", headers={"accept": "text/html"}).text
    assert "AED（自動体外式除細動器） 15 件" in text
    assert (
        "15 × Automated external defibrillator"
        in real.get("/catalog?lang=en", headers={"accept": "text/html"}).text
    )


def test_every_chip_of_the_catalog_leads_to_data_sets(real: Client) -> None:
    text = real.get("/catalog", headers={"accept": "text/html"}).text
    chips = set(re.findall(r'href="/catalog(\?(?:theme|tag|organization)=[^"]+)"', text))
    assert len(chips) > 10
    for chip in chips:
        assert titles(real, "&" + chip.replace("&amp;", "&")[1:]), chip


def test_themes_are_those_of_dcat_ap(real: Client) -> None:
    themes = {str(theme) for theme in graph(real, "/catalog").objects(None, DCAT.theme)}
    space = "http://publications.europa.eu/resource/authority/data-theme/"
    assert f"{space}HEAL" in themes
    assert all(theme.startswith(space) for theme in themes)
    assert "heal" in ckanapi(real, "group_list")
    healthy = ckanapi(real, "package_search", fq="groups:heal")
    assert [p["name"] for p in healthy["results"]] == ["sample-aed"]


def structured(client: Client, path: str) -> dict[str, object]:
    page = client.get(path, headers={"accept": "text/html"}).text
    return dict(json.loads(page.split('<script type="application/ld+json">')[1].split("<")[0]))


def test_search_engines_of_data_find_data_sets_and_the_catalog(real: Client) -> None:
    told = structured(real, "/dataset/regions")
    assert told["@type"] == "Dataset"
    assert told["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    files = cast(list[dict[str, str]], told["distribution"])
    assert {"text/csv", "text/turtle"} <= {file["encodingFormat"] for file in files}
    assert all(len(file["sha256"]) == 64 for file in files)
    catalog = structured(real, "/catalog")
    assert catalog["@type"] == "DataCatalog"
    assert len(cast(list[object], catalog["dataset"])) == 6
