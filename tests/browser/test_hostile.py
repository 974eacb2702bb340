"""No text of the data, of a query or of an address ever becomes markup or script.

The browser is told to ignore the Content-Security-Policy here: it would stop injected scripts
and so hide a mistake in escaping.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hostile import PAYLOADS, write_dataset
from tests.browser.server import serving
from tests.browser.watch import Watched, watch

pytestmark = pytest.mark.xdist_group("hostile")  # one server for all of them

_FOUND = """() => {
  const found = [];
  if (window.pwned || document.body.dataset.pwned) found.push("a script ran");
  const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
  for (const element of all(document)) {
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


@pytest.fixture(scope="module")
def hostile(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over the hostile data set alone, with a hostile name."""
    folder = tmp_path_factory.mktemp("hostile")
    write_dataset(folder / "mappings" / "hostile")
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
    assert watched.page.evaluate(_FOUND) == []
    assert watched.dialogs == []
    assert watched.outside == []


def _run(page: Page, query: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".results .banner:not(.running)")).to_be_visible()


def test_the_check_itself_finds_what_it_looks_for(watched: Watched) -> None:
    watched.page.goto(f"{watched.address}/healthz")
    watched.page.evaluate(
        "html => { document.body.innerHTML = html; }",
        "<a href='javascript:1'>x</a><img src=x onerror='window.pwned=1'><iframe></iframe>",
    )
    watched.page.wait_for_function("window.pwned === 1")
    assert len(watched.page.evaluate(_FOUND)) == 4


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "path", ["/", "/dataset/hostile", "/doc/hostile/all", "/doc/hostile/7", "/sparql"]
)
def test_values_names_and_descriptions_are_text(watched: Watched, path: str, language: str) -> None:
    watched.open(f"{path}?lang={language}")
    _assert_harmless(watched)


def test_every_payload_as_a_name_and_as_an_address(watched: Watched) -> None:
    """In frames, eight at a time: each a page of its own, all in one visit."""
    watched.page.goto(f"{watched.address}/healthz")
    paths = [f"/doc/hostile/{number}" for number in range(0, len(PAYLOADS), 4)]
    paths += [f"/doc/hostile/by-name/{quote(payload, safe='')}" for payload in PAYLOADS[1::4]]
    paths += [f"/doc/{quote(payload, safe='')}" for payload in PAYLOADS[2::4]]
    paths += [f"/search?q={quote(payload, safe='')}" for payload in PAYLOADS[3::4]]
    found = watched.page.evaluate(
        """async ([paths, check]) => {
          const found = [];
          const one = (path) => new Promise((done) => {
            const frame = document.createElement("iframe");
            frame.src = path;
            frame.onload = () => {
              const inside = frame.contentWindow.eval(`(${check})()`);
              if (inside.length > 0) found.push([path, inside]);
              frame.remove();
              done();
            };
            document.body.append(frame);
          });
          for (let i = 0; i < paths.length; i += 8) await Promise.all(paths.slice(i, i + 8).map(one));
          return found;
        }""",
        [paths, _FOUND],
    )
    assert found == []
    assert watched.dialogs == []


def test_every_payload_as_a_query_is_an_error_in_words(watched: Watched) -> None:
    """As the form sends it, and in the place of a variable, a language tag and a prefix."""
    watched.page.goto(f"{watched.address}/healthz")
    forms = (
        "{}",
        "SELECT ?{} WHERE {{ ?s ?p ?o }}",
        'ASK {{ ?s ?p "x"@{} }}',
        "ASK {{ {}:x ?p ?o }}",
    )
    queries = [
        forms[number % len(forms)].replace("{}", payload).replace("{{", "{").replace("}}", "}")
        for number, payload in enumerate(PAYLOADS)
    ]
    found = watched.page.evaluate(
        """async ([queries, check]) => {
          const found = [];
          for (const query of queries) {
            const reply = await fetch("/sparql?" + new URLSearchParams({query}), {headers: {accept: "text/html"}});
            // Without the workspace's script, which runs the query again and is tried below.
            const page = (await reply.text()).replace(/<script type="module"[^>]*><\\/script>/g, "");
            const frame = document.createElement("iframe");
            frame.srcdoc = page;
            await new Promise((done) => { frame.onload = done; document.body.append(frame); });
            const inside = frame.contentWindow.eval(`(${check})()`);
            if (inside.length > 0) found.push([query, inside]);
            frame.remove();
          }
          return found;
        }""",
        [queries, _FOUND],
    )
    assert found == []
    assert watched.dialogs == []


def test_the_workspace_shows_hostile_results_as_text(watched: Watched) -> None:
    page = watched.open("/sparql?lang=ja")
    _run(
        page,
        "SELECT ?thing ?label ?link WHERE { ?thing rdfs:label ?label ; rdfs:seeAlso ?link } LIMIT 250",
    )
    expect(page.locator(".results tbody tr").first).to_be_visible()
    _assert_harmless(watched)
    _run(
        page,
        "SELECT ?label ?lat ?long WHERE { ?s rdfs:label ?label ; geo:lat ?lat ; geo:long ?long }",
    )
    page.get_by_role("button", name="地図", exact=True).click()
    page.locator(".leaflet-container .map-cluster, .leaflet-container .map-point").first.click()
    page.wait_for_timeout(500)
    _assert_harmless(watched)
    _run(page, "SELECT ?label (STRLEN(?label) AS ?size) WHERE { ?s rdfs:label ?label }")
    page.get_by_role("button", name="グラフ", exact=True).click()
    expect(page.locator(".chart canvas")).to_be_visible()
    _assert_harmless(watched)
    _run(page, "CONSTRUCT WHERE { <id/hostile/all> ?p ?o }")
    page.get_by_role("button", name="つながり", exact=True).click()
    expect(page.locator(".chart canvas")).to_be_visible()
    page.get_by_role("button", name="プログラムにする").click()
    _assert_harmless(watched)


def test_the_workspace_shows_errors_of_hostile_queries_as_text(watched: Watched) -> None:
    page = watched.open("/sparql?lang=en")
    for payload in PAYLOADS[::10]:
        _run(page, f"SELECT * WHERE {{ ?s ?p ?o }} {payload}")
    _assert_harmless(watched)


def test_a_shared_address_of_somebody_hostile_only_opens_a_query(watched: Watched) -> None:
    watched.open(f"/sparql#q={quote(PAYLOADS[0])}")
    _assert_harmless(watched)
    watched.open(f"/sparql?query={quote(PAYLOADS[3])}")
    expect(watched.page.locator(".failure")).to_be_visible()
    _assert_harmless(watched)
