"""A beginner's way from a file to published data has no word of linked data's trade on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from app.publish.tokens import Role
from app.settings import Settings
from app.web.app import build_app
from tests.web.client import Client
from tests.web.stewarding import Steward, settings_in, token, workbench_parts

TRADE = re.compile(
    r"RDF|トリプル|\btriples?\b|\bIRIs?\b|\bURIs?\b|SPARQL|オントロジ|\bontolog|述語|\bpredicates?\b|"
    r"リテラル|\bliterals?\b|名前空間|\bnamespaces?\b|YARRRML|R2RML|\bRML\b|Turtle|JSON-LD|N-Quads|"
    r"named graph|名前付きグラフ|シリアライズ|\bOWL\b|\bSHACL\b|プロパティ|\bpropert(y|ies)\b|クラス|"
    r"\bclass(es)?\b|ノード|\bblank nodes?\b|tsunagu (fix|init|publish|preview)|skos:|rdfs:|xsd:|ic:\w",
    re.IGNORECASE,
)
TABLE = (
    "NO,名称,住所,緯度,経度,開設日,面積,電話番号\n"
    "1,中央公園,高松市番町一丁目11-1,34.3402,134.0462,昭和61年4月1日,32000,０８７-839-2011\n"
    "2,東公園,高松市栗林町一丁目,34.3330,134.0450,平成3年3月31日,1200㎡,087-839-2012\n"
).encode("cp932")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_in(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[Client]:
    settings.mappings_dir.mkdir()
    with Client(build_app(workbench_parts(settings)), raise_faults=True) as opened:
        yield opened


def words_of(page: str) -> str:
    """What a person reads in the main part of a page."""
    main = page.split("<main", 1)[1].split("</main>", 1)[0].split(">", 1)[1]
    main = re.sub(r"<(script|style)\b.*?</\1>", " ", main, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main))


def assert_plain(where: str, page: str) -> None:
    text = words_of(page)
    trade = TRADE.search(text)
    near = text[max(0, trade.start() - 60) : trade.end() + 30] if trade else ""
    assert trade is None, f"{where}: {near}"


def test_the_guided_steps_speak_plainly(client: Client, settings: Settings) -> None:
    steward = Steward(client)
    seen: list[str] = []

    def look(address: str) -> None:
        """Read a page in both languages."""
        for language in ("en", "ja"):
            steward.get(f"{address.partition('?')[0]}?lang={language}")
            assert_plain(f"{address} ({language})", steward.text)
        seen.append(address)

    look("/steward/sign-in")
    steward.follow(steward.sign_in(token(settings, Role.PUBLISHER)))
    look("/steward/")
    look("/steward/new")
    sent = steward.post("/steward/new", files={"file": ("公園.csv", TABLE, "text/csv")})
    check = sent.headers["location"]
    look(check)
    steward.follow(steward.post(check, data={"action": "mend"}))
    look(check)
    draft = check.replace("/check", "/draft")
    look(draft)
    form = {"title": "公園", "id": "parks", "publisher": "見本市", "region": "37201"}
    wrong = steward.post(draft, data={**form, "id": "駅"})
    assert wrong.status_code == 422
    assert_plain("a mistake", steward.text)
    made = steward.post(draft, data=form)
    look(made.headers["location"])
    job = steward.post("/steward/parks/publish", data={"mode": "lenient"})
    steward.done(job)
    assert "公開しました" in steward.text
    look(job.headers["location"])
    for part in ("", "/describe", "/table", "/diff", "/history"):
        look(f"/steward/parks{part}")
    assert len(seen) == 13


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_check_of_anybody_speaks_plainly(client: Client, language: str) -> None:
    headers = {"accept": "text/html", "accept-language": language}
    data = {"text": TABLE.decode("cp932")}
    for reply in (
        client.get("/check", headers=headers),
        client.post("/check", headers=headers, data=data),
    ):
        found = TRADE.search(words_of(reply.text))
        assert found is None, found
