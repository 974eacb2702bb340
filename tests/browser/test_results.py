"""What the workspace makes of a result: tables, maps, charts, graphs, files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Open
from tests.browser.workspace import JA, run_query


def test_an_example_with_places_opens_as_a_map_whose_points_lead_to_pages(open_site: Open) -> None:
    watched = open_site()
    page = watched.open(JA)
    page.get_by_role("button", name="災害の種類で選ぶ避難場所").click()
    expect(page.locator(".results .leaflet-container")).to_be_visible()
    point = page.locator(".results .map-point").first
    point.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup-content a").first
    expect(link).to_have_attribute("href", re.compile(r"^/id/evacuation-site/"))
    watched.assert_clean()


def test_an_example_with_numbers_opens_as_a_chart_that_can_be_changed(open_site: Open) -> None:
    watched = open_site()
    page = watched.open(JA)
    page.get_by_role("button", name="都道府県別の人口と性比").click()
    expect(page.locator(".chart canvas")).to_be_visible()
    for kind in ("line", "pie", "pyramid", "bar"):
        page.get_by_label("種類").select_option(kind)
        expect(page.locator(".chart canvas")).to_be_visible()
    expect(page.get_by_role("checkbox", name="population")).to_be_checked()
    watched.assert_clean()


def test_statements_are_drawn_as_a_graph(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = run_query(watched, "DESCRIBE <id/aed/sample-1>")
    expect(page.locator(".results tbody tr").first).to_be_visible()
    page.get_by_role("button", name="つながり", exact=True).click()
    expect(page.locator(".chart.graph canvas")).to_be_visible()
    page.get_by_role("button", name="そのまま", exact=True).click()
    expect(page.locator(".results pre")).to_contain_text("@prefix")
    watched.assert_clean()


def test_things_in_a_table_have_their_names_and_lead_to_their_pages(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = run_query(
        watched, "SELECT ?r WHERE { ?r dcterms:isPartOf <id/region/31000> } ORDER BY ?r"
    )
    row = page.locator(".results tbody tr", has_text="31201")
    expect(row.locator("a")).to_have_attribute("href", "/id/region/31201")
    expect(row).to_contain_text("鳥取市")
    watched.assert_clean()


def test_the_numbers_of_a_chart_can_be_read_as_a_table(open_site: Open) -> None:
    watched = open_site()
    page = watched.open(JA)
    page.get_by_role("button", name="都道府県別の人口と性比").click()
    expect(page.locator(".chart")).to_have_attribute("aria-label", re.compile("下の表"))
    page.get_by_text("数値の表").click()
    row = page.locator(".chart-numbers tr", has_text="鳥取県")
    expect(row.locator("td")).to_have_text(["553,407"])
    page.get_by_label("種類").select_option("pyramid")
    for name in ("population", "sexRatio"):
        expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    expect(row.locator("td")).to_have_count(2)
    watched.assert_clean()


def test_things_of_one_name_stay_apart_in_a_cross_table(open_site: Open) -> None:
    """府中市 lies in 東京都 and in 広島県."""
    watched = open_site()
    watched.open(JA)
    page = run_query(
        watched,
        "SELECT ?city ?prefecture WHERE { ?city rdfs:label ?name ; dcterms:isPartOf ?prefecture "
        "FILTER(STR(?name) IN ('府中市', '伊達市')) }",
    )
    page.get_by_role("button", name="集計", exact=True).click()
    expect(page.locator(".results thead th", has_text="府中市")).to_have_count(2)
    expect(page.locator(".results tbody")).to_contain_text("広島県")
    watched.assert_clean()


def test_the_server_says_that_a_result_is_limited_or_out_of_time(open_site: Open) -> None:
    """The banner reads the endpoint's own words: the header Tsunagu-Result and the error."""
    watched = open_site()
    page = watched.open(JA)

    def cut(route: Route) -> None:
        reply = route.fetch()
        headers = {**reply.headers, "tsunagu-result": "limited; rows=1"}
        route.fulfill(response=reply, headers=headers)

    page.route(re.compile(r"/sparql$"), cut)
    run_query(watched, "SELECT ?n WHERE { <id/region/13101> rdfs:label ?n FILTER(lang(?n)='ja') }")
    expect(page.locator(".banner.limited")).to_have_text(re.compile("1 行（サーバーの上限"))
    page.unroute(re.compile(r"/sparql$"))
    message = {"ja": "打ち切りました。", "en": "Stopped."}
    body = {"code": "query-timeout", "message": message}
    page.route(re.compile(r"/sparql$"), lambda route: route.fulfill(status=503, json=body))
    run_query(watched, "ASK { ?s ?p ?o }")
    expect(page.locator(".banner.failed")).to_contain_text("時間切れ")
    watched.assert_clean()


def test_a_result_is_crossed(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = run_query(
        watched,
        "SELECT ?area ?sex ?population WHERE { ?o <http://purl.org/linked-data/sdmx/2009/"
        "dimension#refArea> ?area ; <http://purl.org/linked-data/sdmx/2009/dimension#sex> ?sex ; "
        "<def/population> ?population }",
    )
    page.get_by_role("button", name="集計", exact=True).click()
    row = page.locator(".results tbody tr", has_text="鳥取県")
    expect(row.locator("td")).to_have_count(3)
    expect(row).to_contain_text("553,407")
    watched.assert_clean()


def test_a_result_that_its_limit_cut_says_so(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = run_query(watched, "SELECT * WHERE { ?s ?p ?o } LIMIT 7")
    expect(page.locator(".banner.limited")).to_contain_text("LIMIT 7")
    run_query(watched, "SELECT ?p WHERE { <id/region/13101> rdfs:label ?p } LIMIT 70")
    expect(page.locator(".banner.complete")).to_be_visible()


def test_a_view_whose_file_does_not_come_says_so_and_can_be_chosen_again(open_site: Open) -> None:
    watched = open_site(service_workers="block")  # a context, and so a cache, of its own
    page = watched.open(JA)
    page.route(re.compile(r"/static/dist/part-"), lambda route: route.abort())
    page.get_by_role("button", name="都道府県別の人口と性比").click()
    expect(page.locator(".view .failure")).to_contain_text("もう一度")
    page.get_by_role("button", name="表", exact=True).click()
    expect(page.locator(".results tbody tr")).to_have_count(47)


@pytest.mark.parametrize(
    ("query", "count"),
    [("SELECT ?n WHERE { <id/region/13101> rdfs:label ?n }", 4), ("DESCRIBE <id/aed/sample-1>", 6)],
)
def test_a_result_is_offered_in_every_format(open_site: Open, query: str, count: int) -> None:
    watched = open_site()
    watched.open(JA)
    page = run_query(watched, query)
    links = page.locator(".files a")
    expect(links).to_have_count(count)
    for link in links.all():
        address = link.get_attribute("href") or ""
        reply = page.request.get(watched.address + address)
        assert reply.ok
        assert reply.headers["content-type"].startswith(link.get_attribute("type") or "?")
        assert "13101" in reply.text() or "千代田区" in reply.text()


def test_a_result_is_saved_in_another_format(open_site: Open, tmp_path: Path) -> None:
    watched = open_site()
    watched.open(JA)
    page = run_query(
        watched, "SELECT ?n WHERE { <id/region/13101> rdfs:label ?n FILTER(lang(?n)='ja') }"
    )
    with page.expect_download() as download:
        page.locator(".files").get_by_text("CSV", exact=True).click()
    saved = tmp_path / "result.csv"
    download.value.save_as(saved)
    assert saved.read_text(encoding="utf-8").split() == ["n", "千代田区"]
