"""What the workbench refuses: forms that are not its own, rights that a token does not give, and
files that are no tables. Nothing is written then."""

from __future__ import annotations

import asyncio
import gzip
import io
import zipfile
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.types import Message

from app.errors import SourceTooLarge
from app.publish.tokens import Role, Tokens
from app.settings import Settings
from app.web.app import build_app
from app.web.forms import bounded
from tests.web.client import Client
from tests.web.stewarding import (
    BASE,
    LIMIT,
    Steward,
    files_below,
    settings_in,
    token,
    workbench_parts,
)

TABLE = "NO,名称,緯度,経度\n1,中央公園,34.34,134.04\n2,東公園,34.35,134.05\n".encode()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("refusals"))
    settings.mappings_dir.mkdir()
    return settings


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[Client]:
    with Client(build_app(workbench_parts(settings)), raise_faults=True) as opened:
        yield opened


@pytest.fixture
def steward(client: Client, settings: Settings) -> Steward:
    """A publisher who is signed in and looks at the form for files."""
    someone = Steward(client)
    someone.follow(someone.sign_in(token(settings, Role.PUBLISHER)))
    someone.get("/steward/new")
    return someone


@pytest.fixture(scope="module")
def parks(client: Client, settings: Settings) -> str:
    """A data set that is there, not published."""
    someone = Steward(client)
    someone.sign_in(token(settings, Role.PUBLISHER))
    someone.get("/steward/new")
    sent = someone.post("/steward/new", files={"file": ("parks.csv", TABLE, "text/csv")})
    draft = sent.headers["location"].replace("/check", "/draft")
    someone.get(draft)
    made = someone.post(draft, data={"title": "公園", "id": "parks", "region": "37201"})
    assert made.status_code == 303, someone.text
    return "parks"


def test_without_any_token_the_page_says_how_to_make_one(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = settings_in(tmp_path_factory.mktemp("no-token"))
    with Client(build_app(workbench_parts(settings)), raise_faults=True) as client:
        someone = Steward(client)
        assert "tsunagu tokens add --role publisher" in someone.get("/steward/sign-in").text
        assert someone.sign_in("tsunagu_guess").status_code == 401


def test_an_unknown_token_is_refused(client: Client, settings: Settings) -> None:
    token(settings, Role.VIEWER)
    someone = Steward(client)
    answer = someone.sign_in("tsunagu_guess")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "このトークンは無効か" in answer.text


def test_after_signing_in_one_stays_on_this_site(client: Client, settings: Settings) -> None:
    secret = token(settings, Role.VIEWER)
    for elsewhere in (
        "https://evil.test/",
        "//evil.test/steward/",
        "/steward/../id/x",
        "/steward\\",
    ):
        someone = Steward(client)
        answer = someone.post("/steward/sign-in", data={"token": secret, "next": elsewhere})
        assert answer.headers["location"] == "/steward/"


def test_over_https_the_cookie_stays_there(client: Client, settings: Settings) -> None:
    secret = token(settings, Role.VIEWER)
    answer = client.post(
        "https://lod.test/steward/sign-in", data={"token": secret}, headers={"origin": BASE}
    )
    assert answer.headers["set-cookie"].endswith("; Secure")


def test_signing_out_and_revoking_end_a_session(
    client: Client, settings: Settings, steward: Steward
) -> None:
    kept = dict(steward.cookies)
    steward.post("/steward/sign-out")
    steward.cookies = kept
    assert steward.get("/steward/").status_code == 303
    tokens = Tokens(settings.data_dir)
    made, secret = tokens.add(Role.PUBLISHER)
    other = Steward(client)
    other.follow(other.sign_in(secret))
    tokens.revoke(made.id)
    assert other.get("/steward/").status_code == 303
    assert other.post("/steward/new", data={"text": "a,b\n1,2\n"}).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.test"}, {"origin": "null"}, {"origin": f"{BASE}.evil.test"}],
    ids=str,
)
def test_a_form_from_elsewhere_is_refused(
    steward: Steward, settings: Settings, headers: dict[str, str]
) -> None:
    before = files_below(settings.data_dir)
    answer = steward.post("/steward/new", data={"text": TABLE.decode()}, headers=headers)
    assert answer.status_code == 403
    assert files_below(settings.data_dir) == before


def test_a_form_without_origin_is_refused(steward: Steward, client: Client) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in steward.cookies.items())
    answer = client.post(
        "/steward/new",
        data={"key": steward.key, "text": TABLE.decode()},
        headers={"cookie": cookie, "accept": "text/html"},
    )
    assert answer.status_code == 403


def test_a_form_without_the_key_of_its_session_is_refused(
    steward: Steward, client: Client, settings: Settings
) -> None:
    other = Steward(client)
    other.follow(other.sign_in(token(settings, Role.PUBLISHER)))
    before = files_below(settings.data_dir)
    for key in ("", "0" * 64, other.key):
        steward.key = key
        answer = steward.post("/steward/new", data={"text": TABLE.decode()})
        assert answer.status_code == 403
    assert files_below(settings.data_dir) == before


@pytest.mark.parametrize(
    ("role", "datasets", "refused"),
    [
        (Role.VIEWER, (), ["describe", "table", "mapping", "publish", "unpublish", "history"]),
        (Role.EDITOR, ("parks",), ["publish", "unpublish"]),
        (Role.EDITOR, ("other",), ["describe", "table", "mapping", "publish", "history"]),
        (Role.PUBLISHER, ("other",), ["describe", "table", "publish", "unpublish"]),
    ],
    ids=str,
)
def test_a_token_without_the_right_changes_nothing(
    client: Client,
    settings: Settings,
    parks: str,
    role: Role,
    datasets: tuple[str, ...],
    refused: list[str],
) -> None:
    someone = Steward(client)
    someone.follow(someone.sign_in(token(settings, role, *datasets)))
    before = {p: p.read_bytes() for p in (settings.mappings_dir / parks).iterdir()}
    for page in refused:
        answer = someone.post(f"/steward/{parks}/{page}", data={"sure": "yes", "number": "1"})
        assert answer.status_code == 403, page
    assert {p: p.read_bytes() for p in (settings.mappings_dir / parks).iterdir()} == before


def test_who_may_not_see_a_data_set_is_not_shown_it(
    client: Client, settings: Settings, parks: str
) -> None:
    someone = Steward(client)
    someone.follow(someone.sign_in(token(settings, Role.EDITOR, "other")))
    assert "/steward/parks" not in someone.text
    for page in ("", "/look", "/diff", "/history", "/mapping"):
        assert someone.get(f"/steward/{parks}{page}").status_code == 403


def test_an_upload_belongs_to_who_sent_it(
    client: Client, settings: Settings, steward: Steward
) -> None:
    sent = steward.post("/steward/new", data={"text": TABLE.decode()})
    other = Steward(client)
    other.follow(other.sign_in(token(settings, Role.PUBLISHER)))
    assert other.get(sent.headers["location"]).status_code == 404
    steward.follow(steward.post(sent.headers["location"], data={"action": "discard"}))


def _zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "a,b\n" + "1,2\n" * 8_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.csv", b"<!DOCTYPE html><html><body>404</body></html>"),
        ("program.csv", b"\x7fELF" + bytes(range(256)) * 8),
        ("empty.csv", b""),
        ("wide.csv", (",".join(f"c{n}" for n in range(10_000)) + "\n").encode()),
        ("bomb.csv.gz", gzip.compress(b"a,b\n" + b"0" * 30_000_000)),
        ("bomb.zip", _zip_bomb()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused_and_not_kept(
    steward: Steward, settings: Settings, name: str, data: bytes
) -> None:
    before = files_below(settings.data_dir)
    answer = steward.post("/steward/new", files={"file": (name, data, "text/csv")})
    assert answer.status_code in (413, 422), answer.status_code
    assert 'role="alert"' in answer.text
    assert files_below(settings.data_dir) == before


def test_what_is_too_large_is_refused_before_it_is_read(
    steward: Steward, settings: Settings
) -> None:
    before = files_below(settings.data_dir)
    announced = steward.post("/steward/new", headers={"content-length": str(2 << 30)})
    assert announced.status_code == 413
    data = b"a,b\n" + b"1,2\n" * LIMIT
    sent = steward.post("/steward/new", files={"file": ("a.csv", data, "text/csv")})
    assert sent.status_code == 413
    assert files_below(settings.data_dir) == before


def test_an_upload_of_two_gigabytes_is_left_after_the_limit() -> None:
    """Also when the client does not say how long it is, as a slow one that sends for ever."""
    received = 0

    async def receive() -> Message:
        nonlocal received
        received += 1 << 16
        return {"type": "http.request", "body": b"0" * (1 << 16), "more_body": received < 2 << 30}

    scope = {"type": "http", "method": "POST", "headers": [], "path": "/", "query_string": b""}
    with pytest.raises(SourceTooLarge):
        asyncio.run(bounded(Request(scope, receive), LIMIT).body())
    assert received <= LIMIT + (1 << 16)


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("../../../../etc/passwd~csv", "フォルダーの外"),
        ("/etc/passwd~csv", "フォルダーの外"),
        ("http://169.254.169.254/latest/meta-data~csv", "fetch_hosts"),
        ("https://evil.test/x.csv~csv", "fetch_hosts"),
        ("file:///etc/passwd~csv", ""),
    ],
)
def test_a_mapping_reads_no_file_or_server_outside(
    steward: Steward, settings: Settings, parks: str, source: str, word: str
) -> None:
    steward.get(f"/steward/{parks}/mapping")
    before = files_below(settings.data_dir) | files_below(settings.mappings_dir)
    text = f"""mappings:
  thing:
    sources: [["{source}"]]
    s: id:x/$(NO)
    po: [[rdfs:label, $(名称)]]
"""
    path = settings.mappings_dir / parks / "mapping.yml"
    saved = path.read_bytes()
    told = steward.post(f"/steward/{parks}/mapping/try", data={"text": text}).json()
    assert told["shown"] is None
    assert word in told["faults"][0]["message"] + told["faults"][0]["hint"]
    answer = steward.post(f"/steward/{parks}/mapping", data={"text": text, "action": "save"})
    assert answer.status_code == 422
    assert "root:" not in answer.text
    assert path.read_bytes() == saved
    assert files_below(settings.data_dir) | files_below(settings.mappings_dir) == before


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.csv",
        "..\\..\\boot.csv",
        "/etc/cron.d/x",
        ".htaccess",
        "upload.json",
        "a\0b.csv",
    ],
)
def test_a_name_never_leaves_its_folder(steward: Steward, settings: Settings, name: str) -> None:
    sent = steward.post("/steward/new", files={"file": (name, TABLE, "text/csv")})
    if sent.status_code == 303:
        folder = (
            settings.data_dir / "workbench" / "incoming" / sent.headers["location"].split("/")[3]
        )
        names = sorted(path.name for path in folder.iterdir())
        assert len(names) == 2
        assert "upload.json" in names
        assert all(".." not in n and not n.startswith(".") for n in names)
        steward.post(sent.headers["location"], data={"action": "discard"})
    outside = [p for p in files_below(settings.data_dir.parent) if "passwd" in p or "boot" in p]
    assert outside == []


@pytest.mark.parametrize(
    "id", ["../x", "new", "sign-in", "vocabulary", "A B", "", "parks", "x" * 65]
)
def test_a_data_set_gets_no_id_that_is_taken_or_unsafe(
    steward: Steward, settings: Settings, parks: str, id: str
) -> None:
    assert parks
    folders = sorted(settings.mappings_dir.iterdir())
    sent = steward.post("/steward/new", data={"text": TABLE.decode()})
    draft = sent.headers["location"].replace("/check", "/draft")
    answer = steward.post(draft, data={"title": "公園", "id": id})
    assert answer.status_code == 422
    assert sorted(settings.mappings_dir.iterdir()) == folders
    steward.post(sent.headers["location"], data={"action": "discard"})


def test_nothing_here_is_kept_by_caches(steward: Steward, parks: str) -> None:
    for page in ("", "new", parks, f"{parks}/look", f"{parks}/describe", "jobs/0"):
        assert steward.get(f"/steward/{page}").headers["cache-control"] == "no-store"
