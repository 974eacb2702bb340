"""The SPARQL workspace, as one works with it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open
from tests.browser.watch import Watched

JA = "/sparql?lang=ja"


def _type_query(watched: Watched, text: str) -> Page:
    page = watched.page
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    return page


def _run(watched: Watched, text: str) -> Page:
    page = _type_query(watched, text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".results .banner:not(.running)")).to_be_visible()
    return page


def test_a_query_is_written_run_and_read_by_keyboard_alone(open_site: Open) -> None:
    watched = open_site()
    page = watched.open(JA)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.shadowRoot?.activeElement?.className ?? ''"):
            break
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("SELECT ?name WHERE { <id/region/13101> rdfs:label ?name }")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".results tbody")).to_contain_text("千代田区")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("実行"), "Tab leaves"
    watched.assert_clean()


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
    page = _run(watched, "DESCRIBE <id/aed/sample-1>")
    expect(page.locator(".results tbody tr").first).to_be_visible()
    page.get_by_role("button", name="つながり", exact=True).click()
    expect(page.locator(".chart.graph canvas")).to_be_visible()
    page.get_by_role("button", name="そのまま", exact=True).click()
    expect(page.locator(".results pre")).to_contain_text("@prefix")
    watched.assert_clean()


def test_things_in_a_table_have_their_names_and_lead_to_their_pages(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = _run(watched, "SELECT ?r WHERE { ?r dcterms:isPartOf <id/region/31000> } ORDER BY ?r")
    row = page.locator(".results tbody tr", has_text="31201")
    expect(row.locator("a")).to_have_attribute("href", "/id/region/31201")
    expect(row).to_contain_text("鳥取市")
    watched.assert_clean()


def test_a_mistake_is_marked_at_its_place_with_what_to_do(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = _run(watched, "SELECT ?x WHERE {\n  ?x nosuch:label ?y\n}")
    expect(page.locator(".cm-lintRange-error")).to_have_text("nosuch:label")
    expect(page.locator(".failure")).to_contain_text("2 行目")
    expect(page.locator(".banner.failed")).to_be_visible()
    page.locator(".cm-lintRange-error").hover()
    expect(page.locator(".cm-diagnostic")).to_be_visible()
    _run(watched, "ASK { ?s ?p ?o }")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    expect(page.locator(".verdict")).to_have_text("はい (true)")
    watched.assert_clean()


def test_a_prefix_that_is_missing_is_put_in_by_a_button(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = _run(watched, "SELECT ?aed WHERE { ?aed a def:AED }")
    page.get_by_role("button", name="を加えて実行する").click()
    expect(page.locator(".results tbody tr")).to_have_count(15)
    expect(page.locator(".cm-content")).to_contain_text("PREFIX def: <")
    watched.assert_clean()


def test_a_misspelt_word_is_put_right_by_a_button(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = _run(watched, "SELECT ?x WHERE {\n  ?x dctrms:isPartOf ?y .\n  FLITER(isIRI(?x))\n}")
    page.get_by_role("button", name="「dcterms」に直して実行する").click()
    expect(page.locator(".cm-content")).to_contain_text("?x dcterms:isPartOf")
    page.get_by_role("button", name="「FILTER」に直して実行する").click()
    expect(page.locator(".cm-content")).to_contain_text("FILTER(isIRI(?x))")
    expect(page.locator(".banner.complete")).to_be_visible()
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
    page = _run(
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
    _run(watched, "SELECT ?n WHERE { <id/region/13101> rdfs:label ?n FILTER(lang(?n)='ja') }")
    expect(page.locator(".banner.limited")).to_have_text(re.compile("1 行（サーバーの上限"))
    page.unroute(re.compile(r"/sparql$"))
    message = {"ja": "打ち切りました。", "en": "Stopped."}
    body = {"code": "query-timeout", "message": message}
    page.route(re.compile(r"/sparql$"), lambda route: route.fulfill(status=503, json=body))
    _run(watched, "ASK { ?s ?p ?o }")
    expect(page.locator(".banner.failed")).to_contain_text("時間切れ")
    watched.assert_clean()


def test_a_result_is_crossed(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = _run(
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
    page = _run(watched, "SELECT * WHERE { ?s ?p ?o } LIMIT 7")
    expect(page.locator(".banner.limited")).to_contain_text("LIMIT 7")
    _run(watched, "SELECT ?p WHERE { <id/region/13101> rdfs:label ?p } LIMIT 70")
    expect(page.locator(".banner.complete")).to_be_visible()


def test_terms_are_completed_by_their_japanese_names_and_declared(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = _type_query(watched, "SELECT * WHERE { ?s ")
    page.keyboard.type("緯度")
    option = page.locator(".cm-tooltip-autocomplete li", has_text="geo:lat").first
    expect(option).to_be_visible()
    option.click()
    expect(page.locator(".cm-content")).to_contain_text("?s geo:lat")
    _type_query(watched, "SELECT * WHERE { ?s a ")
    page.keyboard.type("def:AE")
    page.locator(".cm-tooltip-autocomplete li", has_text="def:AED").first.click()
    expect(page.locator(".cm-content")).to_contain_text("PREFIX def: <")
    watched.assert_clean()


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ("def:AED", "AED（自動体外式除細動器）"),
        ("<id/region/13101>", "千代田区"),
        ("geo:lat", "緯度"),
    ],
)
def test_the_name_of_a_term_is_told_where_the_pointer_rests(
    open_site: Open, term: str, told: str
) -> None:
    watched = open_site()
    watched.open(JA)
    page = _type_query(watched, f"PREFIX def: <def/>\nSELECT * WHERE {{\n{term} ?p ?o }}")
    page.locator(".cm-line", has_text=term).last.locator("span").first.hover()
    expect(page.locator(".cm-hint")).to_contain_text(told)
    watched.assert_clean()


def test_tabs_and_history_outlast_the_page(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = _run(watched, "SELECT ?kept WHERE { ?kept a rdfs:Class } LIMIT 2")
    page.get_by_role("button", name="新しいタブ").click()
    _type_query(watched, "ASK { ?second ?p ?o }")
    watched.open(JA)
    expect(page.locator(".tab")).to_have_count(2)
    expect(page.locator(".cm-content")).to_contain_text("?second")
    page.locator(".tab-name").first.click()
    expect(page.locator(".cm-content")).to_contain_text("?kept")
    page.get_by_text("履歴", exact=True).click()
    expect(page.locator(".past")).to_contain_text("?kept")
    watched.assert_clean()


def test_a_tab_is_renamed_by_keyboard(open_site: Open) -> None:
    watched = open_site()
    page = watched.open(JA)
    page.remove_listener("dialog", watched.dismiss)
    page.on("dialog", lambda dialog: dialog.accept("施設"))
    page.locator(".tab-name").first.focus()
    page.keyboard.press("F2")
    expect(page.locator(".tab-name")).to_have_text(["施設"])
    watched.open(JA)
    expect(page.locator(".tab-name")).to_have_text(["施設"])


def test_a_view_whose_file_does_not_come_says_so_and_can_be_chosen_again(open_site: Open) -> None:
    watched = open_site(service_workers="block")  # a context, and so a cache, of its own
    page = watched.open(JA)
    page.route(re.compile(r"/static/dist/part-"), lambda route: route.abort())
    page.get_by_role("button", name="都道府県別の人口と性比").click()
    expect(page.locator(".view .failure")).to_contain_text("もう一度")
    page.get_by_role("button", name="表", exact=True).click()
    expect(page.locator(".results tbody tr")).to_have_count(47)


def test_an_address_carries_a_query_to_somebody_else(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    query = "SELECT ?共有 WHERE { <id/region/13101> rdfs:label ?共有 }"
    page = _type_query(watched, query)
    page.get_by_role("button", name="共有").click()
    address = page.locator("dialog code").inner_text()
    assert "#q=" in address
    assert len(address) < 250
    other = open_site(locale="en-GB")
    other.open(address.removeprefix(other.address))
    expect(other.page.locator(".cm-content")).to_contain_text(query)
    expect(other.page.locator(".results tbody")).to_contain_text("千代田区")
    other.assert_clean()


def test_a_query_becomes_a_program_in_four_languages(open_site: Open) -> None:
    watched = open_site(permissions=["clipboard-read", "clipboard-write"])
    watched.open(JA)
    page = _type_query(watched, 'ASK { ?s rdfs:label "it\'s" }')
    page.get_by_role("button", name="プログラムにする").click()
    for name, sign in (
        ("Python", "import requests"),
        ("JavaScript", "await fetch"),
        ("R", "httr2"),
        ("curl", "curl -s"),
    ):
        page.locator("dialog").get_by_role("button", name=name, exact=True).click()
        expect(page.locator("dialog code")).to_contain_text(sign)
    page.get_by_role("button", name="コピー").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "it'\\''s" in copied
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    watched.assert_clean()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            # Quotes, backslashes and what means something in a shell or a template.
            "SELECT ?n WHERE { <id/region/13101> rdfs:label ?n FILTER(LANG(?n) = 'ja')\n"
            '  FILTER(?n != "it\'s \\\\ `date` ${HOME} $(id) %20 \\"\\"\\"") } # 註',
            "千代田区",
        ),
        ("# a question\nPREFIX def: <def/> ASK { <id/aed/sample-1> a def:AED }", "rue"),
        ("DESCRIBE <id/region/13101>", "千代田区"),
    ],
)
def test_the_programs_run_as_they_are_copied(open_site: Open, query: str, told: str) -> None:
    watched = open_site()
    watched.open(JA)
    page = _type_query(watched, query)
    page.get_by_role("button", name="プログラムにする").click()
    commands = {
        "curl": ["bash", "-c"],
        "Python": [sys.executable, "-c"],
        "JavaScript": ["node", "--input-type=module", "-e"],
    }
    for name, command in commands.items():
        page.locator("dialog").get_by_role("button", name=name, exact=True).click()
        program = page.locator("dialog code").inner_text()
        if name == "Python":
            compile(program, name, "exec")
        if shutil.which(command[0]) is None or (name == "Python" and find_spec("requests") is None):
            continue
        done = subprocess.run([*command, program], capture_output=True, text=True, timeout=30)
        assert told in done.stdout, (name, done.stderr)


@pytest.mark.parametrize(
    ("query", "count"),
    [("SELECT ?n WHERE { <id/region/13101> rdfs:label ?n }", 4), ("DESCRIBE <id/aed/sample-1>", 6)],
)
def test_a_result_is_offered_in_every_format(open_site: Open, query: str, count: int) -> None:
    watched = open_site()
    watched.open(JA)
    page = _run(watched, query)
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
    page = _run(
        watched, "SELECT ?n WHERE { <id/region/13101> rdfs:label ?n FILTER(lang(?n)='ja') }"
    )
    with page.expect_download() as download:
        page.locator(".files").get_by_text("CSV", exact=True).click()
    saved = tmp_path / "result.csv"
    download.value.save_as(saved)
    assert saved.read_text(encoding="utf-8").split() == ["n", "千代田区"]
