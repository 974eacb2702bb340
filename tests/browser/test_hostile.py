"""No text of the data, of a query or of an address ever becomes markup or script.

The browser is told to ignore the Content-Security-Policy here: it would stop injected scripts
and so hide a mistake in escaping.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from app.publish.tokens import Role, Tokens
from tests.browser.hostile import PAYLOADS, hostile_results, write_dataset, write_named
from tests.browser.kinds import in_language
from tests.browser.server import serving
from tests.browser.watch import Watched, watch
from tests.browser.workspace import run_query

pytestmark = pytest.mark.xdist_group("hostile")  # one server for all of them

_FOUND = """(page) => {
  const found = [];
  if (window.pwned || page.body.dataset.pwned) found.push("a script ran");
  const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
  for (const element of all(page)) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on")) found.push(`${element.tagName} ${name}`);
      if (["href", "src", "action", "formaction", "xlink:href"].includes(name)) {
        const scheme = new URL(value, document.baseURI).protocol;
        const inert = element.tagName === "LINK" || (element.tagName === "IMG" && scheme === "data:");
        if (!["http:", "https:", "mailto:", "tel:", "blob:"].includes(scheme) && !inert) {
          found.push(`${element.tagName} ${name}=${value}`);
        }
      }
    }
    if (["IFRAME", "OBJECT", "EMBED", "MATH", "MARQUEE"].includes(element.tagName)) found.push(element.tagName);
    if (element.id === "bait") found.push("a link of the data's own");
    if (element.tagName === "SCRIPT" && !element.src && !/json/.test(element.type)) found.push("SCRIPT");
  }
  return found;
}"""


_DOCUMENT = f"({_FOUND})(document)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def secret(folder: Path) -> str:
    """A token of that server."""
    return Tokens(folder / "data").add(Role.PUBLISHER)[1]


@pytest.fixture(scope="module")
def hostile(browser: Browser, folder: Path, secret: str) -> Iterator[str]:
    """A server over hostile data sets alone, with a hostile name."""
    write_dataset(folder / "mappings" / "hostile")
    write_named(folder / "mappings" / "named")
    mappings = str(folder / "mappings")
    with serving(folder / "data", mappings_dir=mappings, title=PAYLOADS[0]) as address:
        yield address


@pytest.fixture
def watched(browser: Browser, hostile: str) -> Iterator[Watched]:
    context = browser.new_context(bypass_csp=True, locale="ja-JP")
    context.set_default_timeout(10_000)
    yield watch(context, hostile)
    context.close()


def _assert_harmless(watched: Watched) -> None:
    assert watched.page.evaluate(_DOCUMENT) == []
    assert watched.dialogs == []
    assert watched.outside == []


def test_the_check_itself_finds_what_it_looks_for(watched: Watched) -> None:
    watched.page.goto(f"{watched.address}/healthz")
    watched.page.evaluate(
        "html => { document.body.innerHTML = html; }",
        "<a href='javascript:1'>x</a><img src=x onerror='window.pwned=1'><iframe></iframe>",
    )
    watched.page.wait_for_function("window.pwned === 1")
    assert len(watched.page.evaluate(_DOCUMENT)) == 4


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/dataset/hostile",
        "/catalog",
        "/doc/hostile/all",
        "/doc/hostile/7",
        "/sparql",
        "/browse",
        "/browse/def:Hostile",
        "/search?q=alert",
        "/history/hostile/7",
        "/queries/most-linked-things",
        "/queries/links-to-nowhere?embed=1",
    ],
)
def test_values_names_and_descriptions_are_text(watched: Watched, path: str, language: str) -> None:
    watched.open(in_language(path, language))
    assert watched.status == 200
    _assert_harmless(watched)


PLACES = {
    "literal and label": "/doc/hostile/[number]",
    "IRI": "/doc/hostile/by-name/[text]",
    "address of nothing": "/doc/[text]",
    "text of a search": "/search?q=[text]",
    "text of a filter": "/browse/def:Hostile?q=[text]",
    "value of a parameter": "/queries/population-of-region?region=[text]",
    "query": "/sparql?query=[text]",
    "variable": "/sparql?query=SELECT%20?[text]%20WHERE%20{?s%20?p%20?o}",
    "language tag": "/sparql?query=ASK%20{?s%20?p%20%22x%22@[text]}",
    "prefix": "/sparql?query=ASK%20{[text]:x%20?p%20?o}",
}
"""Addresses of pages that show a payload, by where it stands."""

_READ_ALL = """async ([paths, check]) => {
  const found = [];
  const inert = eval(check);
  const read = async (path) => {
    const reply = await fetch(path, {headers: {accept: "text/html"}});
    if (reply.status >= 500) found.push([path, reply.status]);
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (page.querySelector("main") === null) found.push([path, "no page"]);
    const inside = inert(page);
    if (inside.length > 0) found.push([path, inside]);
  };
  for (let i = 0; i < paths.length; i += 8) await Promise.all(paths.slice(i, i + 8).map(read));
  return found;
}"""

_OPEN_ALL = """async ([paths, check]) => {
  const found = [];
  const open = (path) => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.src = path;
    frame.onload = () => {
      const inside = frame.contentWindow.eval(`(${check})(document)`);
      if (inside.length > 0) found.push([path, inside]);
      frame.remove();
      done();
    };
    document.body.append(frame);
  });
  for (let i = 0; i < paths.length; i += 8) await Promise.all(paths.slice(i, i + 8).map(open));
  return found;
}"""


def _path(place: str, number: int) -> str:
    text = quote(PAYLOADS[number], safe="")
    return PLACES[place].replace("[number]", str(number)).replace("[text]", text)


@pytest.mark.parametrize("place", PLACES)
def test_every_payload_is_text_in_every_place(watched: Watched, place: str) -> None:
    """What the server wrote, read as a browser reads it: no element or attribute of a payload's."""
    watched.page.goto(f"{watched.address}/healthz")
    paths = [_path(place, number) for number in range(len(PAYLOADS))]
    assert watched.page.evaluate(_READ_ALL, [paths, _FOUND]) == []
    assert watched.dialogs == []


def test_no_payload_runs_in_an_open_page(watched: Watched) -> None:
    """In frames, eight at a time: each a page of its own, with its scripts, all in one visit. The
    places take turns; the workspace has tests of its own below."""
    watched.page.goto(f"{watched.address}/healthz")
    places = [place for place in PLACES if "/sparql" not in _path(place, 0)]
    paths = [_path(places[number % len(places)], number) for number in range(len(PAYLOADS))]
    assert watched.page.evaluate(_OPEN_ALL, [paths, _FOUND]) == []
    assert watched.dialogs == []
    assert watched.outside == []


def test_every_payload_as_the_name_of_a_mapping_and_of_a_column(
    watched: Watched, secret: str
) -> None:
    watched.open("/steward/?lang=en")
    watched.page.get_by_label("Token").fill(secret)
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url("**/steward/")
    page = watched.open("/steward/named/mapping?lang=en")
    expect(page.locator(".cm-content")).to_contain_text("<script>alert(1)</script>")
    _assert_harmless(watched)
    watched.open("/dataset/named")
    _assert_harmless(watched)


@pytest.mark.parametrize("part", [0, 1])
def test_names_of_variables_tags_and_datatypes_are_text_in_every_view(
    watched: Watched, part: int
) -> None:
    """The answers here are worse than any that our endpoint gives."""
    results = hostile_results(PAYLOADS[part::2])
    page = watched.open("/sparql?lang=ja")
    page.route(re.compile(r"/sparql$"), lambda route: route.fulfill(json=results))
    run_query(watched, "SELECT * WHERE { ?s ?p ?o }")
    expect(page.locator(".results tbody tr")).to_have_count(5)
    _assert_harmless(watched)
    for view in ("地図", "グラフ", "集計", "そのまま"):
        page.get_by_role("button", name=view, exact=True).click()
        page.wait_for_timeout(300)
        if view == "地図":
            page.locator(".results .map-point").first.click()
            expect(page.locator(".leaflet-popup-content")).to_be_visible()
        _assert_harmless(watched)


def test_texts_of_errors_are_text(watched: Watched) -> None:
    page = watched.open("/sparql?lang=ja")
    every = " ".join(PAYLOADS)
    problem = {
        "code": every,
        "message": {"ja": every, "en": every},
        "hint": {"ja": every, "en": every},
        "place": {"line": 1, "column": 1},
        "instead": every,
    }
    page.route(re.compile(r"/sparql$"), lambda route: route.fulfill(status=400, json=problem))
    run_query(watched, "SELECT * WHERE { ?s ?p ?o }")
    expect(page.locator(".failure")).to_contain_text("onerror=alert")
    page.locator(".cm-lintRange-error").hover()
    expect(page.locator(".cm-diagnostic")).to_be_visible()
    _assert_harmless(watched)


def test_the_workspace_shows_hostile_results_as_text(watched: Watched) -> None:
    page = watched.open("/sparql?lang=ja")
    run_query(
        watched,
        "SELECT ?thing ?label ?link WHERE { ?thing rdfs:label ?label ; rdfs:seeAlso ?link } LIMIT 250",
    )
    expect(page.locator(".results tbody tr").first).to_be_visible()
    _assert_harmless(watched)
    run_query(
        watched,
        "SELECT ?label ?lat ?long WHERE { ?s rdfs:label ?label ; geo:lat ?lat ; geo:long ?long }",
    )
    page.get_by_role("button", name="地図", exact=True).click()
    page.locator(".leaflet-container .map-cluster, .leaflet-container .map-point").first.click()
    page.wait_for_timeout(500)
    _assert_harmless(watched)
    run_query(watched, "SELECT ?label (STRLEN(?label) AS ?size) WHERE { ?s rdfs:label ?label }")
    page.get_by_role("button", name="グラフ", exact=True).click()
    expect(page.locator(".chart canvas")).to_be_visible()
    _assert_harmless(watched)
    run_query(watched, "CONSTRUCT WHERE { <id/hostile/all> ?p ?o }")
    page.get_by_role("button", name="つながり", exact=True).click()
    expect(page.locator(".chart canvas")).to_be_visible()
    page.get_by_role("button", name="プログラムにする").click()
    _assert_harmless(watched)


def test_the_workspace_shows_errors_of_hostile_queries_as_text(watched: Watched) -> None:
    watched.open("/sparql?lang=en")
    for payload in PAYLOADS[::10]:
        run_query(watched, f"SELECT * WHERE {{ ?s ?p ?o }} {payload}")
    _assert_harmless(watched)


def test_a_shared_address_of_somebody_hostile_only_opens_a_query(watched: Watched) -> None:
    watched.open(f"/sparql#q={quote(PAYLOADS[0])}")
    _assert_harmless(watched)
    watched.open(f"/sparql?query={quote(PAYLOADS[3])}")
    expect(watched.page.locator(".failure")).to_be_visible()
    _assert_harmless(watched)
