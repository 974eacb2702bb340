"""`/check`: a form, a report as a page or as JSON, the mended table, and limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.settings import load
from app.web.app import build_app
from app.web.parts import WebParts
from tests.web.client import Client
from tests.web.fakes import BASE, parts

TABLE = "NO,名称,開始時間,備考\n1,中央公園,25:00,<script>\n2,東公園,8:00,\n"
PAGE = {"accept": "text/html"}
LIMIT = 100_000


@pytest.fixture(scope="module")
def checking() -> Iterator[Client]:
    own: WebParts = replace(parts(), settings=load(None, {}, base_iri=BASE, upload_bytes=LIMIT))
    with Client(build_app(own)) as client:
        yield client


def test_the_form_speaks_both_languages(checking: Client) -> None:
    japanese = checking.get("/check?lang=ja", headers=PAGE)
    assert japanese.status_code == 200
    assert "表を調べる" in japanese.text
    assert 'type="file"' in japanese.text
    assert "Check a table" in checking.get("/check?lang=en", headers=PAGE).text


def test_an_upload_is_reported_with_its_cells_marked(checking: Client) -> None:
    files = {"file": ("公園.csv", TABLE.encode("cp932"), "text/csv")}
    answer = checking.post("/check?lang=ja", files=files, headers=PAGE)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "<mark>25:00</mark>" in answer.text
    assert "Shift_JIS" in answer.text
    assert "公園.csv" in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "中央公園,25:00" in answer.text  # back in the form, so that mending takes one click


def test_a_paste_is_reported(checking: Client) -> None:
    answer = checking.post("/check?lang=en", data={"text": TABLE}, headers=PAGE)
    assert "there is no time 25:00." in answer.text


def test_a_program_gets_json(checking: Client) -> None:
    answer = checking.post("/check?name=t.csv", content=TABLE.encode())
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["counts"]["time-invalid"] == 1


def test_the_mended_table_is_downloaded(checking: Client) -> None:
    data = {"text": TABLE, "action": "fix", "name": "公園.csv"}
    answer = checking.post("/check", data=data, headers=PAGE)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "filename*=UTF-8''%E5%85%AC%E5%9C%92.fixed.csv" in answer.headers["content-disposition"]
    assert "2,東公園,08:00," in answer.content.decode("utf-8-sig")


def test_what_is_no_table_is_told_on_the_page_and_as_an_error(checking: Client) -> None:
    files = {"file": ("a.csv", b"<!doctype html><p>404", "text/csv")}
    page = checking.post("/check?lang=ja", files=files, headers=PAGE)
    assert page.status_code == 422
    assert "Web ページ" in page.text
    program = checking.post("/check", content=b"<!doctype html>")
    assert program.status_code in (400, 422)
    assert "source-error" in program.text


def test_too_much_is_refused(checking: Client) -> None:
    answer = checking.post("/check", content=b"a,b\n" + b"1,2\n" * LIMIT)
    assert answer.status_code == 413
    assert str(f"{LIMIT:,}") in answer.text

    async def streamed() -> object:
        for _ in range(100):
            yield b"1,2\n" * 1000  # no length is stated beforehand

    assert checking.post("/check", content=streamed()).status_code == 413


def test_nothing_sent_is_a_bad_request(checking: Client) -> None:
    assert checking.post("/check", data={"text": " "}).status_code == 400
