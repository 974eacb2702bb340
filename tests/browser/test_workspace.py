"""The SPARQL workspace, as one writes a query in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.workspace import JA, run_query, type_query


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


def test_a_mistake_is_marked_at_its_place_with_what_to_do(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = run_query(watched, "SELECT ?x WHERE {\n  ?x nosuch:label ?y\n}")
    expect(page.locator(".cm-lintRange-error")).to_have_text("nosuch:label")
    expect(page.locator(".failure")).to_contain_text("2 行目")
    expect(page.locator(".banner.failed")).to_be_visible()
    page.locator(".cm-lintRange-error").hover()
    expect(page.locator(".cm-diagnostic")).to_be_visible()
    run_query(watched, "ASK { ?s ?p ?o }")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    expect(page.locator(".verdict")).to_have_text("はい (true)")
    watched.assert_clean()


def test_a_prefix_that_is_missing_is_put_in_by_a_button(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = run_query(watched, "SELECT ?aed WHERE { ?aed a def:AED }")
    page.get_by_role("button", name="を加えて実行する").click()
    expect(page.locator(".results tbody tr")).to_have_count(15)
    expect(page.locator(".cm-content")).to_contain_text("PREFIX def: <")
    watched.assert_clean()


def test_a_misspelt_word_is_put_right_by_a_button(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = run_query(
        watched, "SELECT ?x WHERE {\n  ?x dctrms:isPartOf ?y .\n  FLITER(isIRI(?x))\n}"
    )
    page.get_by_role("button", name="「dcterms」に直して実行する").click()
    expect(page.locator(".cm-content")).to_contain_text("?x dcterms:isPartOf")
    page.get_by_role("button", name="「FILTER」に直して実行する").click()
    expect(page.locator(".cm-content")).to_contain_text("FILTER(isIRI(?x))")
    expect(page.locator(".banner.complete")).to_be_visible()
    watched.assert_clean()


def test_terms_are_completed_by_their_japanese_names_and_declared(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = type_query(watched, "SELECT * WHERE { ?s ")
    page.keyboard.type("緯度")
    option = page.locator(".cm-tooltip-autocomplete li", has_text="geo:lat").first
    expect(option).to_be_visible()
    option.click()
    expect(page.locator(".cm-content")).to_contain_text("?s geo:lat")
    type_query(watched, "SELECT * WHERE { ?s a ")
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
    page = type_query(watched, f"PREFIX def: <def/>\nSELECT * WHERE {{\n{term} ?p ?o }}")
    page.locator(".cm-line", has_text=term).last.locator("span").first.hover()
    expect(page.locator(".cm-hint")).to_contain_text(told)
    watched.assert_clean()


def test_tabs_and_history_outlast_the_page(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    page = run_query(watched, "SELECT ?kept WHERE { ?kept a rdfs:Class } LIMIT 2")
    page.get_by_role("button", name="新しいタブ").click()
    type_query(watched, "ASK { ?second ?p ?o }")
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


def test_an_address_carries_a_query_to_somebody_else(open_site: Open) -> None:
    watched = open_site()
    watched.open(JA)
    query = "SELECT ?共有 WHERE { <id/region/13101> rdfs:label ?共有 }"
    page = type_query(watched, query)
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
    page = type_query(watched, 'ASK { ?s rdfs:label "it\'s" }')
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
    page = type_query(watched, query)
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
