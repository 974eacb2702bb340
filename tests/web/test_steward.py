"""The steward's way in one piece: sign in, send a faulty table, mend, draft, look, publish, undo."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from app.publish.audit import AuditLog
from app.publish.tokens import Role
from app.publish.workbench.history import Change, History
from app.settings import Settings
from app.web.app import build_app
from tests.unit.quality.test_planted_faults import HEADER, PLANTED, row
from tests.web.client import Client
from tests.web.stewarding import Steward, settings_in, token, workbench_parts


def planted_table(rows: int = 3000) -> bytes:
    """The CP932 table of 3,000 rows with twenty faults."""
    cells = [row(number) for number in range(1, rows + 1)]
    for _, number, column, value in PLANTED:
        if number <= rows:
            cells[number - 1][HEADER.index(column)] = value
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *cells])
    return text.getvalue().encode("cp932")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_in(tmp_path_factory.mktemp("steward"))


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[Client]:
    settings.mappings_dir.mkdir()
    with Client(build_app(workbench_parts(settings)), raise_faults=True) as opened:
        yield opened


def test_from_a_faulty_file_to_published_pages_and_back(client: Client, settings: Settings) -> None:
    steward = Steward(client)
    page = steward.get("/steward/")
    assert page.headers["location"].startswith("/steward/sign-in")
    signed_in = steward.sign_in(token(settings, Role.PUBLISHER))
    assert "HttpOnly; SameSite=Strict" in signed_in.headers["set-cookie"]
    steward.follow(signed_in)
    assert "新しい表を公開する" in steward.text

    # File → check: every fault is named with its cell.
    steward.get("/steward/new")
    files = {"file": ("公園一覧.csv", planted_table(), "text/csv")}
    sent = steward.post("/steward/new", files=files)
    steward.follow(sent)
    assert "3,000 行 × 14 列" in steward.text
    for code, number, column, _ in PLANTED:
        assert f"<code>{code}</code>" in steward.text
        assert f"{number + 1} 行目 {column}" in steward.text

    # Mending, and going back.
    here = sent.headers["location"]
    steward.follow(steward.post(here, data={"action": "mend"}))
    assert "安全に直せるところを" in steward.text
    assert "<code>thousands-separator</code>" not in steward.text
    steward.follow(steward.post(here, data={"action": "unmend"}))
    assert "<code>thousands-separator</code>" in steward.text
    steward.follow(steward.post(here, data={"action": "mend"}))

    # Draft: in plain words, no word of RDF.
    draft = here.replace("/check", "/draft")
    steward.get(draft)
    assert "この列は『" in steward.text
    for word in ("RDF", "トリプル", "IRI", "クラス", "プロパティ", "SPARQL"):
        assert word not in steward.text.split("<main", 1)[1].split("</main>")[0], word
    form = {"title": "見本市の公園", "id": "parks", "publisher": "見本市", "region": "37201"}
    form["licence"] = "https://creativecommons.org/licenses/by/4.0/"
    made = steward.post(draft, data=form)
    steward.follow(made)
    assert made.headers["location"] == "/steward/parks/look"
    assert "見本第1公園" in steward.text
    assert (settings.mappings_dir / "parks" / "mapping.yml").is_file()
    assert "title: 見本市の公園" in (settings.mappings_dir / "parks/datapackage.yaml").read_text()

    # Publish.
    published = steward.post("/steward/parks/publish", data={"mode": "lenient"})
    page = steward.done(published)
    assert "公開しました" in steward.text, steward.text
    link = steward.text.split("公開されたページ", 1)[1].split('href="', 1)[1].split('"', 1)[0]
    entity = client.get(link.replace("/id/", "/doc/"), headers={"accept": "text/html"})
    assert entity.status_code == 200
    assert "見本第" in entity.text
    steward.get("/steward/parks")
    assert "公開中のものは最新です" in steward.text

    # A change to the description is a difference, kept with who and why; another publish; undo.
    steward.get("/steward/parks/describe")
    based_on = steward.text.split('name="based_on" value="', 1)[1].split('"', 1)[0]
    edited = {"title": "見本市の公園一覧", "why": "題名を直す", "based_on": based_on}
    edited["publisher"] = "見本市"
    steward.follow(steward.post("/steward/parks/describe", data=edited))
    assert "変更あり" in steward.text
    steward.get("/steward/parks/history")
    assert "題名を直す" in steward.text
    second = steward.post("/steward/parks/publish")
    steward.done(second)
    assert "公開しました" in steward.text
    steward.follow(steward.post(second.headers["location"] + "/undo"))
    assert "元に戻しました" in steward.text

    # Taking it back leaves 410.
    steward.get("/steward/parks")
    asked = steward.post("/steward/parks/unpublish")
    assert "公開をやめますか" in asked.text
    steward.done(steward.post("/steward/parks/unpublish", data={"sure": "yes"}))
    assert "公開をやめました" in steward.text
    gone = client.get(link.replace("/id/", "/doc/"), headers={"accept": "text/html"})
    assert gone.status_code == 410

    actions = [entry["action"] for entry in AuditLog(settings.data_dir).verify()]
    for action in ("sign-in", "upload", "draft", "publish", "save", "undo-publish", "unpublish"):
        assert action in actions


def test_the_mapping_is_tried_while_it_is_edited(client: Client, settings: Settings) -> None:
    steward = Steward(client)
    steward.sign_in(token(settings, Role.EDITOR, "parks"))
    steward.get("/steward/parks/mapping")
    path = settings.mappings_dir / "parks" / "mapping.yml"
    text = path.read_text(encoding="utf-8")
    tried = steward.post("/steward/parks/mapping/try", data={"text": text}).json()
    assert tried["faults"] == []
    shown = tried["shown"]
    assert len(shown["rows"]) == 50
    row = shown["rows"][0]
    name = shown["sources"][row["source"]]["columns"].index("名称")
    value = f'"{row["cells"][name]}"@ja'
    said = next(s for s in row["statements"] if s[1] == "rdfs:label" and s[2] == value)
    origin = shown["origins"][said[3]]
    assert "名称" in origin["columns"]
    assert "$(名称)" in text.splitlines()[origin["lines"][-1] - 1]
    broken = text.replace("$(名称)", "$(なまえ)")
    told = steward.post("/steward/parks/mapping/try", data={"text": broken}).json()
    assert told["shown"] is None
    fault = told["faults"][0]
    assert "名称" in fault["hint"]
    assert fault["line"] == next(
        n for n, line in enumerate(broken.splitlines(), 1) if "$(なまえ)" in line
    )
    refused = steward.post("/steward/parks/mapping", data={"text": broken, "action": "save"})
    assert refused.status_code == 422
    assert path.read_text(encoding="utf-8") == text
    words = steward.get("/steward/parks/mapping/words.json").json()
    assert "名称" in next(iter(words["columns"].values()))
    assert any(function["name"] == "jfn:date" for function in words["functions"])
    assert "def:AED" in {word["name"] for word in words["classes"]}

    commented = text + "# 注\n"
    form = {"text": commented, "action": "save", "why": "注を書く"}
    steward.get("/steward/parks/mapping")
    assert steward.post("/steward/parks/mapping", data=form).status_code == 303
    assert path.read_text(encoding="utf-8") == commented
    stale = steward.post(
        "/steward/parks/mapping", data={**form, "text": text, "based_on": "0" * 64}
    )
    assert stale.status_code == 422
    assert "別の人に変更されました" in stale.text
    steward.get("/steward/parks/history")
    number = steward.text.split('name="number" value="', 1)[1].split('"', 1)[0]
    steward.follow(steward.post("/steward/parks/history", data={"number": number}))
    assert path.read_text(encoding="utf-8") == text


def test_a_newer_table_takes_the_place_of_the_old_one(client: Client, settings: Settings) -> None:
    steward = Steward(client)
    steward.sign_in(token(settings, Role.EDITOR, "parks"))
    folder = settings.mappings_dir / "parks"
    old = (folder / "公園一覧.csv").read_bytes()
    steward.get("/steward/parks/table")
    newer = planted_table(50)
    sent = steward.post("/steward/parks/table", files={"file": ("2026年度.csv", newer, "text/csv")})
    steward.follow(sent)
    assert "この表に差し替える" in steward.text
    used = steward.post(sent.headers["location"], data={"action": "use", "why": "年度の更新"})
    steward.follow(used)
    assert used.headers["location"] == "/steward/parks/look"
    assert (folder / "公園一覧.csv").read_bytes() == newer
    assert "encoding: cp932" in (folder / "datapackage.yaml").read_text(encoding="utf-8")
    assert "見本第1公園" in steward.text
    assert "publisher の権限を持つ人に" in steward.text  # an editor cannot publish
    steward.get("/steward/parks/diff")
    assert "公開すると変わること" in steward.text
    steward.get("/steward/parks/history")
    assert "年度の更新" in steward.text
    link = next(
        part for part in steward.text.split('href="') if part.startswith("/steward/parks/history/")
    )
    kept = steward.get(link.split('"', 1)[0])
    assert kept.headers["content-security-policy"].startswith("default-src 'none'")
    versions = {change.before for change in _history(settings)}
    assert len(versions) > 1
    assert old in [_content(settings, sum) for sum in versions if sum]


def _history(settings: Settings) -> list[Change]:
    return History(settings.data_dir / "workbench" / "history").changes("parks")


def _content(settings: Settings, sum: str) -> bytes:
    return History(settings.data_dir / "workbench" / "history").content("parks", sum)


def test_a_region_that_the_table_tells_stays_each_row_s_own(
    client: Client, settings: Settings
) -> None:
    steward = Steward(client)
    steward.sign_in(token(settings, Role.PUBLISHER))
    steward.get("/steward/new")
    rows = "".join(
        f"{n},施設{n},香川県{'丸亀市' if n == 9 else '高松市'}番町1-{n}\n" for n in range(1, 10)
    )
    table = f"NO,名称,住所\n{rows}".encode()
    sent = steward.post("/steward/new", files={"file": ("sites.csv", table, "text/csv")})
    draft = sent.headers["location"].replace("/check", "/draft")
    steward.get(draft)
    assert 'name="region" value="37201"' in steward.text
    assert 'name="found" value="37201"' in steward.text
    form = {"title": "施設", "id": "sites", "region": "37201", "found": "37201"}
    steward.follow(steward.post(draft, data=form))
    mapping = (settings.mappings_dir / "sites" / "mapping.yml").read_text("utf-8")
    assert "regionFromAddress" in mapping
    assert "id:region/37201" not in mapping
